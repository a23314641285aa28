"""A tenant kept as a folder of files: what it makes, what a second run changes, and what is refused."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from cityinfo.cli import main
from cityinfo.cli.demo import FOLDER
from cityinfo.features import archives, content, pages, publishing, tenants
from cityinfo.features.content import State
from cityinfo.kernel.db import EVERY_TENANT, NO_TENANT, Base
from cityinfo.kernel.errors import Invalid, Problem
from tests.factories import City, make_city, save
from tests.factories_media import library_of

ON_SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
TENANT = """
name = "Klein"
[[languages]]
slug = "de"
[[languages]]
slug = "en"
source = "de"
"""


def put(folder: Path, files: dict[str, str]) -> Path:
    for name, words in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(words, "utf-8")
    return folder


def text(title: str, slug: str, body: str = "<p>Hallo</p>") -> str:
    return f'+++\ntitle = "{title}"\nslug = "{slug}"\n+++\n{body}\n'


@pytest.fixture
def folder(tmp_path):
    """A city with two pages, the second below the first, which link to each other."""
    return put(
        tmp_path / "klein",
        {
            "tenant.toml": TENANT,
            "pages/home/page.toml": "position = 10",
            "pages/home/de.html": text("Start", "start", '<p><a href="entry:pages/home/work">Arbeit</a></p>'),
            "pages/home/en.html": text("Start", "home"),
            "pages/home/work/page.toml": "position = 10",
            "pages/home/work/de.html": text("Arbeit", "arbeit", '<p><a href="entry:pages/home">Start</a></p>'),
        },
    )


@pytest.fixture
def library(database, settings):
    return library_of(database, settings)


def bring(library, folder, **options):
    return archives.apply(library, archives.read_folder(folder), **options)


def documents(database, slug, language):
    with database.unit_of_work(NO_TENANT) as db:
        tenant_id = tenants.find(db, slug).id
    with database.unit_of_work(tenant_id) as db:
        bodies = [orjson.loads(one) for one in publishing.payloads(db, language, "page")]
    return {body["slug"]: body for body in bodies}


def states(database, slug):
    with database.unit_of_work(NO_TENANT) as db:
        tenant_id = tenants.find(db, slug).id
    with database.unit_of_work(tenant_id) as db:
        return set(content.states(db, pages.PAGES.all_ids(db)).values())


def everything(database):
    with database.unit_of_work(EVERY_TENANT, reason="compares all rows") as db:
        return {
            name: sorted(map(repr, db.execute(select(table), execution_options={"crosses": "compares all rows"})))
            for name, table in Base.metadata.tables.items()
        }


def test_the_demo_city_is_complete_as_its_file_says_and_a_second_run_changes_nothing(database, library):
    first = bring(library, FOLDER)
    assert first.new_tenant
    assert first.documents > first.texts.created > 150
    assert first.notes == first.missing == []
    assert states(database, "musterstadt") <= {State.UP_TO_DATE, State.MISSING}
    before = everything(database)
    assert bring(library, FOLDER).nothing_changed
    assert everything(database) == before
    with database.unit_of_work(NO_TENANT) as db:
        city = tenants.find(db, "musterstadt")
    assert (city.full_name, city.official_key, city.postal_codes) == (
        "Stadt Musterstadt",
        "09999001",
        ["00001", "00002"],
    )
    assert city.languages == ["de", "en", "ar"]
    assert set(city.aliases) == {"Oberbeispiel", "Unterbeispiel"}


def test_links_between_folders_become_references(database, library, folder):
    bring(library, folder)
    found = documents(database, "klein", "de")
    assert f'href="entry:{found["arbeit"]["id"]}"' in found["start"]["content"]
    assert f'href="entry:{found["start"]["id"]}"' in found["arbeit"]["content"]
    assert found["arbeit"]["parent"] == found["start"]["id"]


def test_a_changed_file_changes_one_document_and_outdates_its_translation(database, library, folder):
    bring(library, folder)
    put(folder, {"pages/home/de.html": text("Start", "start", "<p>Neu</p>")})
    report = bring(library, folder)
    assert (report.documents, report.texts.changed) == (1, 1)
    assert State.OUTDATED in states(database, "klein")


def test_a_translation_that_changes_with_its_source_is_up_to_date(database, library, folder):
    bring(library, folder)
    put(
        folder,
        {
            "pages/home/de.html": text("Start", "start", "<p>Neu</p>"),
            "pages/home/en.html": text("Start", "home", "<p>New</p>"),
        },
    )
    assert bring(library, folder).texts.changed == 2
    assert State.OUTDATED not in states(database, "klein")


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"tenant.toml": "name ="}, "tenant.toml: "),
        ({"tenant.toml": 'name = "Klein"'}, "List at least one of [[languages]]"),
        ({"tenant.toml": TENANT.replace("name", "nmae")}, "tenant.toml: “nmae” is not known here"),
        ({"tenant.toml": "colour = 1\n" + TENANT}, "tenant.toml: “colour” is not known here"),
        ({"tenant.toml": TENANT.replace('"Klein"', "5")}, "tenant.toml: “name” has the wrong type"),
        ({"pages/home/page.toml": "position = true"}, "page.toml: “position” has the wrong type"),
        ({"pages/home/page.toml": ""}, "page.toml: “position” is missing"),
        ({"pages/home/fr.html": text("x", "x")}, "fr.html: “fr” is not among the languages"),
        ({"pages/home/de.html": "<p>Hallo</p>"}, "de.html: Title and slug must stand between two +++ lines"),
        ({"pages/home/de.html": text("", "start")}, "de.html: A text needs a title"),
        ({"pages/home/de.html": text("Start", "a b")}, "de.html: “a b” cannot stand in an address"),
        ({"pages/home/de.html": text("Start", "search")}, "de.html: The address “search” is reserved"),
        ({"pages/home/de.html": text("Start", "arbeit")}, "de.html: The address “arbeit” leads to another text"),
        ({"pages/home/de.html": text("x", "x", '<a href="entry:weg">x</a>')}, "de.html: “entry:weg” leads to no entry"),
        (
            {"pages/twin/page.toml": "position = 10", "pages/twin/de.html": text("x", "x")},
            "has the position 10 as well",
        ),
        ({"pages/Home/page.toml": "position = 20"}, "“Home” cannot name a folder"),
        ({"houses/x/house.toml": ""}, "no kind of content is kept there"),
        ({"locations/hall/location.toml": 'categories = ["authority"]\npicture = "x"'}, "There is no “media/x”"),
        ({"locations/hall/location.toml": 'categories = ["authority"]\non_maps = true'}, "“on_maps” is not known here"),
        ({"locations/hall/location.toml": "categories = 3"}, "location.toml: “categories” has the wrong type"),
        ({"locations/hall/location.toml": 'categories = ["palace"]'}, "location.toml: “palace” is no category"),
        ({"locations/hall/below/location.toml": ""}, "location.toml: No such file"),
        ({"contacts/one/contact.toml": 'website = "amt"'}, "contact.toml: “amt” is no web address"),
        ({"events/fest/event.toml": "ends = 2030-01-01 10:00:00"}, "event.toml: “starts” is missing"),
        ({"settings.toml": "colour = 1"}, "“colour” is not known here"),
        ({"settings.toml": "theme = { light = 7 }"}, "“light” has the wrong type"),
        ({"media/x/media.toml": 'file = "../tenant.toml"\nname = "x.jpg"'}, "There is no file “../tenant.toml”"),
    ],
)
@ON_SQLITE
def test_what_is_wrong_is_refused_naming_the_place_and_leaves_nothing(database, library, folder, files, sentence):
    put(folder, files)
    before = everything(database)
    with pytest.raises(Problem) as refused:
        bring(library, folder)
    assert sentence in refused.value.message
    assert everything(database) == before


def test_a_missing_or_unreadable_file_is_refused(folder):
    (folder / "pages/home/de.html").write_bytes(b"\xff")
    with pytest.raises(Invalid, match=r"de\.html: The file is not UTF-8"):
        archives.read_folder(folder)
    (folder / "pages/home/page.toml").unlink()
    with pytest.raises(Invalid, match=r"page\.toml: No such file"):
        archives.read_folder(folder)


def demo(settings, *options):
    environment = {
        "CITYINFO_DATA_DIR": str(settings.data_dir),
        "CITYINFO_DATABASE_URL": settings.database,
        "CITYINFO_PLATFORM_ROLE": settings.platform_role,
    }
    return CliRunner().invoke(main, ["demo", *options], env=environment)


@ON_SQLITE
def test_the_terminal_creates_the_demo_city_once(settings, database):
    first = demo(settings, "--if-empty")
    assert first.exit_code == 0
    assert "musterstadt: created" in first.stdout
    assert "musterstadt: nothing changed" in demo(settings).stdout


def test_the_terminal_leaves_a_service_with_cities_alone(settings, database):
    make_city(database, "teststadt")
    assert demo(settings, "--if-empty").exit_code == 0
    with database.unit_of_work(NO_TENANT) as db:
        assert [city.slug for city in tenants.directory(db)] == ["teststadt"]


def test_what_an_editor_wrote_stays_until_the_file_says_something_new(database, library, folder):
    bring(library, folder)
    with database.unit_of_work(NO_TENANT) as db:
        city = City("klein", tenants.find(db, "klein").id, database)
    with city.read() as db:
        page = content.entry_at(db, pages.KIND, "de", "arbeit")
    save(city, page, "de", content="<p>Meine Worte.</p>")
    report = bring(library, folder)
    assert report.nothing_changed
    assert [note.what for note in report.notes] == ["edited here; the archive has nothing newer"]
    assert "Meine Worte" in documents(database, "klein", "de")["arbeit"]["content"]
    put(folder, {"pages/home/work/de.html": text("Arbeit", "arbeit", "<p>Neues von der Vorlage.</p>")})
    report = bring(library, folder)
    assert [note.what for note in report.notes] == [
        "edited here; the archive has something newer; what was edited is in the history"
    ]
    assert "Neues" in documents(database, "klein", "de")["arbeit"]["content"]
    with city.read() as db:
        assert "Meine Worte" in "".join(one.content for one in content.versions(db, page, "de"))


def test_a_dry_run_says_what_would_be_done_and_does_nothing(database, library, folder):
    before = everything(database)
    report = bring(library, folder, dry_run=True)
    assert (report.new_tenant, report.entries["page"].created) == (True, 2)
    assert everything(database) == before
    bring(library, folder)
    put(folder, {"pages/home/en.html": text("Begin", "home")})
    before = everything(database)
    assert bring(library, folder, dry_run=True).texts.changed == 1
    assert everything(database) == before


def test_pages_follow_the_order_and_the_place_of_their_folders(database, library, folder):
    put(folder, {"pages/later/page.toml": "position = 30", "pages/later/de.html": text("Später", "spaeter")})
    bring(library, folder)
    put(folder, {"pages/later/page.toml": "position = 5"})
    assert bring(library, folder).entries["page"].changed == 1
    with database.unit_of_work(NO_TENANT) as db:
        tenant_id = tenants.find(db, "klein").id
    with database.unit_of_work(tenant_id) as db:
        assert content.titles(db, pages.tree(db)[0].id)["de"] == "Später"


def test_markup_that_is_not_kept_is_told(library, folder):
    put(folder, {"pages/home/en.html": text("Start", "home", '<p style="color:red">x</p><script>alert(1)</script>')})
    report = bring(library, folder, dry_run=True)
    assert {note.what for note in report.notes} == {"p[style] is not kept, 1 times", "script is not kept, 1 times"}


@ON_SQLITE
def test_the_terminal_exports_and_applies(settings, database, library, folder, tmp_path):
    bring(library, folder)
    environment = {"CITYINFO_DATA_DIR": str(settings.data_dir), "CITYINFO_DATABASE_URL": settings.database}

    def run(*words):
        return CliRunner().invoke(main, ["tenants", *map(str, words)], env=environment)

    assert "klein: " in run("export", "klein", tmp_path / "out.zip").stdout
    done = run("apply", tmp_path / "out.zip")
    assert done.exit_code == 0, done.output
    assert "klein: nothing changed" in done.stdout
    assert run("export", "nirgends", tmp_path / "none").exit_code == 1
    assert run("export", "klein", settings.data_dir).exit_code == 1  # where something else lies

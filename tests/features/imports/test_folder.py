"""A tenant kept as a folder of files: the demo city, and what is refused in such a folder."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from cityinfo.cli import main
from cityinfo.cli.demo import FOLDER
from cityinfo.features import content, imports, pages, publishing, tenants
from cityinfo.features.content import State
from cityinfo.kernel.db import EVERY_TENANT, NO_TENANT, Base
from cityinfo.kernel.errors import Invalid
from tests.factories import make_city

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
            "pages/home/de.html": text("Start", "start", '<p><a href="entry:home/work">Arbeit</a></p>'),
            "pages/home/en.html": text("Start", "home"),
            "pages/home/work/page.toml": "position = 10",
            "pages/home/work/de.html": text("Arbeit", "arbeit", '<p><a href="entry:home">Start</a></p>'),
        },
    )


def bring(database, folder):
    return imports.import_archive(database, imports.read_folder(folder))


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


def test_the_demo_city_is_complete_and_a_second_run_changes_nothing(database):
    first = bring(database, FOLDER)
    assert first.new_tenant
    assert first.documents == first.texts.created == first.texts.total
    assert first.findings.removed == {}
    assert states(database, "musterstadt") <= {State.UP_TO_DATE, State.MISSING}
    before = everything(database)
    assert bring(database, FOLDER).nothing_changed
    assert everything(database) == before


def test_facts_of_the_demo_city_are_those_of_its_file(database):
    bring(database, FOLDER)
    with database.unit_of_work(NO_TENANT) as db:
        city = tenants.find(db, "musterstadt")
    assert (city.full_name, city.official_key, city.postal_codes) == (
        "Stadt Musterstadt",
        "09999001",
        ["00001", "00002"],
    )
    assert city.languages == ["de", "en", "ar"]
    assert set(city.aliases) == {"Oberbeispiel", "Unterbeispiel"}


def test_links_between_folders_become_references(database, folder):
    bring(database, folder)
    found = documents(database, "klein", "de")
    assert f'href="entry:{found["arbeit"]["id"]}"' in found["start"]["content"]
    assert f'href="entry:{found["start"]["id"]}"' in found["arbeit"]["content"]
    assert found["arbeit"]["parent"] == found["start"]["id"]


def test_a_changed_file_changes_one_document_and_outdates_its_translation(database, folder):
    bring(database, folder)
    put(folder, {"pages/home/de.html": text("Start", "start", "<p>Neu</p>")})
    report = bring(database, folder)
    assert (report.documents, report.texts.changed) == (1, 1)
    assert State.OUTDATED in states(database, "klein")


def test_a_translation_that_changes_with_its_source_is_up_to_date(database, folder):
    bring(database, folder)
    put(
        folder,
        {
            "pages/home/de.html": text("Start", "start", "<p>Neu</p>"),
            "pages/home/en.html": text("Start", "home", "<p>New</p>"),
        },
    )
    assert bring(database, folder).texts.changed == 2
    assert State.OUTDATED not in states(database, "klein")


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"tenant.toml": "name ="}, "tenant.toml: "),
        ({"tenant.toml": 'name = "Klein"'}, "list at least one of [[languages]]"),
        ({"tenant.toml": TENANT.replace("name", "nmae")}, "tenant.toml: “name” is missing"),
        ({"tenant.toml": "colour = 1\n" + TENANT}, "tenant.toml: “colour” is not known here"),
        ({"tenant.toml": TENANT.replace('"Klein"', "5")}, "tenant.toml: “name” has the wrong type"),
        ({"pages/home/page.toml": "position = true"}, "page.toml: “position” has the wrong type"),
        ({"pages/home/page.toml": ""}, "page.toml: “position” is missing"),
        ({"pages/home/fr.html": text("x", "x")}, "fr.html: “fr” is not among the languages"),
        ({"pages/home/de.html": "<p>Hallo</p>"}, "de.html: title and slug must stand between two +++ lines"),
        ({"pages/home/de.html": text("", "start")}, "de.html: A text needs a title"),
        ({"pages/home/de.html": text("Start", "a b")}, "de.html: “a b” cannot stand in an address"),
        ({"pages/home/de.html": text("Start", "search")}, "de.html: “search” is reserved"),
        ({"pages/home/de.html": text("Start", "arbeit")}, "de.html: the slug “arbeit” is also that of"),
        ({"pages/home/de.html": text("x", "x", '<a href="entry:weg">x</a>')}, "“entry:weg” leads to no page in “de”"),
        (
            {"pages/home/en.html": text("x", "x", '<a href="entry:home/work">x</a>')},
            "“entry:home/work” leads to no page in “en”",
        ),
        ({"pages/empty/page.toml": "position = 20"}, "there is no text in any language"),
        (
            {"pages/twin/page.toml": "position = 10", "pages/twin/de.html": text("x", "x")},
            "has the position 10 as well",
        ),
        (
            {
                "pages/new/page.toml": "position = 20",
                "pages/new/de.html": text("x", "x"),
                "pages/new/low/page.toml": "position = 1",
                "pages/new/low/en.html": text("x", "x"),
            },
            "en.html: the page above has no text in “en”",
        ),
    ],
)
def test_what_is_wrong_is_refused_naming_the_file(folder, files, sentence):
    put(folder, files)
    with pytest.raises(Invalid) as refused:
        imports.read_folder(folder)
    assert sentence in refused.value.message
    assert refused.value.message.startswith(str(folder))


def test_a_missing_or_unreadable_file_is_refused(folder):
    (folder / "pages/home/de.html").write_bytes(b"\xff")
    with pytest.raises(Invalid, match=r"de\.html: the file is not UTF-8"):
        imports.read_folder(folder)
    (folder / "pages/home/page.toml").unlink()
    with pytest.raises(Invalid, match=r"page\.toml: No such file"):
        imports.read_folder(folder)


def demo(settings, *options):
    environment = {
        "CITYINFO_DATA_DIR": str(settings.data_dir),
        "CITYINFO_DATABASE_URL": settings.database,
        "CITYINFO_PLATFORM_ROLE": settings.platform_role,
    }
    return CliRunner().invoke(main, ["demo", *options], env=environment)


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

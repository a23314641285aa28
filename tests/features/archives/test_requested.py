"""What an archive holds only if someone asks for it: people and what readers said, never what proves who someone is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from cityinfo.cli import main
from cityinfo.features import accounts, archives, content, feedback, logins, pages, tenants
from cityinfo.features.content import TextDraft
from cityinfo.features.logins.models import LoginLink
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor
from tests.factories import EDITOR, City, plant
from tests.factories_media import library_of
from tests.features.archives.test_round_trip import ON_SQLITE, elsewhere, exported

EVERYTHING = archives.CHOICES
pytestmark = ON_SQLITE


@pytest.fixture
def library(database, settings):
    return library_of(database, settings)


@pytest.fixture
def page(city, library):
    """A page, someone who writes below it, and a reader who wrote about it and was answered."""
    page_id = plant(city, "Wohnen")
    with city.write() as db:
        draft = accounts.MembershipDraft(role="editor", subtree=[page_id])
        eva = logins.invite(db, "eva@stadt.example", name="Eva", membership=draft, actor=EDITOR)
        logins.set_password(db, eva.id, "digest-of-a-password", actor=EDITOR)
        said = feedback.Message(topic="page", slug="wohnen", comment="Wo genau?", contact="leser@post.example")
        ticket = feedback.send(db, said, language="de", address="192.0.2.1", keep=timedelta(days=90))
        feedback.reply(db, feedback.by_ticket(db, ticket).id, "Im Rathaus.", actor=Actor("person", str(eva.id)))
    return page_id


def city_in(library, slug):
    with library.database.unit_of_work(NO_TENANT) as db:
        return City(slug, tenants.find(db, slug).id, library.database)


def moved(library, city, template, folder):
    """The city's archive with everything, put in force on a service of its own."""
    files = exported(library, city.slug, folder / "first", EVERYTHING)
    return files, elsewhere(template, folder / "service")


def test_without_asking_nobody_is_named(library, city, page, tmp_path):
    files = exported(library, city.slug, tmp_path / "plain")
    assert not {"people.toml", "feedback.toml"} & set(files)
    assert not any(b"stadt.example" in data or b"Wo genau?" in data for data in files.values())


def test_what_was_asked_for_leaves_again_when_it_is_asked_for_no_more(library, city, page, tmp_path):
    assert "people.toml" in exported(library, city.slug, tmp_path / "out", EVERYTHING)
    left = exported(library, city.slug, tmp_path / "out")
    assert not {"people.toml", "feedback.toml"} & set(left)


def test_no_password_and_no_ticket_is_in_it(library, city, page, tmp_path):
    files = exported(library, city.slug, tmp_path / "all", EVERYTHING)
    with city.read() as db:
        tickets = [row.ticket for row in db.scalars(select(feedback.Feedback))]
    for secret in ("digest-of-a-password", *tickets):
        assert not any(secret.encode() in data for data in files.values())


def test_people_are_invited_where_nobody_knows_them(library, city, page, sqlite_template, tmp_path):
    files, service = moved(library, city, sqlite_template, tmp_path)
    with service as there, archives.opened(tmp_path / "first") as archive:
        archives.apply(there, archive)
        here = city_in(there, city.slug)
        with here.read() as db:
            [eva] = accounts.people(db)
            assert (eva.account.name, eva.membership.role) == ("Eva", "editor")
            assert len(eva.membership.subtree) == 1
            assert not logins.links.has_login(db, eva.account.id)
            assert [row.account_id for row in db.scalars(select(LoginLink))] == [eva.account.id]
        assert exported(there, city.slug, tmp_path / "second", EVERYTHING) == files
        assert archives.apply(there, archive).nothing_changed


def test_who_is_known_keeps_the_account_and_gets_the_role_back(library, city, page, tmp_path):
    exported(library, city.slug, tmp_path / "first", EVERYTHING)
    with city.write() as db:
        [eva] = accounts.people(db)
        accounts.revoke_membership(db, eva.membership.id, actor=EDITOR)
    with archives.opened(tmp_path / "first") as archive:
        archives.apply(library, archive)
    with city.read() as db:
        [again] = accounts.people(db)
        assert (again.account.id, again.membership.subtree) == (eva.account.id, [page])
        assert logins.links.has_login(db, eva.account.id)


def test_a_role_that_has_ended_meanwhile_is_not_given_again(library, city, tmp_path, monkeypatch):
    with city.write() as db:
        ends = clock.now() + timedelta(days=3)
        draft = accounts.MembershipDraft(role="editor", expires_at=ends)
        logins.invite(db, "eva@stadt.example", name="Eva", membership=draft, actor=EDITOR)
    exported(library, city.slug, tmp_path / "first", EVERYTHING)
    with city.write() as db:
        accounts.revoke_membership(db, accounts.people(db)[0].membership.id, actor=EDITOR)
    later = ends + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with archives.opened(tmp_path / "first") as archive:
        assert archives.apply(library, archive).nothing_changed
    with city.read() as db:
        assert not accounts.people(db)


def test_what_readers_said_comes_back_once_with_what_it_is_about(library, city, page, sqlite_template, tmp_path):
    _, service = moved(library, city, sqlite_template, tmp_path)
    with service as there, archives.opened(tmp_path / "first") as archive:
        archives.apply(there, archive)
        archives.apply(there, archive)
        here = city_in(there, city.slug)
        with here.read() as db:
            [said] = feedback.listed(db)
            assert (said.comment, said.reply, said.replied_by) == ("Wo genau?", "Im Rathaus.", "Eva")
            assert said.contact == "leser@post.example"
            assert said.entry_id == next(iter(entry.id for entry in content.entries_of(db, ["page"])))


def test_what_was_to_be_deleted_by_now_stays_away(library, city, page, tmp_path, monkeypatch):
    exported(library, city.slug, tmp_path / "first", EVERYTHING)
    later = clock.now() + timedelta(days=91)
    with city.write() as db:
        feedback.delete_old(db, later)
    monkeypatch.setattr(clock, "now", lambda: later)
    with archives.opened(tmp_path / "first") as archive:
        archives.apply(library, archive)
    with city.read() as db:
        assert not feedback.listed(db)


@pytest.fixture
def written(city, library, page):
    """The same page in several versions: by Eva, by someone who left, shown to readers, and gone on with as a draft."""
    with city.write() as db:
        eva = Actor("person", str(accounts.people(db)[0].account.id))
        gone = pages.plant(db, actor=EDITOR).id
    link = f'<p>Siehe <a href="entry:{gone}">dort</a>.</p>'
    said = [("Wohnen 2", link, eva), ("Wohnen 3", "<p>Drei</p>", Actor("person", "1")), ("Wohnen 4", "", EDITOR)]
    for title, words, actor in [*said, ("Wohnen 5", "<p>Fünf</p>", eva), ("Wohnen 6", "<p>Sechs</p>", eva)]:
        with city.write() as db:
            revision = content.find_text(db, page, "de").revision
            draft = TextDraft(title=title, content=words, revision=revision, minor=title == "Wohnen 5")
            pages.save_text(db, page, "de", draft, actor=actor)
            if title == "Wohnen 4":
                content.publish_text(db, page, "de", revision=revision + 1, actor=actor)
    with city.write() as db:
        pages.archive(db, gone, revision=content.find_entry(db, gone).revision, actor=EDITOR)
    with city.write() as db:
        pages.delete(db, gone, revision=content.find_entry(db, gone).revision, actor=EDITOR)
    return page


def history_of(city):
    with city.read() as db:
        [page] = content.entries_of(db, ["page"])
        names, rows = accounts.names(db), content.versions(db, page.id, "de")
        return [(row.title, names.get(row.author, row.author), row.created_at, row.minor) for row in rows]


def test_every_version_comes_with_its_author_and_its_time(library, city, written, sqlite_template, tmp_path):
    files, service = moved(library, city, sqlite_template, tmp_path)
    assert [name for name in files if ".v0" in name] == [f"pages/wohnen/de.v000{number}.html" for number in range(1, 5)]
    assert b"<p>Siehe <a>dort</a>.</p>" in files["pages/wohnen/de.v0002.html"]
    with service as there, archives.opened(tmp_path / "first") as archive:
        archives.apply(there, archive)
        here, came = history_of(city), history_of(city_in(there, city.slug))
        assert [(title, at, minor) for title, _, at, minor in came] == [(one[0], one[2], one[3]) for one in here]
        assert [author for _, author, *_ in came] == ["Eva", "Eva", "editor:eva", "person", "Eva", here[-1][1]]
        assert exported(there, city.slug, tmp_path / "second", EVERYTHING) == files
        assert archives.apply(there, archive).nothing_changed


def test_nobody_is_made_to_have_written_what_others_wrote(library, city, written, tmp_path, sqlite_template):
    exported(library, city.slug, tmp_path / "first", EVERYTHING)
    version = tmp_path / "first" / "pages" / "wohnen" / "de.v0001.html"
    version.write_text(version.read_text("utf-8").replace('author = "', 'author = "person:77', 1), "utf-8")
    with (
        elsewhere(sqlite_template, tmp_path / "service") as there,
        archives.opened(tmp_path / "first") as archive,
        pytest.raises(Invalid, match="no name"),
    ):
        archives.apply(there, archive)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("people.toml", '[[people]]\nemail = "kein"\nname = "X"\nrole = "editor"\n'),
        ("people.toml", '[[people]]\nemail = "a@b.example"\nname = "X"\nrole = "root"\n'),
        ("people.toml", '[[people]]\nemail = "a@b.example"\nname = "X"\nrole = "editor"\npassword = "x"\n'),
        ("people.toml", 'people = "alle"\n'),
        ("feedback.toml", "[[feedback]]\nentry_id = 12\n"),
        ("feedback.toml", '[[feedback]]\nabout = "nirgends/da"\n'),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_nothing(library, city, tmp_path, file, words):
    exported(library, city.slug, tmp_path / "first")
    (tmp_path / "first" / file).write_text(words, "utf-8")
    with archives.opened(tmp_path / "first") as archive, pytest.raises(Invalid):
        archives.apply(library, archive)
    with city.read() as db:
        assert not accounts.people(db)


def test_only_what_there_is_can_be_asked_for(settings, database, city, tmp_path, monkeypatch):
    monkeypatch.setenv("CITYINFO_DATA_DIR", str(settings.data_dir))
    asked = ["tenants", "export", city.slug, str(tmp_path / "out"), "--with", "people,passwords"]
    answer = CliRunner().invoke(main, asked)
    assert answer.exit_code != 0
    assert "passwords" in answer.output
    assert not (tmp_path / "out").exists()

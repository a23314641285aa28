"""Messages to all editors: written by the platform's staff, seen above every screen until someone puts them away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cityinfo.cms.platform import announcing
from cityinfo.features import announcements
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT
from tests.cms.conftest import posted, text_of
from tests.web.test_statements import Statements

SAID = {
    "title_de": "Wartung am Montag",
    "title_en": "Maintenance on Monday",
    "body_de": "Ab 18 Uhr.",
    "body_en": "From 6 pm.",
    "starts_at": "",
    "ends_at": "2099-01-01T08:00",
}


@pytest.fixture
def told(staff, database):
    """One that everyone sees."""
    assert staff.post("/announcements/new", SAID).status_code == 303
    with database.unit_of_work(NO_TENANT) as db:
        return announcements.titled(db)[0].id


def test_everyone_sees_it_above_every_screen_in_their_language(people, staff, told):
    editor = people("editor")
    for path in ("/", "/pages", "/texts/1/de"):
        assert path == "/texts/1/de" or "Wartung am Montag" in text_of(editor.get(path))
    assert "Ab 18 Uhr." in text_of(editor.client.get("/cms/profile"))
    assert "Wartung am Montag" in text_of(staff.get("/cities"))
    editor.client.set_cookie("cms_locale", "en", path="/cms")
    assert "From 6 pm." in text_of(editor.get("/"))


def test_whoever_has_understood_it_stays_where_they_were_and_sees_it_no_longer(people, told):
    editor = people("editor")
    answer = posted(editor.client, f"/cms/announcements/{told}/dismiss", {"next": "/cms/teststadt/pages"})
    assert answer.headers["Location"] == "/cms/teststadt/pages"
    assert "Wartung" not in text_of(editor.get("/"))
    assert "Wartung" in text_of(people("author").get("/"))


def test_putting_it_away_leads_nowhere_else(people, told):
    answer = posted(
        people("editor").client, f"/cms/announcements/{told}/dismiss", {"next": "https://elsewhere.example"}
    )
    assert answer.headers["Location"] == "/cms/"


def test_parts_of_screens_do_not_repeat_it(people, told):
    answer = people("editor").get("/pages", headers={"HX-Request": "true"})
    assert "Wartung" not in text_of(answer)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title_en": " "}, "Titel von höchstens 150"),
        ({"body_de": ""}, "Nachricht von höchstens 2000"),
        ({"ends_at": ""}, "wann sie endet"),
        ({"ends_at": "2020-01-01T08:00"}, "Ende"),
        ({"starts_at": "bald"}, "2026-05-31 08:00"),
    ],
)
def test_what_cannot_be_told_comes_back_as_it_was_typed(staff, database, typed, said):
    answer = staff.post("/announcements/new", {**SAID, "body_en": "Kept words.", **typed})
    assert answer.status_code == 422
    shown = text_of(answer)
    assert said in shown
    assert "Kept words." in shown
    with database.unit_of_work(NO_TENANT) as db:
        assert announcements.titled(db) == []


def test_it_is_said_otherwise_and_ended(people, staff, told):
    shown = text_of(staff.get(f"/announcements/{told}"))
    assert "Wartung am Montag" in shown
    staff.post(f"/announcements/{told}", {**SAID, "title_de": "Wartung am Dienstag", "revision": "1"})
    assert "Wartung am Dienstag" in text_of(people("editor").get("/"))
    staff.post(f"/announcements/{told}/withdraw")
    assert "Wartung" not in text_of(people("author").get("/"))
    assert "Vorbei" in text_of(staff.get("/announcements"))


def test_a_colleague_who_was_quicker_is_not_overwritten_unseen(staff, told):
    staff.post(f"/announcements/{told}", {**SAID, "title_de": "Von der Kollegin", "revision": "1"})
    answer = staff.post(f"/announcements/{told}", {**SAID, "title_de": "Von mir", "revision": "1"})
    assert answer.status_code == 409
    assert 'value="Von mir"' in text_of(answer)
    assert 'name="revision" value="2"' in text_of(answer)


def test_a_long_list_is_cut_into_sheets_and_takes_as_many_statements_as_a_short_one(staff, database, told, monkeypatch):
    asked = Statements(database.engine)
    staff.get("/announcements")
    few = asked.of(lambda: staff.get("/announcements"))
    for _ in range(3):
        staff.post("/announcements/new", {**SAID, "starts_at": "2098-01-01T08:00"})
    assert asked.of(lambda: staff.get("/announcements")) == few
    monkeypatch.setattr(announcing, "ON_A_SHEET", 2)
    assert "before=" in text_of(staff.get("/announcements"))


def test_a_planned_one_is_seen_by_nobody_yet(people, staff):
    tomorrow = f"{clock.now() + timedelta(days=1):%Y-%m-%dT08:00}"
    staff.post("/announcements/new", {**SAID, "starts_at": tomorrow, "by_mail": "1"})
    assert "Wartung" not in text_of(people("editor").get("/"))
    assert "Briefe noch nicht verschickt" in text_of(staff.get("/announcements"))

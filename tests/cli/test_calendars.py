"""`cityinfo calendars`: taking calendars over from the terminal."""

from __future__ import annotations

import pytest
import time_machine
from click.testing import CliRunner

from cityinfo.cli import main
from cityinfo.features import events
from tests.factories import EDITOR
from tests.factories_entries import revision_of
from tests.features.events.calendars import calendar, one
from tests.features.events.test_calendars import NOW, published, server, titles

__all__ = ["server"]  # a fixture
pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW):  # identities are made of the time, by every command anew
        yield


@pytest.fixture
def terminal(city, settings, monkeypatch):
    """Someone who types; `fails` says that the command ends with one line and a status that is not zero."""
    monkeypatch.setenv("CITYINFO_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("CITYINFO_CALENDAR_NETWORKS", "127.0.0.0/8,::1/128")

    def type_(*words, fails=False):
        result = CliRunner().invoke(main, ["calendars", *map(str, words)])
        assert (result.exit_code != 0) == fails, result.output
        if fails:
            assert result.stderr.startswith("error: ")
            assert result.stderr.count("\n") == 1
        return result.output

    return type_


@pytest.fixture
def number(city, terminal, server):
    terminal("add", "teststadt", server.url_for("/calendar.ics"), "--name", "Verein", "--language", "de")
    with city.read() as db:
        return events.all_calendars(db)[0].id


def test_a_calendar_is_added_looked_at_and_taken_over(city, terminal, number, server):
    server.say(calendar(one("1", "Fest"), one("2", "")))
    said = terminal("preview", "teststadt", number)
    assert "New: 1\n  Fest\n" in said
    assert "Left out: 1\n  2: It has no title" in said
    assert "Nothing was written." in said
    assert published(city) == {}
    assert "New: 1" in terminal("run", "teststadt", number)
    assert titles(city) == ["Fest"]
    said = terminal("list", "teststadt")
    assert f"{number}  2026-11-24 10:00 UTC" in said
    assert "1 new, 0 changed, 0 vanished, 0 refused, 0 unchanged, 1 left out" in said


def test_a_preview_shows_the_difference(city, terminal, number, server):
    terminal("run", "teststadt", number)
    server.say(calendar(one("1", "Stadtfest")))
    assert "Stadtfest, title: “Fest” → “Stadtfest”" in terminal("preview", "teststadt", number)


def test_what_was_deleted_here_is_named_and_taken_back(city, terminal, number, server):
    terminal("run", "teststadt", number)
    (event,) = published(city)
    with city.write() as db:
        events.archive(db, event, revision=revision_of(db, event), actor=EDITOR)
        events.delete_for_good(db, event, revision=revision_of(db, event), actor=EDITOR)
    assert "Deleted here, so they stay away: 1\n  Fest" in terminal("run", "teststadt", number)
    assert "stays away, deleted here: Fest (1)" in terminal("list", "teststadt")
    terminal("take-back", "teststadt", number, "1")
    terminal("run", "teststadt", number)
    assert titles(city) == ["Fest"]


def test_a_calendar_is_removed_with_what_is_to_come(city, terminal, number):
    terminal("run", "teststadt", number)
    terminal("remove", "teststadt", number)
    assert published(city) == {}
    assert terminal("list", "teststadt") == ""


def test_what_cannot_be_done_is_said_in_one_line_and_fails(city, terminal, number, server):
    add = ("--name", "Verein", "--language")
    assert "no city" in terminal("list", "nirgends", fails=True)
    assert "There is no calendar 5" in terminal("run", "teststadt", 5, fails=True)
    assert "There is no calendar 5" in terminal("remove", "teststadt", 5, fails=True)
    assert "No event “x”" in terminal("take-back", "teststadt", number, "x", fails=True)
    assert "internal network" in terminal("add", "teststadt", "http://10.0.0.1/x.ics", *add, "de", fails=True)
    assert "does not write" in terminal("add", "teststadt", server.url_for("/calendar.ics"), *add, "fr", fails=True)
    server.say("<html>")
    assert "no calendar that can be read" in terminal("run", "teststadt", number, fails=True)
    assert "error: This is no calendar" in terminal("list", "teststadt")
    with city.read() as db:
        assert len(events.all_calendars(db)) == 1

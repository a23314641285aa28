"""A new city filled in and shown from the terminal, and the directory of municipalities."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from cityinfo.cli import main
from cityinfo.features import municipalities, placeholders, tenants
from tests.factories import ask_for_facts, make_city

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def terminal(settings, monkeypatch):
    """Someone who types; `fails` says that the command ends with one line and a status that is not zero."""
    monkeypatch.setenv("CITYINFO_DATA_DIR", str(settings.data_dir))

    def type_(*words, fails=False):
        result = CliRunner().invoke(main, list(map(str, words)))
        assert (result.exit_code != 0) == fails, result.output
        return result.output

    return type_


def test_facts_are_said_listed_and_taken_back(city, terminal):
    ask_for_facts(city)
    assert "! phone    youth_office.phone=" in terminal("tenants", "facts", "teststadt")
    said = terminal(
        "tenants", "facts", "teststadt", "youth_office.phone=030 23125000", "youth_office.name:de=Jugendamt"
    )
    assert "teststadt: 2 facts are new" in said
    assert "0 facts that readers need are missing" in said
    with city.read() as db:
        assert placeholders.values(db)["youth_office.phone", ""] == "+49 30 23125000"
    assert "youth_office.phone" in terminal("tenants", "facts", "teststadt", "youth_office.phone=", "--missing")


def test_a_fact_that_cannot_be_kept_changes_nothing(city, terminal):
    ask_for_facts(city)
    for said, why in (
        (["youth_office.phone=anrufen", "youth_office.name:de=Amt"], "error: "),
        (["youth_office.phone"], "says nothing; write KEY=VALUE"),
        (["library.phone=1"], "No text asks for “library.phone”"),
    ):
        assert why in terminal("tenants", "facts", "teststadt", *said, fails=True)
    with city.read() as db:
        assert placeholders.values(db) == {}


def test_a_city_goes_live_and_what_is_left_is_said(database, terminal):
    city = make_city(database, "neustadt", status=tenants.HIDDEN)
    ask_for_facts(city)
    said = terminal("tenants", "live", "neustadt", "--dry-run")
    assert "Not done yet: 1 facts that readers need are missing" in said
    assert "neustadt: live" not in said
    assert "neustadt: live" in terminal("tenants", "live", "neustadt")
    with city.read() as db:
        assert tenants.own(db).status == tenants.ACTIVE


def test_the_directory_is_brought_in_twice(database, terminal, tmp_path):
    assert terminal("municipalities", "import", "--sample") == "11 new, 0 changed, 0 gone, 0 as before\n"
    assert terminal("municipalities", "import", municipalities.SAMPLE) == "0 new, 0 changed, 0 gone, 11 as before\n"
    assert "Name a file" in terminal("municipalities", "import", fails=True)
    (tmp_path / "gv.xlsx").write_text("no")
    assert "gv.xlsx is no workbook" in terminal("municipalities", "import", tmp_path / "gv.xlsx", fails=True)

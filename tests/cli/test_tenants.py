"""`cityinfo tenants clone`: a new city from the terminal."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from cityinfo.cli import main
from cityinfo.features import tenants
from cityinfo.kernel.db import NO_TENANT
from tests.factories import archive, plant

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def terminal(settings, monkeypatch):
    """Someone who types; `fails` says that the command ends with one line and a status that is not zero."""
    monkeypatch.setenv("CITYINFO_DATA_DIR", str(settings.data_dir))

    def type_(*words, fails=False):
        result = CliRunner().invoke(main, ["tenants", *map(str, words)])
        assert (result.exit_code != 0) == fails, result.output
        return result.output

    return type_


def known(database, slug):
    with database.unit_of_work(NO_TENANT) as db:
        return tenants.at(db, slug)


def test_a_plan_is_shown_before_anything_is_written(city, database, terminal):
    away = plant(city, "Altes")
    plant(city, "Wohnen", content=f'<p><a href="entry:{away}">dort</a></p>')
    archive(city, away)
    said = terminal("clone", "teststadt", "neu", "--name", "Neu", "--dry-run")
    assert "page                1" in said
    assert "Stays behind: 1 page, archived" in said
    assert "link from “Wohnen” to “Altes” keeps its words without the link (1 times)" in said
    assert known(database, "neu") is None


def test_a_city_is_cloned_and_the_same_command_finds_it_again(city, database, terminal):
    plant(city, "Wohnen")
    command = ("clone", "teststadt", "neu", "--name", "Neu", "--language", "de")
    said = terminal(*command)
    assert "neu: cloned; hidden until its status is active" in said
    assert known(database, "neu").status == tenants.HIDDEN
    said = terminal(*command)
    assert "neu: asked for before, going on" in said
    assert "Documents that readers will see: 1" in said


def test_what_does_not_fit_is_refused_with_one_line(city, database, terminal):
    said = terminal("clone", "teststadt", "neu", "--name", "Neu", "--language", "en", fails=True)
    assert "“en” is translated from “de”; take both." in said
    assert known(database, "neu") is None

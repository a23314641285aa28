"""`cityinfo templates`: what a template has learned, from the terminal."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from cityinfo.cli import main
from cityinfo.features import upstream
from cityinfo.kernel import jobs
from tests.factories import plant, save
from tests.features.upstream.conftest import here, library, standings, template, town_of  # noqa: F401 - fixtures

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def terminal(settings, monkeypatch):
    monkeypatch.setenv("CITYINFO_DATA_DIR", str(settings.data_dir))

    def type_(*words):
        result = CliRunner().invoke(main, ["templates", *words])
        assert result.exit_code == 0, result.output
        return result.output

    return type_


@pytest.fixture
def town(template, town_of):  # noqa: F811 - the fixtures above
    """A city that has changed one of two pages, both of which the template has changed since."""
    one, two = plant(template, "Eins"), plant(template, "Zwei")
    town = town_of(template)
    save(town, here(town, one), content="<p>Bei uns anders.</p>")
    for page in (one, two):
        save(template, page, content="<p>Neu.</p>")
    return town


def test_a_push_promises_that_every_follower_looks(town, terminal):
    assert "vorlage: 1 city follows" in terminal("push", "vorlage")
    with town.read() as db:
        assert len(jobs.open_jobs(db, upstream.RECEIVE)) == 1
    assert standings(town) == {}


def test_a_push_can_be_waited_for_and_the_status_says_what_became_of_it(town, terminal):
    terminal("push", "vorlage", "--now")
    assert set(standings(town)) == {("Eins", "de"), ("Zwei", "de")}
    (line,) = terminal("status", "vorlage").splitlines()
    assert line.startswith("kleinstadt")
    assert line.endswith("1 untouched, 1 conflict; 0 changed there")

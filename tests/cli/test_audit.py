"""`cityinfo audit` on a city's record."""

from __future__ import annotations

import json
import sqlite3

import pytest
from click.testing import CliRunner

from cityinfo.cli import main
from tests.factories import plant

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def run(settings, monkeypatch):
    monkeypatch.setenv("CITYINFO_DATA_DIR", str(settings.data_dir))
    return lambda *words: CliRunner().invoke(main, ["audit", *words])


def test_a_whole_record_is_confirmed_with_its_digest(city, other_city, run):
    plant(city, "Wohnen")
    one = run("verify", "teststadt")
    assert (one.exit_code, one.stderr) == (0, "")
    assert "teststadt: 4 rows, whole, ends with " in one.stdout
    assert run("verify", "--all").stdout.count("whole") == 3  # and the platform's


def test_a_forged_record_fails_with_one_line_that_names_city_and_row(city, other_city, run, settings):
    plant(city, "Wohnen")
    with sqlite3.connect(settings.data_dir / "cityinfo.sqlite3", isolation_level=None) as connection:
        connection.create_function("app_tenant", 0, lambda: city.tenant_id)
        (last,) = connection.execute("SELECT max(id) FROM audit WHERE kind = 'page'").fetchone()
        connection.execute("DROP TRIGGER audit_lasts")
        connection.execute("DELETE FROM audit WHERE id = ?", [last])
        (left,) = connection.execute("SELECT max(id) FROM audit WHERE kind = 'page'").fetchone()
    connection.close()
    found = run("verify", "--all")
    assert found.exit_code == 1
    assert found.stderr == f"teststadt: 3 rows, row {left} is the last one, but 1 more were written.\n"


def test_the_list_is_filtered_and_says_how_to_go_on(city, run):
    page = plant(city, "Wohnen")
    plant(city, "Arbeit")
    listed = run("list", "teststadt", "--entry", str(page), "--limit", "2")
    assert [line.split()[4] for line in listed.stdout.splitlines()] == ["TextPublished", "TextSaved"]
    assert all(line.endswith(f"page {page} de") for line in listed.stdout.splitlines())
    (older,) = [line.split()[-1] for line in listed.stderr.splitlines()]
    rest = run("list", "teststadt", "--entry", str(page), "--older", older)
    assert [line.split()[4] for line in rest.stdout.splitlines()] == ["EntryCreated"]
    assert run("list", "teststadt", "--until", "2026-01-01").stdout == ""


def test_an_export_is_one_object_a_line_or_a_table(city, run):
    plant(city, "Wohnen")
    rows = [json.loads(line) for line in run("export", "teststadt", "--kind", "page").stdout.splitlines()]
    assert [row["action"] for row in rows] == ["EntryCreated", "TextSaved", "TextPublished"]
    table = run("export", "teststadt", "--kind", "page", "--format", "csv").stdout.splitlines()
    assert (len(table), table[0].split(",")[0]) == (4, "tenant_id")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["verify"], "Name a tenant, or say --all."),
        (["verify", "nowhere"], "There is no city under the address “nowhere”."),
        (["list", "teststadt", "--older", "x"], "leads to no page"),
        (["list", "teststadt", "--since", "soon"], "does not match"),
    ],
)
def test_bad_input_ends_with_one_line(city, run, words, said):
    found = run(*words)
    assert found.exit_code != 0
    assert said in found.stderr
    assert len(found.stderr.splitlines()) == 1

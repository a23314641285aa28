"""`cityinfo webhooks` as an operator types it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from cityinfo.cli import main

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
ADDRESS = "https://city.example/hook"


@pytest.fixture
def run(settings, monkeypatch):
    monkeypatch.setenv("CITYINFO_DATA_DIR", str(settings.data_dir))
    return lambda *words: CliRunner().invoke(main, ["webhooks", *words])


def test_a_webhook_is_added_listed_told_again_and_removed(city, run):
    added = run("add", "teststadt", ADDRESS, "--kind", "page", "--language", "en")
    number, secret = added.stdout.split()
    assert secret.startswith("whsec_")
    (line,) = run("list", "teststadt").stdout.splitlines()
    assert line.split()[:2] == [number, "on"]
    assert line.endswith(f"{ADDRESS} (page; en)")
    assert run("replay", "teststadt", number, "--since", "0").exit_code == 0
    assert run("rotate", "teststadt", number).stdout.strip() not in ("", secret)
    assert run("remove", "teststadt", number).exit_code == 0
    assert run("list", "teststadt").stdout == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "teststadt", "http://city.example/"], "begins with https://"),
        (["add", "nowhere", ADDRESS], "There is no city"),
        (["add", "teststadt", ADDRESS, "--kind", "pages"], "is no kind of content"),
        (["replay", "teststadt", "1"], "There is no webhook 1."),
        (["remove", "teststadt", "1"], "There is no webhook 1."),
    ],
)
def test_bad_input_ends_with_one_line(city, run, words, said):
    found = run(*words)
    assert found.exit_code != 0
    assert said in found.stderr
    assert len(found.stderr.splitlines()) == 1

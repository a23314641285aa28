"""The README's way to a new city from the terminal: its commands, in its order, read through both APIs."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from cityinfo.cli import main

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("settings", ["sqlite"], indirect=True)]
ROOT = Path(__file__).parents[2]
HERE = "http://127.0.0.1:8000"


def commands():
    """Every line of the block as words, as a shell would read it; what only cuts the output is left out."""
    readme = (ROOT / "README.md").read_text("utf-8")
    block = re.search(r"\*\*A new city in minutes\.\*\*.*?```sh\n(.*?)```", readme, re.DOTALL)[1]
    for line in block.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        yield words[: words.index("|")] if "|" in words else words


def test_template_clone_facts_and_live_make_a_city_that_both_apis_know(client, settings, monkeypatch):
    """In this process: a shell would start Python anew for each of them."""
    monkeypatch.setenv("CITYINFO_DATA_DIR", str(settings.data_dir))
    monkeypatch.chdir(ROOT)
    said = ""
    for program, *words in commands():
        if program == "curl":
            said += client.get(words[-1].removeprefix(HERE)).get_data(as_text=True)
        else:
            assert program == ".venv/bin/cityinfo"
            done = CliRunner().invoke(main, words)
            assert done.exit_code == 0, done.output
            said += done.output
    for words in ("neustadt: 4 facts are new", "Not done yet: ", "neustadt: live", "Markt 1, 12345 Neustadt"):
        assert words in said
    assert '"path":"/neustadt/en/' in said

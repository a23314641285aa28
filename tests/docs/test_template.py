"""The README's story of a template that learns something: its commands, in its order."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from cityinfo.cli import main

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("settings", ["sqlite"], indirect=True)]
ROOT = Path(__file__).parents[2]


def commands(folder):
    """Every line of the block as words, as a shell would read it; what lies in `var/` there lies in this folder."""
    readme = (ROOT / "README.md").read_text("utf-8")
    block = re.search(r"\*\*What the template learns\.\*\*.*?```sh\n(.*?)```", readme, re.DOTALL)[1]
    for line in block.splitlines():
        yield [word.replace("var/", f"{folder}/") for word in shlex.split(line, comments=True)]


def replace(words, path):
    """What `sed -i s/old/new/` does."""
    _, old, new, _ = words.split("/")
    text = Path(path).read_text("utf-8")
    assert old in text
    Path(path).write_text(text.replace(old, new, 1), "utf-8")


def test_what_a_template_learns_waits_in_the_city_that_was_made_from_it(database, settings, monkeypatch, tmp_path):
    """In this process: a shell would start Python anew for each of them."""
    monkeypatch.setenv("CITYINFO_DATA_DIR", str(settings.data_dir))
    monkeypatch.chdir(ROOT)
    said = ""
    for program, *words in commands(tmp_path / "var"):
        if program == "cp":
            shutil.copytree(*words[1:])
        elif program == "sed":
            replace(*words[1:])
        else:
            assert program == ".venv/bin/cityinfo"
            done = CliRunner().invoke(main, words)
            assert done.exit_code == 0, done.output
            said = done.output
    assert "altstadt" in said
    assert "1 untouched" in said

"""The README's way to a new city from the terminal: its commands, in its order, read through both APIs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live import serving

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("settings", ["sqlite"], indirect=True)]
ROOT = Path(__file__).parents[2]


def commands(address):
    readme = (ROOT / "README.md").read_text("utf-8")
    block = re.search(r"\*\*A new city in minutes\.\*\*.*?```sh\n(.*?)```", readme, re.DOTALL)[1]
    here = {".venv/bin/cityinfo": f"{Path(sys.executable).parent}/cityinfo", "http://127.0.0.1:8000": address}
    for written, meant in here.items():
        block = block.replace(written, meant)
    return "set -eo pipefail\n" + block.replace("| head -40", "").replace("| head ", "| cat ")


def test_template_clone_facts_and_live_make_a_city_that_both_apis_know(client, settings):
    environment = {**os.environ, "CITYINFO_DATA_DIR": str(settings.data_dir)}
    with serving(client.application) as address:
        script = ["/bin/bash", "-c", commands(address)]
        done = subprocess.run(script, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr
    assert "neustadt: 4 facts are new" in done.stdout
    assert "Not done yet: " in done.stdout
    assert "neustadt: live" in done.stdout
    assert "Markt 1, 12345 Neustadt" in done.stdout
    assert '"path": "/neustadt/en/' in done.stdout

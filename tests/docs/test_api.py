"""The guide to the API: every command in it does what it says, against the demo city."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from cityinfo.cli.demo import FOLDER
from cityinfo.features import archives, tenants
from cityinfo.kernel.db import NO_TENANT
from tests.factories import City
from tests.factories_media import library_of
from tests.factories_people import PASSWORD, give, person
from tests.live import serving

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("settings", ["sqlite"], indirect=True)]
GUIDE = Path(__file__).parents[2] / "docs" / "api.md"


@pytest.fixture
def demo(database, settings):
    """The demo city, as `cityinfo demo` makes it, and its manager Amal."""
    archives.apply(library_of(database, settings), archives.read_folder(FOLDER))
    with database.unit_of_work(NO_TENANT) as db:
        tenant_id = tenants.find(db, "musterstadt").id
    give(City("musterstadt", tenant_id, database), person(database, "Amal", password=True), "manager")


def commands():
    """Every block of the guide, in order: later ones use what earlier ones have set."""
    return re.findall(r"```sh\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)


def test_every_command_of_the_guide_does_what_it_says(client, demo):
    with serving(client.application) as address:
        environment = {**os.environ, "API": f"{address}/api/v1", "EMAIL": "amal@example.org", "PASSWORD": PASSWORD}
        script = "set -e\n" + "\n".join(commands())
        done = subprocess.run(["/bin/bash", "-c", script], env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr
    assert "<p>Dienstags um zehn.</p>" in done.stdout
    assert '"status":200' in done.stdout

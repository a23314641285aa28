"""The description against the running service: whatever it allows is answered as it says, and never with a 5xx.

The cases are the same every time. `CITYINFO_SCHEMATHESIS=100` lets every operation be tried with so many random cases
in all phases, and in the coverage phase every operation; that takes an hour rather than a minute. Before a release:

    CITYINFO_SCHEMATHESIS=100 nice .venv/bin/pytest -n 0 tests/api/v1/test_schemathesis.py -k promises
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.editors import Editor, headers_of
from tests.factories import make_city, plant, translate
from tests.factories_entries import found
from tests.factories_events import hold
from tests.factories_people import give
from tests.live import serving

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600 if "CITYINFO_SCHEMATHESIS" not in os.environ else 24 * 3600),
    pytest.mark.parametrize("settings", ["sqlite"], indirect=True),
]
COMMAND = Path(sys.executable).with_name("schemathesis")
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
RANDOM_CASES = os.environ.get("CITYINFO_SCHEMATHESIS", "")
SEED = "20261125"
# They end the login that everything is tried with.
KEPT_OUT = ["--exclude-operation-id", "logOut", "--exclude-operation-id", "endSession"]
# They take away the second factor; alone they are tried at the edge of the description.
WEAKENING = ["--exclude-operation-id", "removeTotp", "--exclude-operation-id", "removePasskey"]
# One of each sort of operation: those of other kinds are made by the same declaration.
EXEMPLARY = (
    r"/auth/|manage/\{tenant\}/"
    r"(bulk|invitations|webhooks|synonyms|people/why|offers|settings|\{kind\}/\{entry_id\}/texts/\{language\}$)"
)


@pytest.fixture
def service(client, database):
    """Someone who may do everything, in a city with something in it."""
    city = make_city(database, "musterstadt")
    translate(city, plant(city, "Arbeit"), "en", "Work")
    hold(city, "Fest", "2100-05-01T18:00")
    amal = Editor(client, city)
    # Among what is tried is that the city asks managers for a second factor; all else would be refused from then on.
    amal.headers = headers_of(client.application, amal.account_id, strong=True)
    give(city, amal.account_id, "contributor", organization=found(city, "Caritas"))
    config = client.application.config
    config["PROPAGATE_EXCEPTIONS"] = False
    config["SETTINGS"] = replace(config["SETTINGS"], login_limit="off")
    with serving(client.application) as address:
        yield amal, address


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """What the program notes for its next run is not for the checkout."""
    monkeypatch.chdir(tmp_path)


def explore(service, *how):
    amal, address = service
    command = [COMMAND, "--config-file", CONFIGURATION, "run", f"{address}/api/v1/openapi.json", "--url", address]
    who = ["--header", f"Authorization: {amal.headers['Authorization']}", *KEPT_OUT]
    given = [*command, *who, "--seed", SEED, "--no-color", *how]
    done = subprocess.run(given, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr
    return done.stdout


def test_every_operation_keeps_what_it_promises_alone_and_in_sequence(service):
    cases = RANDOM_CASES or "2"
    phases = "examples,coverage,fuzzing,stateful" if RANDOM_CASES else "examples,fuzzing,stateful"
    said = explore(service, "--phases", phases, "--max-examples", cases, *WEAKENING)
    assert "Tested: " in said


def test_what_is_at_the_edge_of_the_description_is_answered_as_it_says(service):
    said = explore(service, "--phases", "coverage", "--include-path-regex", EXEMPLARY)
    assert "Tested: " in said

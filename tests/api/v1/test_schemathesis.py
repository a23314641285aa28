"""The description against the running service: whatever it allows is answered as it says, and never with a 5xx.

Every operation, reading and editing, is tried at the edge of its description with all checks on: with its first case
and every third one after it, the same every time, so that the whole suite stays short. What schemathesis has to know
beside the description stands in `schemathesis_hooks.py`. Two random cases of every operation and fifteen sequences are
a sample too. `CITYINFO_SCHEMATHESIS=100` tries every case at the edge and makes the others a hundred, which takes an
hour. Before a release:

    CITYINFO_SCHEMATHESIS=100 nice .venv/bin/pytest -n 0 tests/api/v1/test_schemathesis.py
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cityinfo.cli.demo import FOLDER
from cityinfo.features import archives, tenants
from cityinfo.kernel.db import NO_TENANT
from cityinfo.settings import Settings
from tests.conftest import DATABASE_FILE, copied, open_database
from tests.editors import Editor, headers_of
from tests.factories import City
from tests.factories_entries import found
from tests.factories_media import library_of
from tests.factories_people import give
from tests.live import serving

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600 if "CITYINFO_SCHEMATHESIS" not in os.environ else 24 * 3600),
    pytest.mark.parametrize("settings", ["sqlite"], indirect=True),
]
COMMAND = Path(sys.executable).with_name("schemathesis")
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
HOOKS = Path(__file__).with_name("schemathesis_hooks.py")
KEPT = "media"  # folder of files, beside the database
RANDOM_CASES = os.environ.get("CITYINFO_SCHEMATHESIS", "")
SEED = "20261125"
# They end the login that everything is tried with.
KEPT_OUT = ["--exclude-operation-id", "logOut", "--exclude-operation-id", "endSession"]
# They take away the second factor that the city asks for; they are tried where it is not needed.
WEAKENING = ["--exclude-operation-id", "removeTotp", "--exclude-operation-id", "removePasskey"]
# Together every operation, reading and editing. Few parts, as each one starts schemathesis anew.
ENTRIES = r"manage/\{tenant\}/(\{kind\}|pages|events|contacts|offers|locations|media|news|organizations|imprint)"
PARTS = {
    "reading": ["--include-method", "GET"],
    "editing entries": ["--exclude-method", "GET", "--include-path-regex", ENTRIES],
    "editing all else": ["--exclude-method", "GET", "--exclude-path-regex", ENTRIES],
}


@pytest.fixture(scope="module")
def sqlite_template(sqlite_template, tmp_path_factory):
    """The database with the demo city in it, and beside it the city's files: filled once for all parts."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("demo"))
    copied(sqlite_template, to=settings.data_dir)
    database = open_database(settings)
    archives.apply(library_of(database, settings), archives.read_folder(FOLDER))
    database.dispose()
    return settings.data_dir / DATABASE_FILE


@pytest.fixture
def service(client, database, settings, sqlite_template):
    """Someone who may do everything, in the demo city."""
    shutil.copytree(sqlite_template.parent / KEPT, settings.data_dir / KEPT, dirs_exist_ok=True)
    with database.unit_of_work(NO_TENANT) as db:
        city = City(FOLDER.name, tenants.find(db, FOLDER.name).id, database)
    config = client.application.config
    config["PROPAGATE_EXCEPTIONS"] = False
    config["SETTINGS"] = replace(config["SETTINGS"], login_limit="off")
    config["JWT_ACCESS_TOKEN_EXPIRES"] = timedelta(days=1)  # else a long run would try 401 from some time on
    amal = Editor(client, city)
    # Among what is tried is that the city asks managers for a second factor; all else would be refused from then on.
    amal.headers = headers_of(client.application, amal.account_id, strong=True)
    give(city, amal.account_id, "contributor", organization=found(city, "Caritas"))
    propose(client, city, amal)
    with serving(client.application) as address:
        yield amal, address


def propose(client, city, amal):
    """A colleague, and what they propose: to be accepted, returned or changed."""
    caritas = found(city, "Caritas")
    entry = amal.create("offers", "Kurs", provider=caritas)
    member = Editor(client, city, "contributor", organization=caritas)
    body = {"entry_id": entry.json["id"], "language": "de", "title": "Kurs für alle", "text_revision": 1}
    for number in range(6):
        assert member.post("/proposals", {**body, "message": str(number)}).status_code == 201


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """What the program notes for its next run is not for the checkout."""
    monkeypatch.chdir(tmp_path)


def explore(service, *how):
    amal, address = service
    command = [COMMAND, "--config-file", CONFIGURATION, "run", f"{address}/api/v1/openapi.json", "--url", address]
    who = ["--header", f"Authorization: {amal.headers['Authorization']}", *KEPT_OUT]
    given = [*command, *who, "--seed", SEED, "--no-color", *how]
    hooked = {**os.environ, "SCHEMATHESIS_HOOKS": str(HOOKS)}
    done = subprocess.run(given, check=False, capture_output=True, text=True, env=hooked)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr
    return done.stdout


def number_of_operations(said):
    """How many operations were tried."""
    return int(re.search(r"Tested: (\d+)", said)[1])


@pytest.mark.parametrize("part", PARTS)
def test_what_is_at_the_edge_of_the_description_is_answered_as_it_says(service, part):
    assert number_of_operations(explore(service, "--phases", "coverage", *PARTS[part]))


def test_every_operation_keeps_what_it_promises_in_random_cases(service):
    cases = RANDOM_CASES or "2"
    said = explore(service, "--phases", "examples,fuzzing", "--max-examples", cases, *WEAKENING)
    assert number_of_operations(said)


def test_operations_keep_what_they_promise_in_sequence(service):
    cases = RANDOM_CASES or "15"
    assert number_of_operations(explore(service, "--phases", "stateful", "--max-examples", cases, *WEAKENING))

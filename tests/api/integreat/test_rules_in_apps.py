"""The rules we write, repeated by the very library that apps repeat them with."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from cityinfo.api.integreat.events import rule_for_apps
from cityinfo.features.events import Series
from cityinfo.features.events.rules import normal_rule
from tests.factories_events import wall

# As the app does it: the visitor's offset at the beginning is added, from there on all is wall time.
SCRIPT = """
const { rrulestr } = require('rrule')
const cases = JSON.parse(require('fs').readFileSync(0, 'utf8'))
const wall = date => date.toISOString().slice(0, 19)
const answer = cases.map(({ rule, offset }) => {
  const parsed = rrulestr(rule)
  const options = { ...parsed.origOptions, dtstart: new Date(parsed.options.dtstart.getTime() + offset * 1000) }
  return new parsed.constructor(options).all((_, n) => n < 60).map(wall)
})
console.log(JSON.stringify(answer))
"""
RULES = [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3;UNTIL=20261231",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;BYDAY=TU",
    "FREQ=WEEKLY;BYDAY=TU,TH,SU;INTERVAL=2",
    "FREQ=WEEKLY;COUNT=20",
    "FREQ=MONTHLY;BYDAY=3TU",
    "FREQ=MONTHLY;BYDAY=-2TU;UNTIL=20290101",
    "FREQ=MONTHLY;BYMONTHDAY=20",
    "FREQ=MONTHLY",
    "FREQ=YEARLY;COUNT=4",
    "FREQ=YEARLY;BYMONTH=10;BYDAY=3TU",
]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """A folder with npm's `rrule` in the version that apps use."""
    folder = tmp_path_factory.mktemp("rrule")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is no npm")
    command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), "rrule@2.8.1"]
    if subprocess.run(command, capture_output=True, timeout=60, check=False).returncode:
        pytest.skip("npm reaches no registry")
    return folder


@pytest.mark.slow
def test_apps_repeat_our_rules_on_the_same_dates_at_the_same_hour(library):
    cases = []
    for begin in ("2026-10-20T18:00:00", "2026-10-20T00:30:00", "2026-10-20T23:30:00"):
        for rule in RULES:
            starts = wall(begin)
            normal = normal_rule(rule, starts=starts, zone="Europe/Berlin")
            cases.append(Series(starts, starts + timedelta(hours=1), "Europe/Berlin", (normal,)))
    asked = json.dumps([{"rule": rule_for_apps(one), "offset": 7200} for one in cases])
    node = subprocess.run(
        [shutil.which("node"), "-e", SCRIPT], input=asked, capture_output=True, text=True, cwd=library, check=True
    )
    for series, dates in zip(cases, json.loads(node.stdout), strict=True):
        until = datetime(2100, 1, 1, tzinfo=UTC)
        ours = series.occurrences(datetime(2026, 1, 1, tzinfo=UTC), until)[:60]
        assert dates == [one.starts.isoformat() for one in ours], series

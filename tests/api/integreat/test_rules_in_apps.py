"""The rules we write, repeated by the very library that apps repeat them with."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from cityinfo.api.integreat.events import rule_for_apps
from cityinfo.features.events import Series
from cityinfo.features.events.rules import normal_rule
from tests import npm
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
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1,14",
    "FREQ=DAILY;BYMONTH=10,12;BYDAY=TU,WE",
]
# Right after RFC 5545, and nothing that apps repeat as we do: these reach them date by date.
UNSAID = [
    "FREQ=HOURLY",
    "FREQ=MINUTELY;INTERVAL=30;BYHOUR=18,19",
    "FREQ=SECONDLY;COUNT=3",
    "FREQ=DAILY;BYHOUR=9,18",
    "FREQ=WEEKLY;BYDAY=TU;BYHOUR=18;BYMINUTE=0,30",
    "FREQ=WEEKLY;BYDAY=TU,TH;BYSETPOS=1",
    "FREQ=YEARLY;BYWEEKNO=43;BYDAY=TU",
    "FREQ=YEARLY;BYYEARDAY=293",
]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """A folder with npm's `rrule` in the version that apps use."""
    return npm.install(tmp_path_factory.mktemp("rrule"), "rrule@2.8.1")


@pytest.mark.parametrize("rule", UNSAID)
def test_what_apps_would_repeat_otherwise_is_not_said(rule):
    starts = wall("2026-10-20T18:00:00")
    normal = normal_rule(rule, starts=starts, zone="Europe/Berlin")
    assert rule_for_apps(Series(starts, starts + timedelta(hours=1), "Europe/Berlin", (normal,))) is None


def test_every_rule_that_is_said_is_two_lines_that_begin_in_utc_and_hold_nothing_else():
    for rule in RULES:
        starts = wall("2026-10-20T18:00:00")
        normal = normal_rule(rule, starts=starts, zone="Europe/Berlin")
        said = rule_for_apps(Series(starts, starts + timedelta(hours=1), "Europe/Berlin", (normal,)))
        assert re.fullmatch(r"DTSTART:\d{8}T\d{6}\nRRULE:FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)[A-Z0-9;=,+-]*", said), rule


@pytest.mark.slow
def test_apps_repeat_our_rules_on_the_same_dates_at_the_same_hour(library):
    cases = []
    for begin in ("2026-10-20T18:00:00", "2026-10-20T00:30:00", "2026-10-20T23:30:00"):
        for rule in RULES:
            starts = wall(begin)
            normal = normal_rule(rule, starts=starts, zone="Europe/Berlin")
            cases.append(Series(starts, starts + timedelta(hours=1), "Europe/Berlin", (normal,)))
    asked = json.dumps([{"rule": rule_for_apps(one), "offset": 7200} for one in cases])
    for series, dates in zip(cases, npm.ask(library, SCRIPT, asked), strict=True):
        until = datetime(2100, 1, 1, tzinfo=UTC)
        ours = series.occurrences(datetime(2026, 1, 1, tzinfo=UTC), until)[:60]
        assert dates == [one.starts.isoformat() for one in ours], series

"""Single doors: each of these things happens in one place, so one look tells whether it is done right."""

from __future__ import annotations

import re

import pytest

from tests.architecture.code import modules, stands_in

# What is looked for → where it may stand.
DOORS = {
    r"os\.environ": ("settings",),
    r"\.commit\(": ("kernel.db",),
    r"datetime\.now|utcnow|time\.time\(": ("kernel.clock",),
    r"time\.time_ns": ("kernel.ids",),  # identities count milliseconds
    r"\bboto3\b": ("adapters.s3",),
    r"create_engine\(": ("kernel.db", "schema"),
    r"EVERY_TENANT, reason=": (
        "features.accounts.queries",
        "features.commons.queries",
        "features.condition.queries",
        "features.content.words",
        "features.events.jobs",
        "features.feedback.jobs",
        "features.idempotency.jobs",
        "features.locations.categories",
        "features.moving.queries",
        "features.news.jobs",
        "features.offers.queries",
        "features.onboarding.queries",
        "features.publishing.jobs",
        "features.search.encoding",
        "features.search.jobs",
        "features.tokens.jobs",
        "features.upstream.jobs",
        "features.upstream.reading",
        "features.webhooks.jobs",
        "kernel.jobs",
        "kernel.limits",
    ),
}
# Looking past the first layer of the wall: said aloud, and only in these rooms.
CROSSING = re.compile(r"crosses|__table__|exec_driver_sql")
MAY_CROSS = ("kernel", "schema", "web.health")


@pytest.mark.parametrize(("pattern", "places"), DOORS.items())
def test_a_door_is_used_in_one_place(pattern, places):
    for module in modules():
        if any(stands_in(module.name, place) for place in places):
            continue
        used = [line for line in module.lines if re.search(pattern, line) and not line.lstrip().startswith(("#", '"'))]
        assert not used, f"{module.name}: {used}"


@pytest.mark.parametrize(("pattern", "places"), DOORS.items())
def test_every_door_still_leads_somewhere(pattern, places):
    for place in places:
        module = next(one for one in modules() if one.name == place)
        assert re.search(pattern, module.text), f"{place} no longer needs {pattern}"


def test_features_never_look_past_the_tenant():
    for module in modules():
        if not any(stands_in(module.name, place) for place in MAY_CROSS):
            crossing = [line for line in module.lines if CROSSING.search(line)]
            assert not crossing, f"{module.name}: {crossing}"


def test_features_write_no_sql_of_their_own():
    for module in modules():
        if stands_in(module.name, "features"):
            imported = module.imports() & {"sqlalchemy.text", "sqlalchemy.insert", "sqlalchemy.literal_column"}
            # Conditions of partial indexes are text; nothing else in models is a statement.
            assert not imported or module.name.endswith(".models"), f"{module.name} imports {imported}"

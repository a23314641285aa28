"""A list costs the same number of statements whatever its length."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import event

from cityinfo.app import create_app
from cityinfo.features import content, pages
from tests.editors import Editor
from tests.factories import make_city, plant, translate
from tests.factories_events import hold
from tests.factories_people import member
from tests.factories_places import settle

MOST = {
    "/api/v3/regions/": 4,
    "/api/v3/teststadt/languages/": 6,
    "/api/v3/teststadt/de/pages/": 8,
    "/api/v3/teststadt/de/children/?depth=1": 8,
    "/api/v3/teststadt/de/children/?depth=2&url=/teststadt/de/oben": 9,
    "/api/v3/teststadt/de/parents/?url=/teststadt/de/oben/kind-1": 8,
    "/api/v1/tenants": 4,
    "/api/v1/tenants/teststadt/de/pages": 8,
    "/api/v1/tenants/teststadt/de/changes": 8,
    "/api/v1/tenants/teststadt/de/bundle": 9,
    "/api/v1/tenants/teststadt/de/search?q=kind": 9,
    "/api/v3/teststadt/de/locations/": 9,
    "/api/v3/teststadt/de/locations/?on_map=1": 9,
    "/api/v3/teststadt/de/events/": 9,
    "/api/v3/teststadt/de/events/?combine_recurring=True": 9,
    "/api/v1/tenants/teststadt/de/locations": 9,
    "/api/v1/tenants/teststadt/de/locations?category=advice": 9,
    "/api/v1/tenants/teststadt/de/events": 9,
    "/api/v1/tenants/teststadt/de/events?expand=true": 9,
}


@pytest.fixture(autouse=True)
def no_minute_passes():
    """An answer that depends on the present is another one in the next minute, and takes other statements."""
    with time_machine.travel(datetime(2026, 11, 24, 12, tzinfo=UTC), tick=False):
        yield


class Statements:
    """Counts what a database is asked, transactions aside."""

    def __init__(self, engine):
        self.seen = []
        event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, connection, cursor, statement, *_):
        if not statement.startswith(("BEGIN", "SELECT set_config")):
            self.seen.append(statement)

    def of(self, work):
        self.seen.clear()
        work()
        return len(self.seen)


def test_a_long_list_takes_as_many_statements_as_a_short_one(settings, city, database):
    statements = Statements(database.engine)
    top = plant(city, "Oben")
    plant(city, "Kind 1", under=top)
    grow(city, "0", under=top)
    readers = {path: create_app(settings, database=database).test_client() for path in MOST}
    for path, reader in readers.items():
        reader.get(path)  # what a worker reads once, it has read
    counts = []
    for more in (1, 10):
        make_city(database, f"stadt-{more}")
        for number in range(more):
            grow(city, f"{more} {number}", under=top)
        counts.append({path: statements.of(lambda path=path: readers[path].get(path)) for path in MOST})
    short, long = counts
    assert long == short
    assert {path: count for path, count in short.items() if not 0 < count <= MOST[path]} == {}


def grow(city, name, *, under):
    """One more of each kind."""
    translate(city, plant(city, f"Seite {name}", under=under), "en", f"Page {name}")
    place = settle(city, f"Ort {name}", latitude=48.37, longitude=10.9, on_map=True)
    hold(city, f"Kurs {name}", "2099-05-01T18:00", rules=["FREQ=WEEKLY"], location=place)


MANAGED = [
    *(f"/{plural}" for plural in "pages events locations contacts offers organizations media news imprint".split()),
    *("/pages?state=missing&language=en", "/pages/tree", "/media/folders", "/feedback", "/proposals", "/calendars"),
    *("/categories", "/feeds", "/people", "/tokens", "/jobs", "/audit"),
]


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_what_editors_list_costs_a_fixed_number_of_statements(client, city, database):
    statements = Statements(database.engine)
    amal = Editor(client, city)
    counts = []
    for number in (1, 6):
        for one in range(number):
            translate(city, plant(city, f"Seite {number} {one}"), "en", "Page")
            amal.create("offers", f"Kurs {number} {one}")
            amal.create("contacts", f"Rat {number} {one}", phone="+49 821 3240")
            member(city, "editor", f"person-{number}-{one}")
        counts.append({path: statements.of(lambda path=path: amal.get(path)) for path in MANAGED})
    assert counts[0] == counts[1]
    assert max(counts[0].values()) <= 22


def test_the_state_of_all_texts_is_known_from_a_fixed_number_of_statements(city, database):
    statements = Statements(database.engine)
    top = plant(city, "Oben")
    counts = []
    for number in range(1, 12, 5):
        for one in range(number):
            translate(city, plant(city, f"Kind {number}-{one}", under=top), "en", f"Child {number}-{one}")
        with city.read() as db:
            ids = [node.id for node in pages.tree(db)]
            counts.append(statements.of(lambda ids=ids, db=db: content.states(db, ids)))
    assert len(set(counts)) == 1

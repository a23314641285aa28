"""A list costs the same number of statements whatever its length."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from cityinfo.features import content, pages
from tests.editors import Editor
from tests.factories import make_city, plant, translate
from tests.factories_people import member

LISTS = [
    ("/api/v3/regions/", 3),
    ("/api/v3/teststadt/languages/", 6),
    ("/api/v3/teststadt/de/pages/", 8),
    ("/api/v3/teststadt/de/children/?depth=1", 8),
    ("/api/v3/teststadt/de/children/?depth=2&url=/teststadt/de/oben", 9),
    ("/api/v3/teststadt/de/parents/?url=/teststadt/de/oben/kind-1", 8),
    ("/api/v1/tenants", 3),
    ("/api/v1/tenants/teststadt/de/pages", 8),
    ("/api/v1/tenants/teststadt/de/changes", 8),
    ("/api/v1/tenants/teststadt/de/bundle", 8),
]


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


@pytest.mark.parametrize(("path", "most"), LISTS)
def test_a_long_list_takes_as_many_statements_as_a_short_one(city, client, database, path, most):
    statements = Statements(database.engine)
    top = plant(city, "Oben")
    plant(city, "Kind 1", under=top)
    client.get(path)  # what a worker reads once, it has read
    counts = []
    for pages_more in (1, 10):
        make_city(database, f"stadt-{pages_more}")
        for number in range(pages_more):
            translate(city, plant(city, f"Seite {pages_more} {number}", under=top), "en", f"Page {pages_more} {number}")
        counts.append(statements.of(lambda: client.get(path)))
    short, long = counts
    assert 0 < short <= most
    assert long == short


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

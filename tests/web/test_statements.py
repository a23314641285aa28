"""A list costs the same number of statements whatever its length."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from cityinfo.features import content, pages
from tests.factories import make_city, plant, translate

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
    ("/api/v1/tenants/teststadt/de/search?q=kind", 9),
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

"""A city brought here by the platform's staff: asked for, followed, looked at, switched."""

from __future__ import annotations

import pytest

from cityinfo.features import moving, tenants
from cityinfo.kernel import jobs
from cityinfo.kernel.db import NO_TENANT
from tests.cms.conftest import text_of
from tests.factories import City
from tests.factories_media import library_of
from tests.features.moving.moves import LATE, OLD, a_city, published
from tests.web.test_statements import Statements


@pytest.fixture
def old(app):
    """The old server; the application asks no other."""
    found = a_city()
    app.extensions["old_server"] = lambda: found
    return found


def work(database, settings, old):
    """Do what a worker would."""
    library = library_of(database, settings)

    def job(run, **arguments):
        moving.move_in(run, **arguments, store=library.store, limits=library.limits, server=old)

    for tenant_id, job_id in jobs.sweep(database):
        jobs.run_job(database, {moving.MOVE_IN: job}, tenant_id, job_id)


def opened(database, slug="neu"):
    with database.unit_of_work(NO_TENANT) as db:
        tenant = tenants.at(db, slug)
    return tenant and City(slug, tenant.id, database)


def test_a_city_is_asked_for_followed_and_switched(staff, database, settings, old):
    assert "Es ist noch keine Stadt" in text_of(staff.get("/moving"))
    begun = staff.post("/moving", {"source": OLD, "slug": "neu", "region": "kreis", "name": ""})
    assert begun.status_code == 303
    city = opened(database)
    path = f"/moving/{city.tenant_id}"
    assert "wird gerade hierher geholt" in text_of(staff.get(path))
    work(database, settings, old)
    old.lists["pages", "de"][0] |= {"title": "Hallo", "last_updated": LATE}
    old.lists["pages", "de"].append({"id": 9, "title": "Ohne Adresse"})
    assert staff.post(f"{path}/run").status_code == 303
    work(database, settings, old)
    shown = text_of(staff.get(path))
    for part in ("Landkreis Kreis", "eine Sache zum Ansehen", "Ohne Adresse", "keine Adresse"):
        assert part in shown, part
    assert "Hallo" in published(city, "de")
    assert "alles ist da" in text_of(staff.get(f"{path}?run=1"))
    staff.post(f"{path}/switch", {"reason": ""})
    assert "Von nun an hier schreiben" in text_of(staff.get(path))
    staff.post(f"{path}/switch", {"reason": "Umzug beendet"})
    assert "kommt nichts mehr vom alten Server" in text_of(staff.get(path))
    assert "wird hier geschrieben" in text_of(staff.get("/moving"))


def test_what_was_typed_comes_back_with_the_reason(staff, database, city, old):
    for typed, said in (
        ({"source": "/etc"}, "https://"),
        ({"source": OLD, "region": "anders"}, "gibt es keine solche Stadt"),
        ({"source": OLD, "region": "kreis", "slug": "Nicht so"}, "a-z, 0-9"),
        ({"source": OLD, "region": "kreis", "slug": city.slug}, "gehört einer anderen Stadt"),
    ):
        answer = staff.post("/moving", {"slug": "neu", "region": "", "name": "", **typed})
        assert answer.status_code == 422
        assert said in text_of(answer)
        assert typed["source"] in answer.text
    assert opened(database) is None
    assert staff.post(f"/moving/{city.tenant_id}/run").status_code == 404


def test_a_run_can_be_called_off_and_goes_on(staff, database, settings, old):
    staff.post("/moving", {"source": f"{OLD}/kreis", "slug": "neu", "region": "", "name": "Neu"})
    path = f"/moving/{opened(database).tenant_id}"
    staff.post(f"{path}/stop")
    assert "der Lauf brach ab" in text_of(staff.get(path))
    staff.post(f"{path}/run")
    work(database, settings, old)
    assert "alles ist da" in text_of(staff.get(path))


def test_many_cities_take_as_many_statements_as_one(staff, database, settings, old):
    staff.post("/moving", {"source": f"{OLD}/kreis", "slug": "neu-0", "region": "", "name": ""})
    asked = Statements(database.engine)
    staff.get("/moving")
    few = asked.of(lambda: staff.get("/moving"))
    for number in (1, 2):
        staff.post("/moving", {"source": f"{OLD}/kreis", "slug": f"neu-{number}", "region": "", "name": ""})
    assert asked.of(lambda: staff.get("/moving")) == few

"""Many places at once: looked at first, then brought in, and taken back."""

from __future__ import annotations

import io
import json
import re

import pytest
from sqlalchemy import update

from cityinfo import registry
from cityinfo.cms.locations import importing
from cityinfo.features import contacts, locations
from cityinfo.features.locations import actions
from cityinfo.features.locations import jobs as import_jobs
from cityinfo.kernel import clock, jobs
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.jobs import Run
from tests.cms.conftest import text_of
from tests.factories_places import change_location, settle
from tests.web.test_statements import Statements

TABLE = """Bezeichnung;Straße;PLZ;Ort;Kategorie;Öffnungszeiten;Telefon;Fax
Rathaus;Marktplatz 1;86150;Augsburg;Behörde;Mo-Fr 08:00-12:00;0821 3240;0821
Bad;Am See 3;8615;Augsburg;leisure;;;
Bücherei;Hauptstr. 5;86150;Augsburg;culture;;;
"""


@pytest.fixture
def manager(people):
    return people("manager")


def send(someone, text, *, name="orte.csv", encoding="utf-8", **fields):
    sent = {**fields, "file": (io.BytesIO(text.encode(encoding)), name)}
    return someone.post("/locations/import", sent, content_type="multipart/form-data")


def confirm(someone, looked_at, **fields):
    """Press the button below what was shown, which sends the same file once more."""
    shown = text_of(looked_at)
    kept = dict(re.findall(r'type="hidden" name="(packed|name|category|draft)" value="([^"]*)"', shown))
    return someone.post("/locations/import", {**kept, **fields, "do": "import"})


def standing(city):
    with city.read() as db:
        return len(locations.all_ids(db)), len(contacts.all_ids(db))


def test_what_is_in_a_table_is_shown_and_nothing_is_written(city, manager):
    settle(city, "Bücherei", address=locations.Address(street="Hauptstr. 5", postal_code="86150", town="Augsburg"))
    shown = text_of(send(manager, TABLE))
    assert "ein neuer Ort" in shown
    assert "Rathaus" in shown
    assert "Marktplatz 1, 86150 Augsburg · Behörde · Mo-Fr 08:00-12:00 · mit Kontakt" in shown
    assert "einer ist schon da" in shown
    assert "„8615“ ist keine Postleitzahl" in shown
    assert "Fax" in shown
    assert standing(city) == (1, 0)


def test_what_was_looked_at_is_brought_in_published_and_taken_back(city, manager):
    answer = confirm(manager, send(manager, TABLE))
    assert answer.status_code == 303
    assert standing(city) == (2, 1)
    seen = manager.client.get(f"/api/v1/tenants/{city.slug}/de/locations").json["items"]
    assert sorted(one["title"] for one in seen) == ["Bücherei", "Rathaus"]
    listed = text_of(manager.get("/locations"))
    assert "2 Orte wurden übernommen." in listed
    assert "/locations/imports/1/undo" in listed
    manager.post("/locations/imports/1/undo")
    assert standing(city) == (0, 0)
    assert "2 Orte wurden zurückgenommen." in text_of(manager.get("/locations/import"))


def test_what_someone_has_worked_on_since_is_not_taken_back(city, manager):
    confirm(manager, send(manager, TABLE))
    with city.read() as db:
        first = min(locations.all_ids(db))
    change_location(city, first, on_map=False, temporarily_closed=True)
    answer = manager.post("/locations/imports/1/undo", follow_redirects=True)
    assert "Einer bleibt" in text_of(answer)
    assert standing(city) == (1, 1)


def test_drafts_are_seen_by_nobody_yet(city, manager):
    confirm(manager, send(manager, TABLE, draft="1"))
    assert manager.client.get(f"/api/v1/tenants/{city.slug}/de/locations").json["items"] == []
    assert standing(city) == (2, 1)


def test_who_may_not_publish_brings_in_drafts(city, people):
    author = people("author")
    confirm(author, send(author, TABLE))
    assert author.client.get(f"/api/v1/tenants/{city.slug}/de/locations").json["items"] == []
    assert standing(city) == (2, 1)


def test_a_map_is_read_and_rows_without_a_category_get_the_chosen_one(city, manager):
    feature = {
        "type": "Feature",
        "properties": {"name": "Brunnen"},
        "geometry": {"type": "Point", "coordinates": [10.9, 48.4]},
    }
    drawn = json.dumps({"type": "FeatureCollection", "features": [feature]})
    assert "mindestens eine Kategorie" in text_of(send(manager, drawn, name="karte.geojson"))
    confirm(manager, send(manager, drawn, name="karte.geojson", category="leisure"))
    with city.read() as db:
        (only,) = locations.all_ids(db)
        facts = locations.facts_of(db, only)
    assert (facts.latitude, facts.longitude, list(facts.categories)) == (48.4, 10.9, ["leisure"])


def test_a_table_of_an_old_spreadsheet_arrives_as_it_is(city, manager):
    confirm(manager, send(manager, "Name;Straße;Kategorie\nBürgerbüro;Königstraße 2;Büro\n", encoding="cp1252"))
    assert "Bürgerbüro" in text_of(manager.get("/locations"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name\n", "Unter den Überschriften steht keine Zeile"),
        ('{"features": 1}', "keine Sammlung von Orten in GeoJSON"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(city, manager, text, sentence):
    refused = send(manager, text)
    assert refused.status_code == 422
    assert sentence in text_of(refused)
    assert standing(city) == (0, 0)


def test_without_a_file_and_with_too_large_a_one_a_sentence_says_so(manager, monkeypatch):
    assert "Wählen Sie zuerst eine Datei" in text_of(manager.post("/locations/import", {}))
    monkeypatch.setattr(importing, "MOST_ROWS", 2)
    assert "Die Datei hat 3 Zeilen" in text_of(send(manager, TABLE))
    monkeypatch.setattr(importing, "MOST_BYTES", 10)
    assert send(manager, TABLE).status_code == 422


def test_who_only_reads_brings_nothing_in(city, people):
    observer = people("observer")
    assert observer.get("/locations/import").status_code == 403
    assert send(observer, TABLE).status_code == 403
    assert people("editor").post("/locations/imports/1/undo").status_code == 403


@pytest.fixture
def few_at_once(monkeypatch):
    """More than two places are work for the worker, who brings in two at a time."""
    monkeypatch.setattr(importing, "AT_ONCE", 2)
    monkeypatch.setattr(import_jobs, "PORTION", 2)


def work(city):
    """Do what a worker does, once."""
    for tenant_id, job_id in jobs.sweep(city.database):
        if tenant_id == city.tenant_id:
            jobs.run_job(city.database, registry.JOBS, tenant_id, job_id)


def long_table(rows):
    lines = (f"Ort {number};Weg {number};86150;Augsburg;culture;0821 {1000 + number}" for number in range(rows))
    return "Name;Straße;PLZ;Ort;Kategorie;Telefon\n" + "\n".join(lines)


def test_a_long_file_is_brought_in_by_the_worker_and_taken_back_in_one_step(city, manager, few_at_once):
    assert confirm(manager, send(manager, long_table(5))).status_code == 303
    assert standing(city) == (0, 0)
    shown = text_of(manager.get("/locations/import"))
    assert "Die Orte werden übernommen." in shown
    assert "0 von 5 Orten sind da" in shown
    assert 'hx-trigger="load delay:2s"' in shown
    work(city)
    assert standing(city) == (5, 5)
    shown = text_of(manager.get("/locations/import"))
    assert "5 von 5 Orten wurden übernommen" in shown
    assert "hx-trigger" not in shown
    seen = manager.client.get(f"/api/v1/tenants/{city.slug}/de/locations").json["items"]
    assert len(seen) == 5
    with city.read() as db:
        (record,) = locations.imports(db, most=1)
        assert (record.text, record.actor) == (None, manager.name)
    manager.post("/locations/imports/1/undo")
    assert "Wird zurückgenommen: 5 Orte sind noch da." in text_of(manager.get("/locations/import"))
    work(city)
    assert standing(city) == (0, 0)
    assert "Zurückgenommen" in text_of(manager.get("/locations/import"))


def test_an_import_that_was_called_off_keeps_what_is_there(city, manager, few_at_once, monkeypatch):
    confirm(manager, send(manager, long_table(5)))
    told = Run.progress

    def stop_after_the_first_portion(run, percent, text="", **how):
        manager.post("/locations/imports/1/stop")
        told(run, percent, text, **how)

    monkeypatch.setattr(Run, "progress", stop_after_the_first_portion)
    work(city)
    assert standing(city) == (2, 2)
    monkeypatch.undo()
    work(city)
    assert standing(city) == (2, 2)
    assert "2 von 5 Orten wurden übernommen · vorher abgebrochen" in text_of(manager.get("/locations/import"))
    manager.post("/locations/imports/1/undo")
    assert standing(city) == (0, 0)


def test_an_import_that_still_runs_is_stopped_when_it_is_taken_back(city, manager, few_at_once):
    confirm(manager, send(manager, long_table(5)))
    manager.post("/locations/imports/1/undo")
    work(city)
    assert standing(city) == (0, 0)


def test_a_worker_that_died_goes_on_where_it_was(city, manager, few_at_once, monkeypatch):
    confirm(manager, send(manager, long_table(5)))
    with monkeypatch.context() as broken:
        broken.setattr(Run, "progress", lambda *_, **__: (_ for _ in ()).throw(RuntimeError("killed")))
        work(city)
    assert standing(city) == (2, 2)
    with city.write() as db:
        db.execute(update(jobs.Job).values(run_after=clock.now(), lease_until=None))
    work(city)
    assert standing(city) == (5, 5)


def test_a_row_that_is_refused_when_it_comes_in_keeps_no_other_away(city, manager, few_at_once, monkeypatch):
    confirm(manager, send(manager, long_table(4)))
    create = actions.create

    def refuse(db, facts, **how):
        if facts.address.street == "Weg 1":
            raise Invalid("location.test", "A location needs at least one category.")
        return create(db, facts, **how)

    monkeypatch.setattr(actions, "create", refuse)
    work(city)
    assert standing(city) == (3, 3)
    shown = text_of(manager.get("/locations/import"))
    assert "Eine Zeile wurde nicht übernommen" in shown
    assert "Ein Ort braucht mindestens eine Kategorie." in shown


def test_rights_of_a_long_import_are_asked_once_for_all_of_it(city, people, few_at_once):
    author = people("author")
    assert confirm(author, send(author, long_table(5))).status_code == 303
    work(city)
    assert standing(city) == (5, 5)
    assert author.client.get(f"/api/v1/tenants/{city.slug}/de/locations").json["items"] == []
    assert people("editor").post("/locations/imports/1/undo").status_code == 403


def test_taking_back_takes_as_many_statements_for_each_place_however_many_there_are(city, manager, few_at_once):
    asked = Statements(city.database.engine)
    taken = []
    for number, rows in enumerate((4, 8), start=1):
        confirm(manager, send(manager, long_table(rows)))
        work(city)
        manager.post(f"/locations/imports/{number}/undo")
        taken.append(asked.of(lambda: work(city)) / rows)
        assert standing(city) == (0, 0)
    few, many = taken
    assert many <= few

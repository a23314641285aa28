"""A new city from a template or another city, step by step, without a browser."""

from __future__ import annotations

import re
from functools import partial
from urllib.parse import urlencode

import pytest

from cityinfo import registry
from cityinfo.features import onboarding, opening, tenants
from cityinfo.features.onboarding import queries
from cityinfo.kernel import jobs
from cityinfo.kernel.db import NO_TENANT
from cityinfo.kernel.errors import Conflict
from tests.cms.conftest import Staff, text_of
from tests.factories import EDITOR, ask_for_facts, make_city, plant, translate
from tests.factories_media import library_of
from tests.factories_people import listed
from tests.factories_places import introduce

CITY = {"source": "teststadt", "name": "Stadt Heide", "slug": "heide", "postal_codes": "25746, 25747"}
CONTENT = {"chosen": "1", "languages": ["de", "en"], "kinds": ["page", "contact"]}


def step(staff, path, **fields):
    return staff.get(f"/cities/new{path}?{urlencode(fields, doseq=True)}")


def start(staff, **fields):
    return staff.post("/cities/new/plan", {**CITY, **CONTENT, "key": "k", **fields})


def work(database, settings, city_id):
    """Do what the worker does for a clone or for one that is taken back."""
    store = library_of(database, settings).store
    functions = {name: partial(registry.STORE_JOBS[name], store=store) for name in (onboarding.CLONE, onboarding.UNDO)}
    with database.unit_of_work(city_id) as db:
        found = [row.id for row in jobs.listing(db)]
    for job in found:
        jobs.run_job(database, functions, city_id, job)


def tenant_at(database, slug):
    with database.unit_of_work(NO_TENANT) as db:
        return tenants.at(db, slug)


def test_templates_come_first_and_a_city_that_was_filled_in_is_none(city, database, staff):
    template = make_city(database, "zuletzt", status=tenants.HIDDEN)
    ask_for_facts(template)
    shown = text_of(step(staff, ""))
    assert shown.index("zuletzt") < shown.index("teststadt") < shown.index("eine leere Stadt")
    assert "Vorlagen" in shown
    assert 'value="zuletzt" selected' in shown


def test_a_name_is_found_in_the_directory_and_fills_the_form(city, database, staff):
    listed(database)
    shown = text_of(step(staff, "", q="lüb", source="teststadt"))
    assert "Hansestadt Lübeck" in shown
    shown = text_of(step(staff, "", municipality="010030000000", source="teststadt"))
    for value in ("Hansestadt Lübeck", "luebeck", "01003000", "23552", "53.866269", "10.683932"):
        assert f'value="{value}"' in shown
    assert "keine solche Gemeinde" in text_of(step(staff, "", q="Nirgends"))


def test_what_is_wrong_with_the_first_step_is_said_beside_it_and_stays_as_it_was_typed(city, staff):
    wrong = {"slug": "teststadt", "official_key": "12", "postal_codes": "8615", "latitude": "x", "kinds": ["page"]}
    answer = step(staff, "/content", **{**CITY, **wrong})
    shown = text_of(answer)
    assert answer.status_code == 422
    for said in ("gehört einer anderen Stadt", "kein amtlicher", "keine Postleitzahl", "Schreiben Sie Grad als Zahl"):
        assert said in shown
    for value in ("Stadt Heide", "8615", "x"):
        assert f'value="{value}"' in shown
    assert '<input type="hidden" name="kinds" value="page">' in shown
    assert step(staff, "/content", **{**CITY, "source": "nirgends"}).status_code == 422


def test_everything_is_ticked_at_first_and_what_was_chosen_stays(city, staff):
    top = plant(city, "Ankommen")
    plant(city, "Anmelden", under=top)
    shown = text_of(step(staff, "/content", **CITY))
    assert len(re.findall('type="checkbox"[^>]* checked', shown)) == 3 + len(onboarding.KINDS)
    shown = text_of(step(staff, "/content", **{**CITY, **CONTENT, "below": top, "drafts": "1"}))
    assert len(re.findall('type="checkbox"[^>]* checked', shown)) == 4
    assert f'value="{top}" selected' in shown
    assert 'name="drafts" value="1" checked' in shown


def test_choices_that_do_not_fit_come_back_with_a_sentence(city, staff):
    answer = step(staff, "/plan", **{**CITY, **CONTENT, "languages": ["en"]})
    assert answer.status_code == 422
    assert "„en“ wird aus „de“ übersetzt" in text_of(answer)
    answer = step(staff, "/plan", **{**CITY, "chosen": "1"})
    assert answer.status_code == 422
    assert "mindestens eine Sprache" in text_of(answer)


def test_the_plan_says_what_comes_what_stays_and_what_is_lost(city, database, staff):
    contact = introduce(city, "Auskunft", phone="0821 3240")
    card = f'<contact-card entry="{contact}" show="phone"></contact-card>'
    translate(city, plant(city, "Wohnen", content=f"<p>Hier:</p>{card}"), "en", "Living")
    shown = text_of(step(staff, "/plan", **{**CITY, **CONTENT, "kinds": ["page"]}))
    assert "Kontakte: 1 (nicht gewählt)" in shown
    assert re.search(r"Wohnen.*Kontaktkarte:.*Auskunft.*fehlt im Text", shown, re.DOTALL)
    assert "ein Text" in shown
    assert tenant_at(database, "heide") is None


def test_a_double_press_makes_one_city_and_its_page_tells_how_far_it_is(city, database, settings, staff, monkeypatch):
    plant(city, "Wohnen")
    first = start(staff)
    known = queries.by_key
    answers = iter([None])  # the second press looks before the first has written
    monkeypatch.setattr(queries, "by_key", lambda *asked: next(answers, known(*asked)))
    assert start(staff).location == first.location
    heide = tenant_at(database, "heide")
    assert (heide.full_name, heide.status, heide.postal_codes) == ("Stadt Heide", "hidden", ["25746", "25747"])
    assert "Wartet" in text_of(staff.client.get(first.location))
    assert "Bis zur Freischaltung" not in text_of(staff.get(f"/cities/{heide.id}"))
    with pytest.raises(Conflict, match="still being made"), database.unit_of_work(heide.id, write=True) as db:
        opening.go_live(db, actor=EDITOR)
    work(database, settings, heide.id)
    shown = text_of(staff.client.get(first.location))
    assert "Die Stadt ist verborgen, bis Sie sie zeigen." in shown
    assert "every 1s" not in shown
    assert "Bis zur Freischaltung" in text_of(staff.get(f"/cities/{heide.id}"))


def test_an_address_that_was_taken_meanwhile_leads_back_to_the_first_step(city, database, staff):
    make_city(database, "heide")
    answer = start(staff)
    assert answer.status_code == 422
    assert "gehört einer anderen Stadt" in text_of(answer)
    assert '<input type="hidden" name="languages" value="en">' in text_of(answer)


def test_a_clone_is_called_off_and_taken_back(city, database, settings, staff):
    plant(city, "Wohnen")
    page = start(staff).location
    heide = tenant_at(database, "heide").id
    staff.post(f"/cities/{heide}/clone/cancel")
    assert "Was schon da ist, ist verborgen" in text_of(staff.client.get(page))
    staff.post(f"/cities/{heide}/clone/retry")
    assert "inzwischen weitergegangen" in text_of(staff.client.get(page))
    staff.post(f"/cities/{heide}/clone/undo")
    assert tenant_at(database, "heide") is None
    work(database, settings, heide)
    with database.unit_of_work(heide) as db:
        assert onboarding.counts(db).total() == 0


def test_a_clone_in_which_someone_has_worked_is_not_taken_back(city, database, settings, staff):
    page = start(staff).location
    heide = tenant_at(database, "heide").id
    work(database, settings, heide)
    with database.unit_of_work(heide, write=True) as db:
        tenants.set_status(db, tenants.ACTIVE, actor=EDITOR)
    staff.post(f"/cities/{heide}/clone/undo")
    assert "lässt sich nicht zurücknehmen" in text_of(staff.client.get(page))
    assert tenant_at(database, "heide").status == tenants.ACTIVE


def test_a_city_that_begins_empty_keeps_what_the_first_step_said(city, database, staff):
    shown = text_of(step(staff, "/content", **{**CITY, "source": "-"}))
    assert "Sie beginnt leer" in shown
    assert '<input type="hidden" name="slug" value="heide">' in shown
    staff.post("/cities/new", {**CITY, "source": "-", "root": "de", "languages": ["en"]})
    assert tenant_at(database, "heide").postal_codes == ["25746", "25747"]


def test_only_the_platforms_staff_make_cities(app, city, database):
    outsider = Staff(app, database, name="Otto", staff=False)
    assert step(outsider, "").status_code == 403
    assert start(outsider).status_code == 403


@pytest.mark.parametrize("path", ["", "/content", "/plan"])
def test_an_address_that_says_nothing_is_no_accident(staff, path):
    assert step(staff, path).status_code in (200, 422)

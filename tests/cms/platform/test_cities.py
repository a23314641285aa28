"""All cities and how they are doing, as the platform's staff see them."""

from __future__ import annotations

import csv
import io

import pytest

from cityinfo.cms.platform import cities
from cityinfo.features import accounts, audit, condition, logins, tenants
from cityinfo.features.audit import Wanted
from cityinfo.kernel import jobs
from tests.cms.conftest import Staff, text_of
from tests.factories import EDITOR, make_city, plant
from tests.factories_people import member
from tests.web.test_statements import Statements

NEW = {"name": "Landkreis Augsburg", "slug": "lkaugsburg", "root": "de", "languages": ["en", "ar"]}


def measured(city):
    with city.database.unit_of_work(city.tenant_id, write=True, numbered=False) as db:
        condition.measure(db)


def log(city):
    with city.read() as db:
        return [(row.action, row.actor, row.note) for row in audit.page(db, Wanted()).rows]


def test_every_city_is_listed_with_what_it_needs(city, other_city, staff):
    plant(city, "Wohnen")
    measured(city)
    shown = text_of(staff.get("/cities"))
    assert "Stadt Teststadt" in shown
    assert "Zu wenige Leitungen" in shown
    assert "Noch nicht gemessen" in shown
    assert "2 Städte" in shown


def test_the_list_is_narrowed_and_says_when_nothing_fits(city, other_city, staff):
    measured(city)
    assert "Nachbarstadt" not in text_of(staff.get("/cities?need=managers"))
    assert "Nachbarstadt" in text_of(staff.get("/cities?q=nachbar"))
    assert "Keine Stadt passt." in text_of(staff.get("/cities?q=nirgends"))


def test_a_long_list_is_cut_into_sheets(city, staff, database, monkeypatch):
    monkeypatch.setattr(cities, "ON_A_SHEET", 2)
    for number in range(3):
        make_city(database, f"stadt-{number}")
    assert "from=2" in text_of(staff.get("/cities"))
    assert "Weitere Städte" not in text_of(staff.get("/cities?from=2"))


def test_a_long_list_takes_as_many_statements_as_a_short_one(city, staff, database):
    asked = Statements(database.engine)
    staff.get("/cities")
    few = asked.of(lambda: staff.get("/cities"))
    for number in range(6):
        measured(make_city(database, f"stadt-{number}"))
    assert asked.of(lambda: staff.get("/cities")) == few


def test_the_table_has_every_figure(city, other_city, staff):
    plant(city, "Wohnen")
    measured(city)
    answer = staff.get("/cities.csv?sort=name")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert [row["slug"] for row in rows] == ["nachbarstadt", "teststadt"]
    assert (rows[1]["pages_public"], rows[1]["missing"], rows[1]["languages"]) == ("1", "2", "de en ar")
    assert "managers" in rows[1]["needs"].split()
    assert rows[0]["measured_at"] == ""


def test_a_city_is_reported_in_sentences_with_what_to_do(city, staff):
    member(city, "manager")
    plant(city, "Wohnen")
    staff.post(f"/cities/{city.tenant_id}/measure")
    shown = text_of(staff.get(f"/cities/{city.tenant_id}"))
    assert "0 von 2 Übersetzungen sind aktuell. 2 fehlen." in shown
    assert "Eine Person leitet die Stadt." in shown
    assert "mindestens 2" in shown


def test_the_worker_is_asked_to_measure_a_sheet_anew(city, other_city, staff, database):
    staff.post("/cities/measure", {"city": [city.tenant_id, 12345], "sort": "size"})
    assert [tenant_id for tenant_id, _ in jobs.sweep(database)] == [city.tenant_id]


def test_a_city_is_hidden_with_a_reason_that_its_managers_can_read(city, staff):
    answer = staff.post(f"/cities/{city.tenant_id}/status", {"status": "hidden", "reason": "Der Vertrag endet."})
    assert answer.status_code == 303
    with city.read() as db:
        assert tenants.own(db).status == "hidden"
    who = f"staff:{staff.account_id}"
    assert [one[:2] for one in log(city)[:2]] == [("PlaceChanged", who), ("StaffEntered", who)]
    assert log(city)[1][2] == "Der Vertrag endet."


def test_without_a_reason_nothing_changes_and_what_was_chosen_stays(city, staff):
    answer = staff.post(f"/cities/{city.tenant_id}/status", {"status": "archived", "reason": "x"})
    assert answer.status_code == 422
    assert 'value="archived" checked' in text_of(answer)
    assert "Sagen Sie in wenigen Worten" in text_of(answer)
    with city.read() as db:
        assert tenants.own(db).status == "active"


def test_an_archived_city_can_be_brought_back(city, staff):
    with city.write() as db:
        tenants.set_status(db, tenants.ARCHIVED, actor=EDITOR)
    assert "Stadt Teststadt" in text_of(staff.get("/cities?status=archived"))
    staff.post(f"/cities/{city.tenant_id}/status", {"status": "active", "reason": "Sie macht weiter."})
    with city.read() as db:
        assert tenants.own(db).status == "active"


def test_a_new_city_is_hidden_and_invites_its_manager(staff, database):
    answer = staff.post("/cities/new", {**NEW, "manager": "Layla", "email": "layla@example.org"})
    assert answer.status_code == 303
    tenant_id = int(answer.headers["Location"].rpartition("/")[2])
    with database.unit_of_work(tenant_id) as db:
        city = tenants.own(db)
        assert (city.prefix, city.name, city.status) == ("Landkreis", "Augsburg", "hidden")
        assert city.active_languages == ["de", "en", "ar"]
        assert [one.account.email for one in logins.invitations(db)] == ["layla@example.org"]
        assert accounts.people(db)[0].membership.role == "manager"
    assert "Landkreis Augsburg" in text_of(staff.get("/cities"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"slug": "teststadt"}, "gehört einer anderen Stadt"),
        ({"slug": "platform"}, "ist vergeben"),
        ({"name": " "}, "Eine Stadt braucht einen Namen"),
        ({"email": "layla"}, "E-Mail-Adresse"),
    ],
)
def test_a_city_that_cannot_be_opened_leaves_no_trace_and_loses_no_word(city, staff, database, typed, said):
    answer = staff.post("/cities/new", {**NEW, "manager": "Layla", **typed})
    assert answer.status_code == 422
    shown = text_of(answer)
    assert said in shown
    assert 'value="Layla"' in shown
    assert 'value="ar" checked' in shown
    with city.read() as db:
        assert len(tenants.everyone(db)) == 1


def test_managers_of_a_city_see_nothing_of_the_platform(city, people, app, database):
    manager = people("manager")
    for path in ("cities", "cities.csv", "cities/new", f"cities/{city.tenant_id}"):
        assert manager.client.get(f"/cms/platform/{path}").status_code == 403
    assert "Zur Plattform" not in text_of(manager.client.get("/cms/", follow_redirects=True))


def test_whoever_is_no_longer_staff_is_refused_at_once(app, database, city):
    former = Staff(app, database, name="Former", staff=False)
    assert former.get("/cities").status_code == 403


def test_a_city_that_nobody_knows_is_not_found(staff):
    assert staff.get("/cities/12345").status_code == 404
    assert staff.post("/cities/12345/status", {"status": "hidden", "reason": "warum nicht"}).status_code == 404
    assert staff.post("/cities/12345/measure").status_code == 404


def test_staff_find_the_way_from_their_cities(staff, city):
    assert "Zur Plattform" in text_of(staff.client.get("/cms/"))

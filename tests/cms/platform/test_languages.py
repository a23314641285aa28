"""The registry of languages, as the platform's staff keep it."""

from __future__ import annotations

import pytest

from cityinfo import registry
from cityinfo.features import audit, tenants
from cityinfo.kernel import jobs
from cityinfo.kernel.db import NO_TENANT
from tests.cms.conftest import text_of

NEW = {
    "slug": "ug",
    "bcp47": "ug",
    "native_name": "ئۇيغۇرچە",
    "name_de": "Uigurisch",
    "name_en": "Uyghur",
    "direction": "rtl",
}


def language(database, slug):
    with database.unit_of_work(NO_TENANT) as db:
        return tenants.languages(db).get(slug)


def seen(staff, slug):
    return text_of(staff.get(f"/languages/{slug}")).partition('name="seen" value="')[2].partition('"')[0]


def test_the_registry_says_how_many_cities_write_in_a_language(city, other_city, staff):
    shown = text_of(staff.get("/languages"))
    row = shown.partition("languages/ar")[2].partition("</tr>")[0]
    assert "العربية" in row
    assert "von rechts nach links" in row
    assert ">2<" in row


def test_a_language_is_added_and_cities_can_choose_it(city, people, staff, database):
    assert staff.post("/languages/new", NEW).status_code == 303
    assert language(database, "ug").direction == "rtl"
    assert "Uigurisch" in text_of(people("manager").get("/settings/languages"))
    with database.unit_of_work(NO_TENANT) as db:
        row = db.query(audit.PlatformAuditRow).filter_by(action="RegistryChanged").one()
        assert (row.actor, row.language) == (f"staff:{staff.account_id}", "ug")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"slug": "Ug"}, "kleine Buchstaben"),
        ({"slug": "de"}, "schon im Verzeichnis"),
        ({"bcp47": "de"}, "gehört einer anderen Sprache"),
        ({"bcp47": "?"}, "zh-Hans"),
        ({"native_name": " "}, "höchstens 100"),
        ({"direction": "up"}, "Richtung"),
    ],
)
def test_what_cannot_be_a_language_comes_back_as_it_was_typed(staff, database, typed, said):
    answer = staff.post("/languages/new", {**NEW, **typed})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert 'value="Uigurisch"' in text_of(answer)
    assert language(database, "ug") is None


def test_a_name_is_changed_and_stays_after_the_next_release(city, staff, database, client):
    names = {
        "bcp47": "ar",
        "native_name": "العربية",
        "name_de": "Hocharabisch",
        "name_en": "Arabic",
        "direction": "rtl",
    }
    before = client.get("/api/v1/tenants/teststadt").json["languages"]
    staff.post("/languages/ar", {**names, "native_name": "عربي", "seen": seen(staff, "ar")})
    with database.unit_of_work(NO_TENANT, write=True) as db:
        tenants.register_languages(db)
    assert language(database, "ar").name_de == "Hocharabisch"
    for tenant_id, job_id in jobs.sweep(database):
        jobs.run_job(database, registry.JOBS, tenant_id, job_id)
    after = client.get("/api/v1/tenants/teststadt").json["languages"]
    assert before != after
    assert "عربي" in [one["native_name"] for one in after]


def test_a_colleague_who_was_quicker_is_not_overwritten_unseen(staff, database):
    mark = seen(staff, "ar")
    names = {"bcp47": "ar", "native_name": "العربية", "name_de": "Arabisch A", "name_en": "Arabic", "direction": "rtl"}
    staff.post("/languages/ar", {**names, "seen": mark})
    answer = staff.post("/languages/ar", {**names, "name_de": "Arabisch B", "seen": mark})
    assert answer.status_code == 409
    assert "Arabisch B" in text_of(answer)
    assert language(database, "ar").name_de == "Arabisch A"


def test_a_language_that_nobody_knows_is_not_found(staff):
    assert staff.get("/languages/xx").status_code == 404

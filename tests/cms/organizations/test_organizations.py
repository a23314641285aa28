"""Organizations as editors write them, without a browser."""

from __future__ import annotations

import pytest

from cityinfo.cms.entries import screens
from cityinfo.features import content, organizations
from tests.cms.conftest import text_of
from tests.factories_entries import found, revision_of
from tests.factories_events import hold
from tests.web.test_statements import Statements

CARITAS = {
    "title": "Caritas",
    "content": "Hilft Menschen in Not.",
    "sort": "association",
    "website": "https://caritas.example",
}


@pytest.fixture
def editor(people):
    return people("editor")


def made(editor, **fields):
    answer = editor.post("/organizations/new", {**CARITAS, **fields})
    assert answer.status_code == 303, text_of(answer)
    return int(answer.headers["Location"].rpartition("/")[2])


def facts(city, organization_id):
    with city.read() as db:
        return organizations.facts_of(db, organization_id)


def fields_of(city, organization_id, **changed):
    with city.read() as db:
        text = content.find_text(db, organization_id, "de")
        revisions = {"revision": revision_of(db, organization_id), "text_revision": text.revision}
    return {**CARITAS, **revisions, **changed}


def test_an_organization_is_written_and_published(city, editor):
    organization_id = made(editor, do="publish", seal="https://siegel.example")
    (shown,) = editor.client.get(f"/api/v1/tenants/{city.slug}/de/organizations").json["items"]
    assert (shown["title"], shown["sort"], shown["website"]) == ("Caritas", "association", "https://caritas.example")
    assert shown["seal"] == "https://siegel.example"
    assert "Hilft Menschen in Not." in text_of(editor.get(f"/organizations/{organization_id}"))


def test_it_is_said_what_it_is_part_of_whose_project_it_is_and_who_its_partners_are(city, editor):
    parent, first, second = (found(city, name) for name in ("Bistum", "Stadt", "Land"))
    organization_id = made(editor, part_of=parent, project_of=[first, second], partners=[second])
    kept = facts(city, organization_id)
    assert (kept.part_of, kept.project_of, kept.partners) == (parent, [first, second], [second])
    shown = text_of(editor.get(f"/organizations/{organization_id}"))
    assert f'name="project_of" value="{first}" checked' in shown
    assert f'value="{parent}" selected' in shown


def test_who_changes_nothing_makes_no_version_and_changes_no_organization(city, editor):
    partner = found(city, "Stadt")
    organization_id = made(editor, partners=[partner])
    shown = fields_of(city, organization_id, partners=[partner])
    editor.post(f"/organizations/{organization_id}", shown)
    now = fields_of(city, organization_id)
    assert (now["revision"], now["text_revision"]) == (shown["revision"], shown["text_revision"])


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({"website": "caritas"}, "keine Webadresse"), ({"title": " "}, "Titel"), ({"sort": "club"}, "club")],
)
def test_what_was_typed_stays_when_it_is_refused(city, editor, fields, sentence):
    refused = editor.post("/organizations/new", {**CARITAS, **fields})
    assert refused.status_code == 422
    assert sentence in text_of(refused)
    assert "Hilft Menschen in Not." in text_of(refused)
    with city.read() as db:
        assert list(organizations.all_ids(db)) == []


def test_an_organization_cannot_be_part_of_itself(city, editor):
    organization_id = made(editor)
    below = made(editor, title="Beratung", part_of=organization_id)
    refused = editor.post(f"/organizations/{organization_id}", fields_of(city, organization_id, part_of=below))
    assert refused.status_code == 422
    assert "kann nicht Teil von sich selbst sein" in text_of(refused)


def test_a_partner_among_many_is_looked_for_by_name_and_nothing_is_saved_by_it(city, editor):
    names = [found(city, f"Verein {number:02}") for number in range(20)]
    organization_id = made(editor, partners=[names[3]])
    assert "Verein 07" not in picks(editor.get(f"/organizations/{organization_id}"))
    looked = fields_of(city, organization_id, title="Neu", find_partners="ein 07", partners=[names[3]], do="show")
    answer = editor.post(f"/organizations/{organization_id}", looked)
    assert answer.status_code == 200
    assert f'name="partners" value="{names[7]}">' in picks(answer)
    assert f'name="partners" value="{names[3]}" checked' in picks(answer)
    assert 'value="Neu"' in text_of(answer)
    with city.read() as db:
        assert content.titles(db, organization_id)["de"] == "Caritas"


def picks(answer):
    return text_of(answer).partition('id="picks-partners"')[2].partition("</fieldset>")[0]


def test_its_members_and_what_belongs_to_it_stand_beside_it(city, people):
    organization_id = made(people("editor"))
    hold(city, "Beratung", "2100-05-01T18:00", organization=organization_id)
    people("contributor", organization=organization_id)
    shown = text_of(people("manager").get(f"/organizations/{organization_id}"))
    assert "Contributor" in shown
    assert "Beratung" in shown
    assert "Contributor" not in text_of(people("observer").get(f"/organizations/{organization_id}"))
    assert "ein Eintrag gehört dazu" in text_of(people("author").get("/organizations"))


def test_a_long_list_comes_in_sheets_with_as_many_statements_as_a_short_one(city, editor, monkeypatch):
    monkeypatch.setattr(screens, "ON_A_SHEET", 3)
    found(city, "Verein")
    asked = Statements(city.database.engine)
    short = asked.of(lambda: editor.get("/organizations"))
    for number in range(4):
        found(city, f"Verein {number}")
    assert asked.of(lambda: editor.get("/organizations")) == short
    assert "after=" in text_of(editor.get("/organizations"))


def test_members_see_only_their_own_organization(city, people):
    own, other = found(city, "Caritas"), found(city, "Diakonie")
    member = people("contributor", organization=own)
    listed = text_of(member.get("/organizations"))
    assert "Caritas" in listed
    assert "Diakonie" not in listed
    assert member.get(f"/organizations/{own}").status_code == 200
    assert member.get(f"/organizations/{other}").status_code == 403


def test_its_translation_is_written_beside_its_words(city, editor):
    organization_id = made(editor, do="publish")
    assert editor.get(f"/translations/en/{organization_id}").status_code == 200
    assert editor.get(f"/texts/{organization_id}/de").status_code == 200

"""One desk for the texts of every kind: what it shows of a kind, and to whom."""

from __future__ import annotations

import re

import pytest

from cityinfo.features import content, imprint
from tests.cms.conftest import text_of
from tests.factories import plant
from tests.factories_entries import found
from tests.factories_events import hold


@pytest.fixture
def event(city):
    return hold(city, "Sprachcafé", "2100-05-04T15:00", text="<p>Deutsch sprechen.</p>")


def words(city, entry_id, content_):
    with city.read() as db:
        text = content.find_text(db, entry_id, "de")
        return {
            "title": "Sprachcafé",
            "content": content_,
            "revision": text.revision,
            "version": text.current_version_id,
        }


def test_a_list_in_an_event_is_written_on_the_desk_and_stays_when_its_form_is_saved(city, people, event):
    editor = people("editor")
    sent = words(city, event, "<p>Bitte mitbringen:</p><ul><li>Tasse</li></ul>")
    editor.post(f"/texts/{event}/de", {**sent, "do": "publish"})
    answer = editor.client.get(f"/api/v1/tenants/{city.slug}/de/events/{event}").json
    assert "<li>Tasse</li>" in answer["content"]
    shown = text_of(editor.get(f"/texts/{event}/de"))
    assert f'href="/cms/{city.slug}/events/{event}"' in shown
    assert "<li>Tasse" in text_of(editor.get(f"/events/{event}"))


def test_who_writes_events_alone_opens_no_page(city, people, event):
    page = plant(city, "Wohnen")
    manager = people("event_manager")
    assert manager.get(f"/texts/{event}/de").status_code == 200
    for path in ("", "/versions", "/preview", "/others", "/comments"):
        assert manager.get(f"/texts/{page}/de{path}").status_code == 403, path
    assert manager.post(f"/texts/{page}/de", words(city, page, "<p>Neu.</p>")).status_code == 403
    assert manager.post(f"/texts/{page}/de/autosave", words(city, page, "<p>Neu.</p>")).status_code == 403
    assert manager.get(f"/translations/en/{page}").status_code == 403


def test_members_of_an_organization_open_only_what_is_its_own(city, people):
    own = found(city, "Caritas")
    theirs = hold(city, "Beratung", "2100-05-01T18:00", organization=own)
    others, page = hold(city, "Konzert", "2100-05-01T18:00"), plant(city, "Wohnen")
    member = people("contributor", organization=own)
    assert member.get(f"/texts/{theirs}/de").status_code == 200
    assert member.get(f"/texts/{others}/de").status_code == 403
    assert member.get(f"/texts/{page}/de").status_code == 403


def test_the_imprint_is_begun_and_published(city, people):
    editor = people("editor")
    assert "noch kein Impressum" in text_of(editor.get("/imprint"))
    address = editor.post("/imprint").location.removeprefix(f"/cms/{city.slug}")
    sent = {"title": "Impressum", "content": "<p>Verantwortlich: die Stadt.</p>", "revision": "0", "do": "publish"}
    editor.post(address, sent)
    answer = editor.client.get(f"/api/v1/tenants/{city.slug}/de/imprint")
    assert answer.json["content"] == "<p>Verantwortlich: die Stadt.</p>"
    assert editor.get("/imprint").location.endswith(address)
    with city.read() as db:
        assert imprint.of_city(db) is not None


def test_an_event_is_previewed_for_its_editors_and_for_whoever_has_the_link(city, people, event):
    someone = people("event_manager")
    shown = text_of(someone.get(f"/texts/{event}/de/preview"))
    assert "Deutsch sprechen." in shown
    link = re.search(r"/cms/preview/[^\"]+", shown)[0]
    assert "Deutsch sprechen." in text_of(someone.client.get(link))


def test_versions_of_an_event_lead_back_to_it_and_come_back_by_whoever_writes_events(city, people, event):
    someone = people("event_manager")
    someone.post(f"/texts/{event}/de", words(city, event, "<p>Deutsch hören.</p>"))
    shown = text_of(someone.get(f"/texts/{event}/de/versions?version=1"))
    assert f'<a href="/cms/{city.slug}/events/{event}">Veranstaltung</a>' in shown
    assert "Diese Version zurückholen" in shown

"""In which language problems are said."""

from __future__ import annotations

import pytest

from cityinfo.features import events
from cityinfo.features.events import calendars
from cityinfo.kernel.errors import Unavailable
from cityinfo.kernel.i18n import say
from tests.editors import Editor

GERMAN = {"Accept-Language": "de-DE,de;q=0.9,en;q=0.5"}


pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def test_a_problem_is_said_in_the_language_the_caller_wants(client, city):
    answer = client.get(f"/api/v1/tenants/{city.slug}/de/pages/7", headers=GERMAN)
    assert answer.get_json()["detail"] == "In dieser Sprache gibt es keine Seite 7."
    assert (answer.headers["Content-Language"], "Accept-Language" in answer.headers["Vary"]) == ("de", True)


@pytest.mark.parametrize("wanted", [None, "en", "ti,am;q=0.5"])
def test_whoever_wants_no_language_of_ours_is_told_in_english(client, city, wanted):
    headers = {"Accept-Language": wanted} if wanted else {}
    answer = client.get(f"/api/v1/tenants/{city.slug}/de/pages/7", headers=headers)
    assert answer.get_json()["detail"] == "There is no page 7 in this language."


def test_what_is_wrong_with_a_parameter_is_said_in_german_too(client, city):
    answer = client.get(f"/api/v1/tenants/{city.slug}/de/pages?limit=many", headers=GERMAN)
    assert answer.status_code == 422
    assert "Das ist keine ganze Zahl." in str(answer.get_json()["errors"])


def test_what_readers_see_does_not_depend_on_the_language_of_problems(client, city):
    german, english = (client.get(f"/api/v1/tenants/{city.slug}/de/pages", headers=headers) for headers in (GERMAN, {}))
    assert (german.data, german.headers["ETag"]) == (english.data, english.headers["ETag"])


def test_a_field_that_is_not_known_is_named_where_it_was_sent(client, city):
    amal = Editor(client, city)
    body = {"facts": {"farbe": "rot"}, "texts": {"de": {"title": "Arbeit"}}}
    refused = client.post(f"{amal.here}/pages", json=body, headers={**amal.headers, **GERMAN})
    assert refused.status_code == 422
    assert refused.json["errors"]["json"]["facts"] == {
        "farbe": ["Das Feld „farbe“ ist hier nicht bekannt; lassen Sie es weg."]
    }


KINDS = [  # in the plural of addresses, and German of one
    ("events", "Es gibt keine Veranstaltung 7."),
    ("locations", "Es gibt keinen Ort 7."),
    ("contacts", "Es gibt keinen Kontakt 7."),
    ("offers", "Es gibt kein Angebot 7."),
    ("organizations", "Es gibt keine Organisation 7."),
    ("news", "Es gibt keine Mitteilung 7."),
    ("pages", "Es gibt keine Seite 7."),
]


@pytest.mark.parametrize(("plural", "sentence"), KINDS)
def test_what_is_not_there_is_named_by_a_german_noun(client, city, plural, sentence):
    amal = Editor(client, city)
    refused = client.get(f"{amal.here}/{plural}/7", headers={**amal.headers, **GERMAN})
    assert (refused.status_code, refused.json["detail"]) == (404, sentence)


@pytest.mark.parametrize("plural", [plural for plural, _ in KINDS])
def test_readers_are_told_in_german_too_what_is_not_there(client, city, plural):
    refused = client.get(f"/api/v1/tenants/{city.slug}/de/{plural}/7", headers=GERMAN)
    assert refused.status_code == 404
    assert refused.json["detail"].startswith("In dieser Sprache gibt es kein")


def test_why_a_calendar_failed_is_kept_for_readers_of_every_language(client, city):
    amal = Editor(client, city)
    draft = {"name": "VHS", "address": "https://vhs.example.org/a.ics", "language": "de"}
    here = f"/calendars/{amal.post('/calendars', draft).json['id']}"
    failed = Unavailable("calendar.unknown", say("There is no server “{host}”; check the address.", host="vhs"))
    left_out = {"uid": "1", "title": '{"one": "x"}', "reason": say("It has no beginning.")}
    with city.write() as db:
        [calendar] = events.all_calendars(db)
        calendars.note_result(db, calendar.id, result={"rejected": [left_out]})
        calendars.note_result(db, calendar.id, error=failed.message)
    english = amal.get(here)
    german = client.get(f"{amal.here}{here}", headers={**amal.headers, **GERMAN})
    assert english.json["last_error"] == "There is no server “vhs”; check the address."
    assert german.json["last_error"].startswith("Es gibt keinen Server „vhs“")
    assert german.json["last_result"]["rejected"][0]["title"] == '{"one": "x"}'
    assert german.headers["ETag"] == english.headers["ETag"]


def test_who_may_not_is_told_in_german_which_rights_would_do(client, city):
    observer = Editor(client, city, "observer")
    refused = client.post(f"{observer.here}/webhooks", json={}, headers={**observer.headers, **GERMAN})
    assert refused.status_code == 403
    assert refused.json["detail"].startswith("Ihre Rolle umfasst das nicht")


def test_what_is_no_file_is_said_in_german_too(client):
    refused = client.get("/media/nothing.jpg", headers=GERMAN)
    assert (refused.status_code, refused.text) == (404, "Unter dieser Adresse gibt es nichts.\n")
    assert (refused.headers["Content-Language"], refused.headers["Vary"]) == ("de", "Accept-Language")

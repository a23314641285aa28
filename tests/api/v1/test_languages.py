"""In which language problems are said."""

from __future__ import annotations

import pytest

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

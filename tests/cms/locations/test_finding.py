"""Coordinates of an address are found by a button of the form."""

from __future__ import annotations

import pytest

from cityinfo.features.locations import Found
from cityinfo.kernel.errors import Unavailable
from tests.cms.conftest import text_of
from tests.cms.locations.test_locations import LIBRARY


class MapServer:
    """Knows one address, or does not answer."""

    def __init__(self, *found, away=False):
        self.found, self.away, self.asked = found, away, []

    def find(self, address):
        self.asked.append(address)
        if self.away:
            raise Unavailable("geocoder.failed", "The map server does not answer; set the point by hand.")
        return self.found


@pytest.fixture
def editor(people):
    return people("editor")


@pytest.fixture
def with_map(editor):
    """Lets a map server answer."""

    def put(server):
        editor.client.application.extensions["geocoder"] = lambda: server
        return server

    return put


def find(editor, **fields):
    answer = editor.post("/locations/new", {**LIBRARY, **fields, "do": "show:find"})
    assert answer.status_code == 200
    return text_of(answer)


def test_the_point_of_the_address_comes_into_its_fields(editor, with_map):
    server = with_map(MapServer(Found(49.7557, 6.6394, "Am Markt 5, Musterstadt")))
    shown = find(editor)
    assert 'value="49.7557"' in shown
    assert 'value="6.6394"' in shown
    assert "Gefunden: Am Markt 5, Musterstadt" in shown
    assert 'value="Stadtbücherei"' in shown
    assert server.asked == ["Am Markt 5, 54321 Musterstadt, Deutschland"]


def test_a_point_that_was_far_away_is_told(editor, with_map):
    with_map(MapServer(Found(49.7557, 6.6394, "Am Markt 5")))
    assert "Der Punkt davor lag 28" in find(editor, latitude="49.5", longitude="6.64")
    assert "Der Punkt davor" not in find(editor, latitude="49.7557", longitude="6.64")


@pytest.mark.parametrize(
    ("server", "fields", "sentence"),
    [
        (MapServer(), {}, "Die Karte kennt diese Adresse nicht"),
        (MapServer(away=True), {}, "Der Kartenserver antwortet nicht"),
        (MapServer(), {"street": "", "town": "", "postal_code": ""}, "Schreiben Sie zuerst die Adresse"),
        (MapServer(Found(1, 1, "x")), {"latitude": "oben"}, "keine Koordinate"),
        (None, {}, "kein Kartenserver eingerichtet"),
    ],
)
def test_what_was_typed_stays_when_nothing_is_found(editor, with_map, server, fields, sentence):
    with_map(server or MapServer())
    if server is None:
        editor.client.application.extensions["geocoder"] = lambda: None
        answer = text_of(editor.post("/locations/new", {**LIBRARY, **fields, "do": "show:find"}))
        assert 'value="show:find"' not in answer
    else:
        answer = find(editor, **fields)
        assert sentence in answer
    assert 'value="Stadtbücherei"' in answer

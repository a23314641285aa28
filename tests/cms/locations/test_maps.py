"""Tiles of a map may be shown where there is a map, and from their own server only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cityinfo.app import create_app
from cityinfo.cms.locations.maps import origin
from cityinfo.kernel.errors import Invalid
from cityinfo.settings import Settings
from tests.cms.conftest import Someone, text_of


def policy(answer):
    return answer.headers["Content-Security-Policy"]


def test_only_the_form_of_a_place_may_show_tiles_and_of_one_server(settings, city):
    named = replace(settings, tile_url="https://tiles.example.org:8443/{z}/{x}/{y}.png?key=1")
    editor = Someone(create_app(named, database=city.database), city, "editor")
    form = editor.get("/locations/new")
    assert "img-src 'self' data: blob: https://tiles.example.org:8443; media-src" in policy(form)
    assert 'data-tiles="https://tiles.example.org:8443/{z}/{x}/{y}.png?key=1"' in text_of(form)
    for path in ("/locations", "/events/new", "/"):
        assert "tiles.example.org" not in policy(editor.get(path))


def test_without_tiles_there_is_no_map(people):
    form = people("editor").get("/locations/new")
    assert "data-map" not in text_of(form)
    assert "http" not in policy(form)


def test_several_servers_of_one_name_are_one_origin():
    assert origin("https://{s}.tile.example.org/{z}/{x}/{y}.png") == "https://*.tile.example.org"


def test_an_address_of_tiles_without_places_for_them_is_refused():
    with pytest.raises(Invalid, match="CITYINFO_TILE_URL"):
        Settings(tile_url="https://tiles.example.org/map.png")

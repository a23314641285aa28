"""How readers' apps look in a city, as its managers choose it."""

from __future__ import annotations

import pytest

from cityinfo.features import tenants
from tests.cms.conftest import text_of
from tests.factories_media import library_of, picture, put
from tests.web.test_statements import Statements

OWN = {"own": "1", "light": "#2044aa", "dark": "#97afe1"}
HERE = "/settings/appearance"


@pytest.fixture
def manager(people):
    return people("manager")


def seen(manager):
    return text_of(manager.get(HERE)).partition('name="seen" value="')[2].partition('"')[0]


def save(manager, **fields):
    return manager.post(HERE, {**OWN, "seen": seen(manager), **fields})


def theme(city):
    with city.read() as db:
        return tenants.theme(db)


def shown(manager):
    return manager.client.get(f"/api/v1/tenants/{manager.city.slug}").json["theme"]


def test_apps_learn_of_the_colours_and_the_logo(city, manager, settings):
    logo = put(library_of(city.database, settings), city, picture(120, 60), name="wappen.jpg")
    assert shown(manager) == {"light": None, "dark": None, "logo": None}
    assert "wappen.jpg" in text_of(manager.get(HERE))
    assert save(manager, logo=logo).status_code == 303
    now = shown(manager)
    assert now["light"] == {"accent": "#2044aa", "on_accent": "#ffffff"}
    assert now["dark"] == {"accent": "#97afe1", "on_accent": "#000000"}
    assert (now["logo"]["width"], now["logo"]["height"]) == (120, 60)
    assert now["logo"]["url"] in text_of(manager.get(HERE))


def test_a_colour_that_is_too_faint_comes_back_with_one_that_is_not(city, manager):
    refused = save(manager, light="#97afe1")
    assert refused.status_code == 422
    assert "zu blass" in text_of(refused)
    assert 'value="#97afe1"' in text_of(refused)
    assert theme(city).light == ""


def test_a_look_keeps_nothing(city, manager):
    looked = save(manager, light="#6d00ff", do="preview")
    assert 'fill="#6d00ff"' in text_of(looked)
    assert theme(city).light == ""


def test_the_citys_colours_can_be_given_up(city, manager):
    save(manager)
    save(manager, own="")
    assert shown(manager)["light"] is None


def test_what_a_colleague_chose_meanwhile_is_not_undone_unseen(city, manager):
    before = seen(manager)
    save(manager)
    refused = manager.post(HERE, {**OWN, "light": "#6d00ff", "seen": before})
    assert refused.status_code == 409
    assert 'value="#6d00ff"' in text_of(refused)
    assert theme(city).light == "#2044aa"


@pytest.mark.parametrize("colour", ["blau", "<script>", "#12345"])
def test_what_is_no_colour_is_refused_and_shown_as_typed(manager, colour):
    refused = save(manager, light=colour)
    assert refused.status_code == 422
    assert "<script>" not in refused.get_data(as_text=True)


def test_editors_do_not_choose(people):
    assert people("editor").get(HERE).status_code == 403


def test_many_pictures_take_as_many_statements_as_few(city, manager, settings):
    library = library_of(city.database, settings)
    put(library, city, picture(60, 60), name="a.jpg")
    asked = Statements(city.database.engine)
    short = asked.of(lambda: manager.get(HERE))
    for name in "bcd":
        put(library, city, picture(60, 60, colour="red" if name == "b" else "blue"), name=f"{name}.jpg")
    assert asked.of(lambda: manager.get(HERE)) == short

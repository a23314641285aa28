"""A city's own categories of places, as its managers keep them."""

from __future__ import annotations

import pytest

from cityinfo.features import locations
from tests.cms.conftest import text_of
from tests.factories_places import category_of, settle
from tests.web.test_statements import Statements

HERE = "/settings/categories"
NEW = {"name-de": "Teestuben", "name-ar": "مقهى", "icon": "gastronomy", "color": "#C38E03"}


@pytest.fixture
def manager(people):
    return people("manager")


@pytest.fixture
def tea(city):
    return category_of(city, "teestuben", de="Teestuben", en="Tea rooms", fr="Salons de thé")


def found(city, slug):
    with city.read() as db:
        return locations.all_categories(db).get(slug)


def seen(manager, slug):
    return text_of(manager.get(f"{HERE}/{slug}")).partition('name="seen" value="')[2].partition('"')[0]


def test_own_and_common_ones_are_listed_with_their_places(city, manager, tea):
    settle(city, "Stube", categories=[tea]), settle(city, "Amt", categories=["advice", tea])
    shown = text_of(manager.get(HERE))
    assert "Teestuben" in shown
    assert "2 Orte" in shown
    assert "Beratung" in shown
    assert "category=advice" in shown


def test_one_is_added_with_names_in_languages_and_places_can_be_in_it(city, manager):
    assert manager.post(f"{HERE}/new", NEW).status_code == 303
    made = found(city, "teestuben")
    assert (made.names, made.icon, made.own) == ({"de": "Teestuben", "ar": "مقهى"}, "gastronomy", True)
    assert "Teestuben" in text_of(manager.get("/locations/new"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [({"name-de": " "}, "höchstens 100"), ({"icon": "x"}, "kein Symbol"), ({"color": "x"}, "keine Farbe")],
)
def test_what_cannot_be_one_comes_back_as_it_was_typed(city, manager, typed, said):
    answer = manager.post(f"{HERE}/new", {**NEW, **typed})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert 'value="مقهى"' in text_of(answer)
    assert found(city, "teestuben") is None


def test_it_is_called_otherwise_and_names_in_other_languages_stay(city, manager, tea):
    manager.post(f"{HERE}/{tea}", {**NEW, "name-de": "Teehäuser", "name-en": "", "seen": seen(manager, tea)})
    assert found(city, tea).names == {"de": "Teehäuser", "ar": "مقهى", "fr": "Salons de thé"}


def test_a_colleague_who_was_quicker_is_not_overwritten_unseen(city, manager, tea):
    mark = seen(manager, tea)
    manager.post(f"{HERE}/{tea}", {**NEW, "name-de": "Von der Kollegin", "seen": mark})
    answer = manager.post(f"{HERE}/{tea}", {**NEW, "name-de": "Von mir", "seen": mark})
    assert answer.status_code == 409
    assert 'value="Von mir"' in text_of(answer)
    assert found(city, tea).names["de"] == "Von der Kollegin"


def test_a_retired_one_is_offered_to_no_other_place(city, manager, tea):
    inside, other = settle(city, "Stube", categories=[tea]), settle(city, "Amt")
    manager.post(f"{HERE}/{tea}", {**NEW, "retired": "1", "seen": seen(manager, tea)})
    assert "nicht mehr vergeben" in text_of(manager.get(HERE))
    assert f'value="{tea}"' in text_of(manager.get(f"/locations/{inside}"))
    assert f'value="{tea}"' not in text_of(manager.get(f"/locations/{other}"))


def test_two_become_one(city, manager, tea):
    category_of(city, "cafes", de="Cafés")
    stube = settle(city, "Stube", categories=[tea])
    assert "Wählen Sie eine andere" in text_of(manager.post(f"{HERE}/{tea}/merge", {"into": ""}))
    manager.post(f"{HERE}/{tea}/merge", {"into": "cafes"})
    assert "Ein Ort gehört jetzt dazu." in text_of(manager.get(HERE))
    with city.read() as db:
        assert locations.of_locations(db, [stube])[stube] == ["cafes"]
    assert found(city, tea) is None


def test_only_what_is_empty_is_removed(city, manager, tea):
    settle(city, "Stube", categories=[tea])
    manager.post(f"{HERE}/{tea}/delete")
    assert found(city, tea) is not None
    category_of(city, "leer", de="Leer")
    manager.post(f"{HERE}/leer/delete")
    assert found(city, "leer") is None


def test_they_are_put_in_order(city, manager, tea):
    category_of(city, "cafes", de="Cafés")
    manager.post(HERE, {"category": [tea, "cafes"], f"place-{tea}": "2", "place-cafes": "1"})
    shown = text_of(manager.get(HERE))
    assert shown.index("Cafés") < shown.index("Teestuben")


def test_those_of_all_cities_are_not_changed_here(manager):
    assert manager.get(f"{HERE}/advice").status_code == 404
    assert manager.post(f"{HERE}/advice", NEW).status_code == 404


def test_a_long_list_takes_as_many_statements_as_a_short_one(city, manager, tea):
    asked = Statements(city.database.engine)
    manager.get(HERE)
    few = asked.of(lambda: manager.get(HERE))
    for number in range(5):
        category_of(city, f"art-{number}", de=f"Art {number}")
        settle(city, f"Ort {number}", categories=[f"art-{number}"])
    assert asked.of(lambda: manager.get(HERE)) == few

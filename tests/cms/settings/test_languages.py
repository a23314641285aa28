"""In which languages a city speaks, as its managers say it."""

from __future__ import annotations

import pytest

from cityinfo.features import tenants
from tests.cms.conftest import text_of

HERE = "/settings/languages"


@pytest.fixture
def manager(people):
    return people("manager")


def tree(city):
    with city.read() as db:
        return [(row.language, row.source, row.active) for row in tenants.tree(db).values()]


def form_of(manager, city, **changed):
    """The form as it is opened, with other answers."""
    shown = text_of(manager.get(HERE))
    fields = {"seen": shown.partition('name="seen" value="')[2].partition('"')[0], "language": []}
    for number, (slug, source, active) in enumerate(tree(city)):
        fields["language"].append(slug)
        fields |= {f"place-{slug}": number + 1, f"source-{slug}": source or "", f"visible-{slug}": "1"}
        fields |= {f"active-{slug}": "1"} if active else {}
    return {name: value for name, value in (fields | changed).items() if value is not None}


def test_a_language_is_added_and_readers_are_offered_it(city, manager):
    assert manager.post(HERE, form_of(manager, city, **{"new": "uk", "source-new": "de"})).status_code == 303
    assert ("uk", "de", True) in tree(city)
    offered = manager.client.get(f"/api/v1/tenants/{city.slug}").json["languages"]
    assert "uk" in {one["slug"] for one in offered}


def test_languages_are_put_in_another_order(city, manager):
    before = [slug for slug, _, _ in tree(city)]
    last = before[-1]
    manager.post(HERE, form_of(manager, city, **{f"place-{last}": "0"}))
    assert [slug for slug, _, _ in tree(city)] == [last, *before[:-1]]


def test_a_language_is_switched_off_and_stays_in_the_list(city, manager):
    last = tree(city)[-1][0]
    manager.post(HERE, form_of(manager, city, **{f"active-{last}": None}))
    assert tree(city)[-1][2] is False
    assert f'name="active-{last}"' in text_of(manager.get(HERE))


def test_a_circle_of_sources_is_refused_and_what_was_chosen_stays(city, manager):
    before = tree(city)
    first, last = before[0][0], before[-1][0]
    refused = manager.post(HERE, form_of(manager, city, **{f"source-{first}": last}))
    assert refused.status_code == 422
    assert tree(city) == before


def test_a_colleague_who_was_quicker_is_not_overwritten(city, manager):
    mine = form_of(manager, city, **{"new": "uk", "source-new": "de"})
    manager.post(HERE, form_of(manager, city, **{"new": "fa", "source-new": "de"}))
    assert manager.post(HERE, mine).status_code == 409
    assert "uk" not in {slug for slug, _, _ in tree(city)}


def test_editors_do_not_change_languages(people):
    assert people("editor").get(HERE).status_code == 403

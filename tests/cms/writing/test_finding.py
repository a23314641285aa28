"""What the dialogs of the editor find, and what they show of it."""

from __future__ import annotations

from tests.factories import plant, translate
from tests.factories_events import hold


def titles(answer):
    return [one["title"] for one in answer.get_json()]


def test_own_content_is_found_by_its_title_in_the_language_of_the_text(city, people):
    page = plant(city, "Bürgerbüro finden")
    plant(city, "Schule")
    translate(city, page, "en", "Finding the citizens' office, bürger")
    someone = people("author")
    assert titles(someone.get("/targets/link?q=bürger&language=de")) == ["Bürgerbüro finden"]
    assert titles(someone.get("/targets/link?q=BÜRGER&language=en")) == ["Finding the citizens' office, bürger"]
    assert titles(someone.get("/targets/link?q=&language=de")) == []


def test_who_writes_events_alone_finds_events_but_no_page(city, people):
    plant(city, "Sprachkurse")
    hold(city, "Sprachcafé", "2100-05-04T15:00")
    someone = people("event_manager")
    assert titles(someone.get("/targets/link?q=sprach&language=de")) == ["Sprachcafé"]


def test_who_writes_nothing_looks_for_nothing(people):
    assert people("observer").get("/targets/link?q=a").status_code == 403

"""What the dialogs of the editor find, and what they show of it."""

from __future__ import annotations

from tests.factories import plant, translate


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


def test_who_may_not_read_pages_finds_nothing(people):
    assert people("event_manager").get("/targets/link?q=a").status_code == 403

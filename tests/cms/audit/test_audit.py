"""Who did what, as managers look it up."""

from __future__ import annotations

import re

from cityinfo import registry
from cityinfo.cms.audit import views
from cityinfo.cms.audit.words import actions
from cityinfo.kernel.facts import Change
from tests.cms.conftest import text_of
from tests.factories import plant, save

assert registry.PROJECTOR  # every feature is there, with what it tells
FAMILIES = {"ContentChanged", "PublicChanged", "LoginChanged"}  # nothing is told under these names


def test_a_manager_sees_what_was_done_to_which_page(city, people):
    plant(city, "Wohnung anmelden")
    shown = text_of(people("manager").get("/audit"))
    assert "Text veröffentlicht: <bdi>Wohnung anmelden</bdi>" in shown
    assert "Deutsch" in shown


def test_the_log_is_narrowed_to_what_was_done_and_when(city, people):
    plant(city, "Wohnung anmelden")
    manager = people("manager")
    assert "Wohnung anmelden" not in text_of(manager.get("/audit?action=TextReturned"))
    assert "Wohnung anmelden" not in text_of(manager.get("/audit?until=2020-01-01"))
    assert "Wohnung anmelden" in text_of(manager.get("/audit?action=TextPublished&kind=page&from=2020-01-01"))


def test_a_day_that_is_none_is_refused_with_a_sentence(people):
    refused = people("manager").get("/audit?from=yesterday")
    assert refused.status_code == 422
    assert "2026-05-31" in text_of(refused)


def test_a_long_log_comes_in_sheets(city, people, monkeypatch):
    monkeypatch.setattr(views, "ON_A_SHEET", 4)
    page = plant(city, "Wohnung anmelden")
    save(city, page, title="Wohnung abmelden")
    manager = people("manager")
    first = text_of(manager.get("/audit?kind=page"))
    older = re.search(r"audit\?older=([0-9-]+)", first)[1]
    assert "Angelegt: " not in first
    assert "Angelegt: " in text_of(manager.get(f"/audit?kind=page&older={older}"))


def test_the_table_holds_the_same_rows_and_their_digests(city, people):
    plant(city, "Wohnung anmelden")
    answer = people("manager").get("/audit.csv?action=TextPublished")
    header, *rows = answer.get_data(as_text=True).splitlines()
    assert "attachment" in answer.headers["Content-Disposition"]
    assert header.endswith("previous,digest")
    assert [row.split(",")[5] for row in rows] == ["TextPublished"]


def test_editors_do_not_see_the_log(people):
    editor = people("editor")
    assert editor.get("/audit").status_code == 403
    assert editor.get("/audit.csv").status_code == 403


def test_every_action_has_a_word():
    assert actions().keys() == {one.__name__ for one in _told(Change)} - FAMILIES


def _told(kind):
    for one in kind.__subclasses__():
        if one.__module__.startswith("cityinfo."):
            yield one
        yield from _told(one)

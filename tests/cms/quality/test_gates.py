"""A manager makes advice a gate."""

from __future__ import annotations

from cityinfo.features import quality
from cityinfo.features.quality import Flaw, Gates
from tests.cms.conftest import text_of


def gates(city):
    with city.read() as db:
        return quality.gates(db)


def test_what_is_ticked_is_a_gate_from_then_on(city, people):
    mara = people("manager")
    answer = mara.post("/quality", {"seen": "12", "flaw": ["vague_link", "hard_text"], "most_year": "8"})
    assert answer.status_code == 303
    assert gates(city) == Gates(frozenset({Flaw.VAGUE_LINK, Flaw.HARD_TEXT}), 8)
    shown = text_of(mara.get("/quality"))
    assert shown.count(" checked") == 2
    assert '<option value="8" selected>8 Schuljahren</option>' in shown
    mara.post("/quality", {"seen": "hard_text vague_link 8"})
    assert gates(city) == Gates()


def test_what_a_colleague_chose_meanwhile_is_not_undone_unseen(city, people):
    mara = people("manager")
    mara.post("/quality", {"seen": "12", "flaw": ["empty_link"]})
    answer = mara.post("/quality", {"seen": "12", "flaw": ["vague_link"]})
    assert answer.status_code == 409
    assert "Jemand anderes hat das inzwischen geändert." in text_of(answer)
    assert gates(city).flaws == {Flaw.EMPTY_LINK}


def test_nobody_chooses_what_there_is_not(city, people):
    mara = people("manager")
    assert mara.post("/quality", {"seen": "12", "flaw": ["typo"]}).status_code == 422
    assert mara.post("/quality", {"seen": "12", "flaw": ["hard_text"], "most_year": "99"}).status_code == 422
    assert gates(city) == Gates()


def test_only_managers_are_led_there(people):
    assert "Qualität der Texte" in text_of(people("manager").get("/pages"))
    assert "Qualität der Texte" not in text_of(people("editor").get("/pages"))

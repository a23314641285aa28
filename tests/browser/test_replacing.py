"""The same words changed in all texts at once, after a look, and taken back in one step."""

from __future__ import annotations

import httpx
import pytest

from tests.factories import plant

pytestmark = pytest.mark.browser


def titled(service, words):
    bodies = httpx.get(f"{service.url}/api/v3/teststadt/de/pages/").json()
    return sorted(one["title"] for one in bodies if words in one["content"])


def test_an_editor_replaces_a_word_where_it_is_wanted_and_takes_it_back_by_keyboard_alone(service, visit):
    for title in ("Ankommen", "Wohnen", "Zitat"):
        plant(service.city, title, content="<p>Kommen Sie ins Rathaus.</p>")
    visit.come_in("elif@example.org")
    visit.open("/cms/teststadt/replacements")
    page = visit.page
    page.get_by_label("Suchen nach").fill("Rathaus")
    page.get_by_label("Ersetzen durch").fill("Bürgerhaus")
    page.get_by_role("button", name="Zeigen, was sich ändern würde").press("Enter")
    page.get_by_role("checkbox", name="Zitat").press("Space")
    visit.look()
    page.get_by_role("button", name="In den angekreuzten Texten ersetzen").press("Enter")
    page.get_by_text("Leserinnen und Leser sehen es jetzt").wait_for()
    assert (titled(service, "Bürgerhaus"), titled(service, "Rathaus")) == (["Ankommen", "Wohnen"], ["Zitat"])
    page.get_by_role("button", name="Zurücknehmen").first.press("Enter")
    page.get_by_text("Bürgerhaus").first.wait_for()
    page.wait_for_load_state("load")
    visit.look()
    assert titled(service, "Rathaus") == ["Ankommen", "Wohnen", "Zitat"]

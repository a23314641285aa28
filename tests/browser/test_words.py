"""What words of a text can be: in another language, in a note. From the toolbar to what readers get."""

from __future__ import annotations

import httpx
import pytest

from tests.browser.desks import begin, open_text, prose, saved, state
from tests.factories import plant
from tests.factories_offers import switch_on

pytestmark = pytest.mark.browser


@pytest.fixture
def page(service):
    return plant(service.city, "Begrüßen", content="<p>Man sagt مرحبا zum Gruß.</p><p>Das Amt hat zu.</p>")


@pytest.fixture
def desk(visit, page):
    return begin(visit, page)


def choose(someone, words):
    """Selects these words, as someone does with a mouse."""
    found = prose(someone).evaluate(
        """(element, words) => {
          const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
          let node = walker.nextNode()
          while (node && !node.data.includes(words)) node = walker.nextNode()
          element.focus()
          const at = node.data.indexOf(words)
          document.getSelection().setBaseAndExtent(node, at, node, at + words.length)
          return String(document.getSelection())
        }""",
        words,
    )
    assert found == words
    someone.page.evaluate(
        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )  # to be heard


def use_tool(someone, name):
    """By keyboard: into the toolbar, along to the tool, Enter."""
    keys = someone.page.keyboard
    keys.press("Alt+F10")
    for _ in range(20):
        if someone.page.evaluate("document.activeElement.getAttribute('aria-label')") == name:
            return keys.press("Enter")
        keys.press("ArrowRight")
    return pytest.fail(f"{name} is not in the toolbar")


def say_language(someone, language):
    use_tool(someone, "Sprache der Auswahl")
    dialog = someone.page.get_by_role("dialog", name="Sprache der Auswahl")
    dialog.get_by_label("Sprache", exact=True).select_option(label=language)
    dialog.get_by_role("button", name="Übernehmen").click()
    someone.page.locator("#text:focus").wait_for()


def publish(someone):
    someone.page.keyboard.press("Control+Enter")
    someone.page.get_by_text("Veröffentlicht.").wait_for()


def what_readers_get(service, page):
    """The text in both APIs: they must say the same."""
    own = httpx.get(f"{service.url}/api/v1/tenants/teststadt/de/pages/{page}").json()["content"]
    (other,) = httpx.get(f"{service.url}/api/v3/teststadt/de/pages/").json()
    assert other["content"] == own
    return own


def test_words_in_another_language_are_said_so_to_readers_and_can_be_said_otherwise(desk, service, page):
    choose(desk, "مرحبا")
    say_language(desk, "Arabisch")
    assert desk.page.evaluate("getComputedStyle(document.querySelector('#text span[lang=ar]')).direction") == "rtl"
    desk.look()
    publish(desk)
    said = '<p>Man sagt <span dir="rtl" lang="ar">مرحبا</span> zum Gruß.</p>'
    assert what_readers_get(service, page).startswith(said)
    open_text(desk, page)
    choose(desk, "رحب")  # in the middle of it
    use_tool(desk, "Sprache der Auswahl")
    field = desk.page.get_by_role("dialog").get_by_label("Sprache", exact=True)
    assert field.evaluate("field => field.selectedOptions[0].label") == "Arabisch"
    field.select_option(label="Englisch")
    desk.page.get_by_role("button", name="Übernehmen").click()
    desk.page.keyboard.press("Control+s")
    state(desk, "saved")
    assert saved(service, page).startswith(said.replace('dir="rtl" lang="ar"', 'dir="ltr" lang="en"'))
    say_language(desk, "Wie der Text")
    publish(desk)
    assert what_readers_get(service, page).startswith("<p>Man sagt مرحبا zum Gruß.</p>")


def test_a_paragraph_becomes_a_note_for_readers_and_is_none_again(desk, service, page):
    plain = saved(service, page)
    choose(desk, "Amt")
    note = desk.page.get_by_role("button", name="Hinweis")
    assert note.get_attribute("aria-pressed") == "false"
    use_tool(desk, "Hinweis")
    assert note.get_attribute("aria-pressed") == "true"
    assert prose(desk).locator(".note").inner_text() == "Das Amt hat zu."
    desk.look()
    publish(desk)
    assert what_readers_get(service, page).endswith('<div class="note"><p>Das Amt hat zu.</p></div>')
    open_text(desk, page)
    choose(desk, "Amt")
    assert note.get_attribute("aria-pressed") == "true"
    note.click()
    publish(desk)
    assert saved(service, page) == plain == what_readers_get(service, page)


def test_offers_of_other_systems_are_chosen_beside_the_text_and_both_apis_show_them(desk, service, page):
    switch_on(service.city, "wohnraumboerse", "terminbuchung")
    open_text(desk, page)
    desk.page.locator("summary", has_text="Angebote auf dieser Seite").press("Enter")
    desk.page.get_by_label("Terminbuchung").check()
    desk.look()
    desk.page.get_by_role("button", name="Angebote speichern").press("Enter")
    desk.page.get_by_text("Die Angebote sind gespeichert.").wait_for()
    own = httpx.get(f"{service.url}/api/v1/tenants/teststadt/de/pages/{page}").json()
    (other,) = httpx.get(f"{service.url}/api/v3/teststadt/de/pages/").json()
    for answer in (own, other):
        assert [one["name"] for one in answer["embedded_offers"]] == ["Terminbuchung"]
    desk.check()

"""Comments beside a text, in a real browser."""

from __future__ import annotations

import pytest

from tests.browser.conftest import PHONE, visiting
from tests.browser.desks import begin, open_text, prose, write
from tests.factories import plant, translate
from tests.factories_people import give, person

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def page(service):
    page = plant(service.city, "Amt", content="<p>Wir haben am Montag auf.</p><p>Am Montag kommt die Ärztin.</p>")
    translate(service.city, page, "ar", "مكتب", content="<p>نحن نفتح يوم الاثنين.</p>")
    return page


def choose(someone, words):
    """Selects these words in the last paragraph, as someone does with a mouse."""
    prose(someone).locator("p").last.evaluate(
        """(element, words) => {
          const node = element.firstChild, at = node.data.indexOf(words)
          element.closest('.prose').focus()
          document.getSelection().setBaseAndExtent(node, at, node, at + words.length)
        }""",
        words,
    )


def marked(someone):
    return someone.page.evaluate("[...(CSS.highlights.get('comment') ?? [])].map(range => String(range))")


def test_a_selected_passage_is_talked_about_found_again_and_missed_when_it_has_gone(visit, page):
    begin(visit, page)
    choose(visit, "Montag kommt")
    visit.page.keyboard.press("Control+Alt+m")
    drawer = visit.page.locator("#comments")
    drawer.get_by_label("Stelle, um die es geht").wait_for()
    assert drawer.get_by_label("Stelle, um die es geht").input_value() == "Montag kommt"
    visit.page.keyboard.type("Wirklich jeden Montag?")
    drawer.get_by_role("button", name="Kommentieren").click()
    drawer.locator(".words", has_text="Wirklich jeden Montag?").wait_for()
    assert visit.page.locator("[data-number]").inner_text() == "1"
    visit.page.wait_for_function("CSS.highlights.get('comment')?.size === 1")
    assert marked(visit) == ["Montag kommt"]
    visit.look()
    drawer.get_by_role("button", name="Im Text zeigen").click()
    assert visit.page.evaluate("String(document.getSelection())") == "Montag kommt"
    visit.page.keyboard.type("Dienstag geht")
    drawer.get_by_text("Diese Stelle steht nicht mehr im Text.").wait_for()
    assert marked(visit) == []
    drawer.get_by_role("button", name="Erledigt").click()
    drawer.get_by_text("Nichts ist offen.").wait_for()
    visit.page.keyboard.press("Escape")
    assert drawer.is_hidden()


def test_a_translation_is_talked_about_beside_its_source_and_on_a_page_of_its_own(visit, page):
    visit.come_in("elif@example.org")
    visit.open(f"/cms/teststadt/translations/ar/{page}#comments")
    drawer = visit.page.locator("#comments")
    drawer.get_by_label("Neuer Kommentar").fill("هل هذا صحيح؟")
    drawer.get_by_role("button", name="Kommentieren").click()
    drawer.locator(".words").wait_for()
    visit.look()
    visit.open(f"/cms/teststadt/texts/{page}/ar/comments")
    visit.look()


def test_without_scripts_comments_are_a_page_of_their_own(service, browser, page):
    with visiting(service, browser, java_script_enabled=False, viewport=PHONE) as someone:
        someone.come_in("elif@example.org")
        someone.open(f"/cms/teststadt/texts/{page}/de")
        someone.page.locator("#comments-button").click()
        someone.page.get_by_label("Neuer Kommentar").fill("Stimmt das?")
        someone.page.get_by_role("button", name="Kommentieren").click()
        assert someone.page.locator(".words", has_text="Stimmt das?").is_visible()


def test_typing_goes_on_beside_the_open_comments(visit, page):
    begin(visit, page)
    visit.page.locator("#comments-button").click()
    visit.page.locator("#comments").get_by_label("Neuer Kommentar").wait_for()
    write(visit, " Auch abends.")
    assert "Auch abends." in prose(visit).inner_text()
    open_text(visit, page)


def test_words_of_the_title_are_talked_about_and_the_title_is_marked(visit, page):
    begin(visit, page)
    title = visit.page.get_by_role("textbox", name="Titel", exact=True)
    title.fill("Das Amt am Markt")
    title.evaluate("title => { title.focus(); title.setSelectionRange(4, 7) }")
    visit.page.keyboard.press("Control+Alt+m")
    drawer = visit.page.locator("#comments")
    drawer.get_by_label("Stelle, um die es geht").wait_for()
    assert drawer.get_by_label("Stelle, um die es geht").input_value() == "Amt"
    visit.page.keyboard.type("Welches?")
    drawer.get_by_role("button", name="Kommentieren").click()
    drawer.locator(".words", has_text="Welches?").wait_for()
    visit.page.locator("#title.is-talked-about").wait_for()
    assert drawer.get_by_text("Diese Stelle steht nicht mehr im Text.").is_hidden()
    visit.look()
    drawer.get_by_role("button", name="Im Text zeigen").click()
    assert title.evaluate("title => title.value.slice(title.selectionStart, title.selectionEnd)") == "Amt"
    visit.page.keyboard.type("Haus")
    drawer.get_by_text("Diese Stelle steht nicht mehr im Text.").wait_for()
    assert visit.page.locator(".is-talked-about").count() == 0


def test_an_at_sign_opens_a_list_of_colleagues_that_is_used_by_keyboard(service, visit, page):
    give(service.city, person(service.database, "Élodie"), "editor")
    begin(visit, page)
    visit.page.locator("#comments-button").click()
    drawer = visit.page.locator("#comments")
    words = drawer.get_by_label("Neuer Kommentar")
    people = drawer.get_by_role("listbox", name="Kolleginnen und Kollegen")
    drawer.locator("[role=listbox]").first.wait_for(state="attached")
    words.fill("Fragen: ")
    words.press("End")
    visit.page.keyboard.type("an@")  # an address, nobody's name
    assert people.is_hidden()
    visit.page.keyboard.type(" @")
    names = people.get_by_role("option").all_inner_texts()
    assert {"Jana", "Mara", "Tarek", "Élodie"} <= set(names)
    assert "Elif" not in names
    visit.look()
    visit.page.keyboard.press("ArrowDown")
    active = words.get_attribute("aria-activedescendant")
    assert visit.page.locator(f"#{active}[aria-selected=true]").inner_text() == names[1]
    visit.page.keyboard.press("Escape")
    assert people.is_hidden()
    assert drawer.is_visible()
    visit.page.keyboard.type("el")
    assert people.get_by_role("option").all_inner_texts() == ["Élodie"]
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.type("und @Mar")
    people.get_by_role("option", name="Mara").click()
    assert words.input_value() == "Fragen: an@ @Élodie und @Mara "
    drawer.get_by_role("button", name="Kommentieren").click()
    drawer.get_by_text("für Mara, Élodie").or_(drawer.get_by_text("für Élodie, Mara")).wait_for()
    visit.check()

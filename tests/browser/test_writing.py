"""Writing a text at a desk: the editor, what is kept, and nothing lost on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from cityinfo.features import content
from tests.browser.conftest import PHONE, visiting
from tests.browser.desks import begin, open_text, paste, prose, saved, state, write
from tests.factories import plant, save, translate
from tests.factories_places import introduce

pytestmark = pytest.mark.browser

TEXT = (
    "<p>Sie haben <strong>zwei Wochen</strong> Zeit.</p><h2>Das brauchen Sie</h2><ul><li>Ausweis</li><li>Pass</li></ul>"
    '<div class="note"><p>Kommen Sie trotzdem.</p></div>'
    "<table><tbody><tr><th>Tag</th><td>Montag</td></tr></tbody></table>"
)
PASTED = Path(__file__).parent / "pasted"  # as the clipboard holds it


@pytest.fixture
def page(service):
    return plant(service.city, "Wohnung anmelden", content=TEXT)


@pytest.fixture
def desk(visit, page):
    return begin(visit, page)


def test_the_editor_shows_the_text_and_its_tools(desk):
    assert prose(desk).locator("h2").inner_text() == "Das brauchen Sie"
    desk.page.get_by_role("button", name="Fett").wait_for()
    desk.check()
    assert desk.page.evaluate("document.querySelectorAll('*').length") < 2500


def test_looking_changes_nothing(desk, service, page):
    before = saved(service, page)
    desk.page.get_by_role("button", name="Veröffentlichen", exact=True).click()
    desk.page.get_by_text("Veröffentlicht.").wait_for()
    assert saved(service, page) == before


def test_what_is_typed_is_kept_while_typing_and_published_with_one_key(desk, service, page):
    write(desk, " Bis bald.")
    state(desk, "saved")
    assert "Gespeichert um" in desk.page.locator(".save").inner_text()
    desk.page.keyboard.press("Control+Enter")
    desk.page.get_by_text("Veröffentlicht.").wait_for()
    assert "Montag Bis bald." in saved(service, page)
    assert '<div class="note"><p>Kommen Sie trotzdem.</p></div>' in saved(service, page)
    desk.check()


def test_tools_are_reached_and_used_by_keyboard_alone(desk, service, page):
    write(desk, " Ende")
    desk.page.keyboard.press("Alt+F10")
    assert desk.page.evaluate("document.activeElement.getAttribute('aria-label')") == "Absatzart: Absatz"
    desk.page.keyboard.press("ArrowRight")
    assert desk.page.evaluate("document.activeElement.getAttribute('aria-label')") == "Fett"
    desk.page.keyboard.press("Escape")
    desk.page.locator("#text:focus").wait_for()


def test_own_content_is_linked_by_its_title(desk, service, page):
    other = plant(service.city, "Bürgerbüro finden")
    write(desk, " Ende")
    desk.page.keyboard.press("Control+k")
    desk.page.get_by_label("Eigene Inhalte").fill("bürgerb")
    desk.page.get_by_label("Bürgerbüro finden").check()
    desk.check()
    desk.page.get_by_role("button", name="Link setzen").click()
    desk.page.keyboard.press("Control+s")
    state(desk, "saved")
    assert f'<a href="entry:{other}">Bürgerbüro finden</a>' in saved(service, page)


def test_what_comes_from_word_keeps_words_lists_and_tables_and_no_looks(desk, service, page):
    desk.page.keyboard.press("Control+End")
    prose(desk).click()
    desk.page.keyboard.press("Control+a")
    paste(desk, (PASTED / "word.html").read_text("utf-8"))
    desk.page.keyboard.press("Control+s")
    state(desk, "saved")
    text = saved(service, page)
    assert "<h2>Kita</h2>" in text
    assert "<strong>Wichtig:</strong>" in text
    assert "<em>bald</em>" in text
    assert text.count("<li>") == 2
    assert "Impfpass" in text
    assert "<td" in text
    assert not any(one in text for one in ("style", "Mso", "·", "o:p", "mso", "font"))


def test_what_comes_from_a_web_page_keeps_words_and_honest_links(desk, service, page):
    prose(desk).click()
    desk.page.keyboard.press("Control+a")
    paste(desk, (PASTED / "page.html").read_text("utf-8"))
    desk.page.keyboard.press("Control+s")
    state(desk, "saved")
    text = saved(service, page)
    assert "<p>Erste Zeile</p><p>Zweite Zeile</p>" in text
    assert '<a href="https://example.org/a">dieser Seite</a>' in text
    assert not any(one in text for one in ("alert", "javascript", "<img", "class=", "style"))


def test_arabic_is_written_from_right_to_left(desk, service, page):
    translate(service.city, page, "ar", "تسجيل السكن", content="<p>مرحبا</p>")
    open_text(desk, page, "ar")
    assert prose(desk).locator("p").first.evaluate("p => getComputedStyle(p).direction") == "rtl"
    assert (
        desk.page.get_by_role("textbox", name="Titel", exact=True).evaluate("t => getComputedStyle(t).direction")
        == "rtl"
    )
    desk.check()


def test_without_a_connection_words_are_safe_here_and_go_on_by_themselves(desk, service, page):
    desk.page.context.set_offline(True)
    write(desk, " Offline.")
    state(desk, "offline")
    assert "Ihr Text liegt sicher in diesem Browser" in desk.page.locator(".save").inner_text()
    desk.page.context.set_offline(False)
    state(desk, "saved")


def test_after_a_crash_the_words_are_offered_again(desk, service, page):
    desk.page.route("**/autosave", lambda route: route.abort())
    write(desk, " Fast verloren.")
    state(desk, "error")
    desk.page.unroute("**/autosave")
    desk.page.goto("about:blank")
    open_text(desk, page)
    desk.page.get_by_role("button", name="Übernehmen").first.click()
    assert "Fast verloren." in prose(desk).inner_text()
    state(desk, "saved")


def test_an_expired_login_is_renewed_above_the_text_and_no_word_is_lost(desk, service, page):
    desk.page.context.clear_cookies()
    write(desk, " Weiter.")
    dialog = desk.page.get_by_role("dialog", name="Bitte melden Sie sich neu an")
    dialog.wait_for()
    inside = desk.page.frame_locator("#log-in iframe")
    inside.get_by_role("heading", name="Anmelden").wait_for()
    desk.complaints = [one for one in desk.complaints if "401" not in one]  # the browser names what was refused
    desk.look()
    inside.get_by_label("E-Mail-Adresse").fill("elif@example.org")
    inside.get_by_label("Passwort", exact=True).fill("correct horse battery")
    inside.get_by_role("button", name="Weiter").click()
    state(desk, "saved")
    desk.page.keyboard.press("Control+Enter")
    desk.page.get_by_text("Veröffentlicht.").wait_for()
    assert "Weiter." in saved(service, page)
    desk.look()


def test_when_someone_else_saved_both_texts_are_kept(desk, service, page):
    save(service.city, page, content=f"<p>Von Tarek.</p>{TEXT}")
    write(desk, " Von Elif.")
    state(desk, "conflict")
    desk.page.get_by_role("link", name="Zusammenführen").click()
    desk.page.get_by_role("heading", name="Zwei Fassungen zusammenführen").wait_for()
    assert "Von Tarek." in desk.page.locator("#merge").inner_text()
    desk.complaints = [one for one in desk.complaints if "409" not in one]  # the browser names what was refused
    desk.look()
    desk.page.get_by_role("button", name="Zusammenführen").click()
    desk.page.get_by_text("Zusammengeführt.").wait_for()
    assert "Von Elif." in saved(service, page)
    assert "Von Tarek." in saved(service, page)


def test_where_both_changed_the_same_place_one_decides_by_keyboard(desk, service, page):
    theirs = TEXT.replace("zwei Wochen", "drei Wochen")
    save(service.city, page, content=theirs)
    desk.page.locator("#text strong").dblclick()
    desk.page.keyboard.type("vier")
    state(desk, "conflict")
    desk.page.get_by_role("link", name="Zusammenführen").click()
    place = desk.page.get_by_role("group", name="1. Stelle")
    place.wait_for()
    desk.complaints = [one for one in desk.complaints if "409" not in one]  # the browser names what was refused
    desk.look()
    desk.page.locator("#merge").evaluate("form => { form.noValidate = true }")
    desk.page.get_by_role("button", name="Zusammenführen").press("Enter")
    desk.page.get_by_text("Noch nicht zusammengeführt.").wait_for()
    desk.complaints = [one for one in desk.complaints if "422" not in one]
    desk.look()
    place.get_by_role("radio").first.focus()
    desk.page.keyboard.press("ArrowDown")
    assert "1 von 1" in desk.page.locator("#decided").inner_text()
    desk.page.keyboard.press("Control+Enter")
    desk.page.get_by_text("Zusammengeführt.").wait_for()
    assert saved(service, page) == theirs


@pytest.mark.parametrize("options", [{"viewport": PHONE}, {"color_scheme": "dark"}], ids=["phone", "dark"])
def test_every_screen_of_writing_can_be_used(service, page, browser, options):
    translate(service.city, page, "ar", "تسجيل السكن", content="<p>مرحبا</p>", public=False)
    save(service.city, page, content=TEXT.replace("zwei", "drei"))
    with visiting(service, browser, **options) as someone:
        someone.come_in("elif@example.org")
        for language in ("de", "ar"):
            open_text(someone, page, language)
            someone.check()
        for screen in ("de/versions", "ar/preview", "de/offline"):
            someone.open(f"/cms/teststadt/texts/{page}/{screen}")
            someone.check()
        someone.open(f"/cms/teststadt/pages/new?under={page}")
        someone.check()


def test_a_contact_is_put_into_the_text_and_shown_as_readers_see_it(desk, service, page):
    contact = introduce(service.city, "Bürgerbüro", phone="0821 3240")
    write(desk, " Ende")
    desk.page.get_by_role("button", name="Kontakt", exact=True).click()
    desk.page.get_by_label("Nach dem Titel des Kontakts suchen").fill("bürger")
    desk.page.get_by_label("Bürgerbüro").check()
    desk.page.get_by_role("checkbox", name="Telefon").check()
    desk.page.get_by_role("button", name="Kontakt einfügen").click()
    prose(desk).locator(".card-in-text a[href^='tel:']").wait_for()
    desk.page.keyboard.press("Control+s")
    state(desk, "saved")
    assert f'<contact-card entry="{contact}" show="phone"></contact-card>' in saved(service, page)
    desk.check()


def test_a_page_is_begun_from_the_tree_and_opened_from_it(desk, service, page):
    desk.open("/cms/teststadt/pages")
    desk.page.get_by_role("row").filter(has_text="Wohnung anmelden").focus()
    desk.page.keyboard.press("n")
    desk.page.get_by_role("textbox", name="Titel", exact=True).fill("Kosten")
    desk.page.keyboard.press("Control+Enter")
    desk.page.get_by_text("Veröffentlicht.").wait_for()
    desk.open("/cms/teststadt/pages")
    desk.page.get_by_role("row").filter(has_text="Wohnung anmelden").focus()
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url(f"**/texts/{page}/de")


def test_the_editor_is_ready_within_a_second_with_forty_links(desk, service, page):
    links = "".join(f'<p><a href="entry:{page}">Wohnung {number}</a></p>' for number in range(40))
    save(service.city, page, content=links)
    open_text(desk, page)
    ready = desk.page.evaluate("performance.getEntriesByName('ready')[0].startTime")
    assert ready < 1000


def test_a_table_is_made_and_its_rows_columns_and_headings_are_changed(desk, service, page):
    save(service.city, page, content="<p>Zeiten</p>")
    open_text(desk, page)
    write(desk, ":")
    desk.page.get_by_role("button", name="Tabelle", exact=True).press("Enter")
    change = desk.page.get_by_role("button", name="Tabelle ändern")
    desk.page.locator("#text:focus").wait_for()
    desk.page.keyboard.type("Tag")
    for words in (
        "Eine Zeile darunter einfügen",
        "Eine Spalte danach einfügen",
        "Erste Zeile ist Überschrift oder nicht",
    ):
        change.click()
        desk.page.get_by_role("button", name=words).press("Enter")
        desk.page.locator("#text:focus").wait_for()
    assert desk.page.locator("#text tr").count() == 4
    assert desk.page.locator("#text tr").first.locator("td").count() == 3
    change.click()
    desk.page.get_by_role("button", name="Erste Spalte ist Überschrift oder nicht").press("Enter")
    desk.page.keyboard.press("Control+s")
    state(desk, "saved")
    assert saved(service, page).count("<th>") == 4


def test_without_scripts_title_and_text_are_written_as_html_and_published(service, page, browser):
    with visiting(service, browser, java_script_enabled=False) as someone:
        someone.come_in("elif@example.org")
        someone.open(f"/cms/teststadt/texts/{page}/de")
        assert someone.page.get_by_label("Text (HTML)").input_value() == TEXT
        someone.page.get_by_role("textbox", name="Titel", exact=True).fill("Wohnung ummelden")
        someone.page.get_by_label("Text (HTML)").fill("<p>Kommen Sie bald.</p>")
        someone.page.get_by_role("button", name="Veröffentlichen", exact=True).first.click()
        someone.page.get_by_text("Veröffentlicht.").wait_for()
    with service.city.read() as db:
        text = content.find_text(db, page, "de")
        public = content.version(db, text.public_version_id)
    assert (public.title, public.content) == ("Wohnung ummelden", "<p>Kommen Sie bald.</p>")

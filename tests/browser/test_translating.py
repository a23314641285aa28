"""Translating at a desk: what the source has changed is seen, what is right is confirmed, and no word is lost."""

from __future__ import annotations

import pytest

from cityinfo.features import content
from tests.browser.conftest import visiting
from tests.factories import plant, save, translate

pytestmark = pytest.mark.browser

SOURCE = (
    "<p>Sie haben eine Woche Zeit.</p><h2>Das brauchen Sie</h2><ul><li>Ausweis</li><li>Brief vom Vermieter</li></ul>"
    '<p>Lesen Sie <a href="https://example.org/a">die Regeln</a>.</p>'
)
ARABIC = (
    "<p>لديكم أسبوع واحد.</p><h2>ما تحتاجون إليه</h2><ul><li>بطاقة هوية</li><li>رسالة من المؤجر</li></ul>"
    '<p>اقرأوا <a href="https://example.org/a">القواعد</a>.</p>'
)
CHANGED = SOURCE.replace("eine Woche", "zwei Wochen").replace("</ul>", "<li>Geburtsurkunde</li></ul>")


@pytest.fixture
def page(service):
    page_id = plant(service.city, "Wohnung anmelden", content=SOURCE)
    translate(service.city, page_id, "ar", "تسجيل السكن", content=ARABIC)
    save(service.city, page_id, content=CHANGED)
    return page_id


@pytest.fixture
def desk(visit, page):
    visit.come_in("elif@example.org")
    open_text(visit, page)
    return visit


def open_text(someone, page, language="ar"):
    someone.open(f"/cms/teststadt/translations/{language}/{page}")
    someone.page.locator("html[data-ready=true]").wait_for()


def save_now(someone, page):
    with someone.page.expect_response(lambda one: one.url.endswith(f"/ar/{page}") and one.request.method == "POST"):
        someone.page.keyboard.press("Control+s")
    someone.page.locator(".save[data-state=saved]").wait_for()


def current(service, page, language="ar"):
    with service.city.read() as db:
        text = content.find_text(db, page, language)
        return content.version(db, text.current_version_id).content


def state(service, page, language="ar"):
    with service.city.read() as db:
        return content.states(db, [page])[page, language]


def test_a_change_of_the_source_is_translated_by_keyboard_and_read_over_the_api(desk, service, page):
    screen = desk.page
    assert screen.locator(".pair--open").count() == 2
    changes = " ".join(screen.locator("#p1 .src").inner_text().split())
    assert "gestrichen: eine neu: zwei gestrichen: Woche neu: Wochen Zeit." in changes
    screen.keyboard.press("Alt+ArrowDown")
    screen.locator("#p1 .ProseMirror:focus").wait_for()
    screen.keyboard.press("Control+a")
    screen.keyboard.type("لديكم أسبوعان.")
    screen.locator(".save[data-state=saved]").wait_for()
    screen.keyboard.press("Control+Enter")
    screen.locator("#p5 .ProseMirror:focus").wait_for()
    screen.keyboard.type("شهادة ميلاد")
    screen.keyboard.press("Control+Enter")
    assert "7 von 7 Absätzen aktuell" in screen.locator("#progress").inner_text()
    screen.keyboard.press("Enter")  # the way on leads to the button that publishes
    screen.get_by_text("Veröffentlicht.").wait_for()
    assert state(service, page) is content.State.UP_TO_DATE
    answer = desk.page.request.get(f"{service.url}/api/v1/tenants/teststadt/ar/pages/{page}").json()
    assert answer["content"] == ARABIC.replace("<p>لديكم أسبوع واحد.</p>", "<p>لديكم أسبوعان.</p>").replace(
        "</ul>", "<li>شهادة ميلاد</li></ul>"
    )
    desk.check()


def test_looking_and_confirming_changes_no_word(desk, service, page):
    desk.page.get_by_role("button", name="Alles stimmt noch").click()
    desk.page.get_by_text("Bestätigt.").wait_for()
    assert current(service, page) == ARABIC
    assert state(service, page) is content.State.UP_TO_DATE


def test_what_is_settled_is_edited_where_it_stands_and_keeps_its_link(desk, service, page):
    desk.page.locator("#p6 .said").click()
    desk.page.locator("#p6 .ProseMirror:focus").wait_for()
    desk.page.keyboard.press("Control+End")
    desk.page.keyboard.type(" اليوم")
    save_now(desk, page)
    assert '<a href="https://example.org/a">القواعد</a>. اليوم</p>' in current(service, page)


def test_what_is_done_in_part_is_remembered(desk, service, page):
    desk.page.locator("#p1 .pair__foot label").click()
    save_now(desk, page)
    open_text(desk, page)
    assert desk.page.locator(".pair--open").count() == 1
    assert state(service, page) is content.State.OUTDATED


def test_when_someone_else_saved_both_translations_are_kept(desk, service, page):
    save(service.city, page, "ar", content=ARABIC.replace("القواعد", "كل القواعد"))
    desk.page.locator("#p1 .said").click()
    desk.page.keyboard.type("نعم ")
    desk.page.locator(".save[data-state=conflict]").wait_for()
    desk.page.get_by_role("link", name="Zusammenführen").click()
    desk.page.get_by_role("heading", name="Zwei Fassungen zusammenführen").wait_for()


def test_the_next_text_is_one_key_away_and_work_comes_along(desk, service, page):
    other = plant(service.city, "Kita finden")
    open_text(desk, page)
    desk.page.locator("#p1 .pair__foot label").click()
    desk.page.keyboard.press("Alt+n")
    desk.page.wait_for_url(f"**/translations/ar/{other}")
    open_text(desk, page)
    assert desk.page.locator(".pair--open").count() == 1


def test_without_scripts_passages_are_fields_that_are_saved(service, page, browser):
    with visiting(service, browser, java_script_enabled=False) as someone:
        someone.come_in("elif@example.org")
        someone.open(f"/cms/teststadt/translations/ar/{page}")
        someone.page.get_by_role("textbox", name="Absatz 1, Arabisch").fill("<p>لديكم أسبوعان.</p>")
        someone.page.get_by_role("button", name="Alles stimmt noch").click()
        someone.page.get_by_text("Bestätigt.").wait_for()
        assert current(service, page) == ARABIC.replace("<p>لديكم أسبوع واحد.</p>", "<p>لديكم أسبوعان.</p>")


def test_every_screen_of_translating_can_be_used_at_a_desk_and_on_a_phone(desk, service, page):
    missing = plant(service.city, "Kita finden", content=SOURCE)
    save(service.city, missing, "en", title="Child care", content="<p>Hello.</p>", origin="machine")
    for path in ("", "/ar", "/ar/texts?standing=outdated", f"/ar/{page}", f"/ar/{missing}", f"/en/{missing}"):
        desk.open(f"/cms/teststadt/translations{path}")
        desk.look()
    open_text(desk, page)
    desk.page.keyboard.press("Alt+ArrowDown")
    desk.look()

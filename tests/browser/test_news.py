"""News at the desks of an author and a manager."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cityinfo.features import tenants
from tests.browser.conftest import visiting
from tests.factories import EDITOR
from tests.factories_news import announce, work

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def careful(service):
    """The city tells news, and two persons decide."""
    with service.city.write() as db:
        now = tenants.facts_of(db)
        wanted = {**now.features, "push_notifications": True, "two_person_news": True, "external_news": True}
        tenants.change(db, replace(now, features=wanted), actor=EDITOR)


def titles(visit, language):
    answer = visit.page.request.get(f"{visit.service.url}/api/v1/tenants/teststadt/{language}/news")
    return [one["title"] for one in answer.json()["items"]]


def write(page):
    page.get_by_label("Titel, Deutsch").fill("Uferweg gesperrt")
    page.get_by_label("Text, Deutsch").fill("Bitte gehen Sie nicht ans Wasser.")
    page.get_by_label("Titel, Arabisch").fill("إغلاق طريق ضفة النهر")
    page.get_by_label("Text, Arabisch").press_sequentially("يرجى عدم الاقتراب من الماء.")


def test_a_message_is_written_approved_by_a_second_person_and_read_by_keyboard_alone(visit, service, browser):
    visit.come_in("tarek@example.org")
    visit.open("/cms/teststadt/news")
    page = visit.page
    page.get_by_role("link", name="Neue Nachricht").press("Enter")
    write(page)
    phone = page.get_by_role("complementary", name="Vorschau als Mitteilung")
    phone.get_by_text("يرجى عدم الاقتراب من الماء.").wait_for()
    phone.get_by_text("Es fehlt: Englisch. Wer das liest, bekommt nichts.").wait_for()
    page.get_by_text("33 von 500 Zeichen").wait_for()
    page.get_by_label("Deutsch für alle anderen").press("Space")
    phone.get_by_text("bekommt die Nachricht auf Deutsch").wait_for()
    visit.look()
    page.get_by_role("button", name="Freigabe anfordern").press("Enter")
    page.get_by_text("Freigabe angefordert.").wait_for()
    visit.look()
    assert titles(visit, "de") == []
    with visiting(service, browser) as mara:
        mara.come_in("mara@example.org")
        mara.open("/cms/teststadt/news")
        mara.page.get_by_text("Wartet auf Freigabe").wait_for()
        mara.page.get_by_role("link", name="Uferweg gesperrt").press("Enter")
        mara.page.get_by_role("button", name="Freigeben", exact=True).press("Enter")
        mara.page.get_by_text("Freigegeben.", exact=True).wait_for()
        mara.look()
    assert titles(visit, "de") == ["Uferweg gesperrt"]
    assert titles(visit, "ar") == ["إغلاق طريق ضفة النهر"]
    assert titles(visit, "en") == ["Uferweg gesperrt"]


def test_who_wrote_a_message_cannot_approve_it_and_loses_no_word(visit):
    visit.come_in("mara@example.org")
    visit.open("/cms/teststadt/news/new")
    write(visit.page)
    visit.page.get_by_role("button", name="Freigeben", exact=True).press("Enter")
    visit.page.get_by_text("zweite Person").wait_for()
    assert visit.page.get_by_label("Titel, Deutsch").input_value() == "Uferweg gesperrt"
    visit.complaints.clear()  # the browser notes the status
    visit.look()


def test_a_message_is_sent_back_with_a_reason_by_keyboard_alone(visit, service, browser):
    visit.come_in("tarek@example.org")
    visit.open("/cms/teststadt/news/new")
    write(visit.page)
    visit.page.get_by_role("button", name="Freigabe anfordern").press("Enter")
    visit.page.get_by_text("Freigabe angefordert.").wait_for()
    with visiting(service, browser) as mara:
        mara.come_in("mara@example.org")
        mara.page.goto(visit.page.url)
        mara.page.locator("summary", has_text="Zurückgeben …").press("Enter")
        mara.page.get_by_label("Was geändert werden soll").fill("Bitte kürzer.")
        mara.page.get_by_role("button", name="Zurückgeben", exact=True).press("Enter")
        mara.page.get_by_text("Zurückgegeben.", exact=True).first.wait_for()
    visit.page.reload()
    visit.page.get_by_text("Bitte kürzer.").first.wait_for()
    visit.look()


def test_what_was_not_sent_is_sent_again_and_a_feed_is_added(visit, service):
    message_id = announce(service.city, "Uferweg gesperrt")
    work(service.city)
    visit.come_in("mara@example.org")
    visit.open(f"/cms/teststadt/news/{message_id}")
    page = visit.page
    page.get_by_text("dieser Weg ist hier nicht eingerichtet").first.wait_for()
    visit.look()
    page.get_by_role("button", name="Noch einmal senden").first.press("Enter")
    page.get_by_text("Es wird noch einmal gesendet.").wait_for()
    visit.open("/cms/teststadt/news/feeds")
    page.get_by_label("Adresse des Feeds").fill("https://amtsblatt.example/feed")
    page.get_by_label("Name der Quelle").fill("amtsblatt")
    page.get_by_role("button", name="Hinzufügen").press("Enter")
    page.get_by_text("Hinzugefügt.").wait_for()
    visit.look()

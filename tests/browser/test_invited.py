"""From the invitation of an author to the page that readers get: one way through the CMS, in one go."""

from __future__ import annotations

import httpx
import pytest

from cityinfo.features import logins
from cityinfo.kernel.facts import SYSTEM
from tests.browser.conftest import visiting
from tests.browser.desks import add_app, log_out, prose, say_password, state, write
from tests.factories import plant
from tests.factories_logins import letters, shown, token_in

pytestmark = pytest.mark.browser

EMAIL, PASSWORD = "nour@example.org", "vier Lampen tanzen rückwärts"


@pytest.fixture
def strict(service):
    """The city asks its authors for a second factor, and has a chapter about housing."""
    with service.city.write() as db:
        logins.require_second_factor(db, ["author"], actor=SYSTEM)
    plant(service.city, "Wohnen")
    return service


def test_who_is_invited_writes_a_page_that_is_reviewed_returned_published_and_read_over_both_apis(strict, browser):
    with visiting(strict, browser) as manager, visiting(strict, browser) as author, visiting(strict, browser) as editor:
        invite(manager)
        app = accept(author, strict)
        log_in_with_code(author, app)
        page = write_page(author)
        ask_elif(author, "Stimmen die Öffnungszeiten?")
        assert read(strict, f"v1/tenants/teststadt/de/pages/{page}").status_code == 404
        give_back(editor, page, "Bitte noch die Adresse.")
        follow(author, page)
        ask_elif(author, "Steht jetzt da.")
        publish(editor)
        check_what_readers_get(strict, page)
        for someone in (manager, author, editor):
            someone.check()


def invite(manager):
    manager.log_in("mara@example.org")
    manager.page.get_by_role("link", name="Personen").click()
    manager.page.get_by_label("Name", exact=True).fill("Nour")
    manager.page.get_by_label("E-Mail-Adresse", exact=True).fill(EMAIL)
    manager.page.get_by_label("Rolle").select_option(label="Texte schreiben")
    manager.page.get_by_role("button", name="Einladung senden").click()
    manager.page.get_by_text(f"Ein Brief an {EMAIL} ist unterwegs.").wait_for()


def accept(author, service):
    """The link of the letter leads to a password, that to the app which the city asks for."""
    author.open(f"/cms/invitation/{token_in(letters(service.settings, service.database)[-1])}")
    author.page.get_by_label("Neues Passwort").fill(PASSWORD)
    author.page.get_by_role("button", name="Speichern und anmelden").click()
    author.page.get_by_role("heading", name="Zweiten Faktor einrichten").wait_for()
    app = add_app(author)
    log_out(author)
    return app


def log_in_with_code(author, app):
    say_password(author, EMAIL, PASSWORD)
    author.page.get_by_label("Code aus Ihrer App").fill(shown(app, steps=1))
    author.page.get_by_role("button", name="Anmelden", exact=True).click()
    author.page.get_by_role("heading", name="Guten Tag, Nour").wait_for()


def write_page(author):
    """A page below the chapter; returns its identity as the address says it."""
    author.page.get_by_role("link", name="Seiten", exact=True).click()
    author.page.get_by_role("row").filter(has_text="Wohnen").focus()
    author.page.keyboard.press("n")
    author.page.locator("html[data-ready=true]").wait_for()
    author.page.get_by_role("textbox", name="Titel", exact=True).fill("Bürgerbüro")
    prose(author).click()
    author.page.keyboard.type("Das Bürgerbüro ist montags von 8 bis 12 Uhr offen.")
    author.page.get_by_role("button", name="Speichern", exact=True).click()
    author.page.get_by_text("Öffentlich ist diese Fassung noch nicht.").wait_for()
    assert author.page.get_by_role("button", name="Veröffentlichen").count() == 0
    return int(author.page.url.split("/")[-2])


def ask_elif(author, message):
    author.page.locator("summary", has_text="Zur Prüfung geben").click()
    author.page.get_by_label("Wer soll prüfen?").select_option(label="Elif")
    author.page.get_by_label("Nachricht").fill(message)
    author.page.get_by_role("button", name="Zur Prüfung geben", exact=True).click()
    author.page.get_by_text("Zur Prüfung gegeben.").wait_for()


def give_back(editor, page, reason):
    """What waits for Elif is named on her first screen; she says what is missing."""
    editor.log_in("elif@example.org")
    waiting = editor.page.get_by_role("listitem").filter(has_text="Ihnen zugewiesen")
    waiting.get_by_role("link", name="Bürgerbüro").click()
    editor.page.get_by_text("„Stimmen die Öffnungszeiten?“").wait_for()
    editor.page.locator("summary", has_text="Zurückgeben").click()
    editor.page.get_by_label("Was soll geändert werden?").fill(reason)
    editor.page.get_by_role("button", name="Zurückgeben", exact=True).click()
    editor.page.get_by_text("Zurückgegeben.").first.wait_for()


def follow(author, page):
    """The author finds the reason on the first screen and beside the text, and does as it says."""
    author.open("/cms/teststadt/")
    author.page.get_by_text("Bitte noch die Adresse.").wait_for()
    author.page.get_by_role("link", name="Bürgerbüro").click()
    author.page.wait_for_url(f"**/texts/{page}/de")
    author.page.locator("html[data-ready=true]").wait_for()
    author.page.get_by_text("„Bitte noch die Adresse.“").wait_for()
    write(author, " Es liegt am Rathausplatz 1.")
    state(author, "saved")


def publish(editor):
    editor.open("/cms/teststadt/")
    editor.page.get_by_role("link", name="Bürgerbüro").click()
    editor.page.locator("html[data-ready=true]").wait_for()
    assert "Rathausplatz 1" in prose(editor).inner_text()
    editor.page.get_by_text("„Steht jetzt da.“").wait_for()
    editor.page.get_by_role("button", name="Veröffentlichen", exact=True).click()
    editor.page.get_by_text("Veröffentlicht.").wait_for()


def check_what_readers_get(service, page):
    words = "<p>Das Bürgerbüro ist montags von 8 bis 12 Uhr offen. Es liegt am Rathausplatz 1.</p>"
    own = read(service, "v1/tenants/teststadt/de/pages/by-path/wohnen/bürgerbüro").json()
    assert (own["id"], own["title"], own["content"]) == (page, "Bürgerbüro", words)
    pages = read(service, "v3/teststadt/de/pages/").json()
    assert [one["content"] for one in pages if one["title"] == "Bürgerbüro"] == [words]


def read(service, path):
    """As an app asks: without a login."""
    return httpx.get(f"{service.url}/api/{path}")

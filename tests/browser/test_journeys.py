"""Whole ways through the CMS: by keyboard alone, and what a first visit costs."""

from __future__ import annotations

import re

import pyotp
import pytest

from cityinfo.features import content
from tests.browser.conftest import PHONE, visiting
from tests.browser.desks import prose, state
from tests.factories import plant
from tests.factories_logins import shown
from tests.factories_people import PASSWORD

pytestmark = pytest.mark.browser

FIRST_VISIT = 250_000  # bytes over the wire, of the login and the first screen after it
NAME_OF_FOCUS = """() => {
  const one = document.activeElement
  const label = one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.textContent
  return `${one.getAttribute('role') ?? one.localName}: ${label.trim().replace(/\\s+/g, ' ')}`
}"""


@pytest.fixture
def page(service):
    plant(service.city, "Schule")
    return plant(service.city, "Wohnung anmelden", content="<p>Den Meldeschein gibt es im Amt.</p>")


def add_app(service, visit):
    """Elif's authenticator app, set up before the journey begins; without a login in this browser."""
    request = visit.page.request
    sent = {"email": "elif@example.org", "password": PASSWORD}
    login = request.post(f"{service.url}/api/v1/auth/login", data=sent).json()
    headers = {"Authorization": f"Bearer {login['access_token']}"}
    me = f"{service.url}/api/v1/auth/me/totp"
    app = pyotp.TOTP(request.post(me, data={"current_password": ""}, headers=headers).json()["secret"])
    assert request.post(f"{me}/confirm", data={"code": shown(app)}, headers=headers).status == 204
    visit.page.context.clear_cookies()
    return app


def tab_to(visit, name):
    """Press Tab until something of this kind and name has the focus."""
    for _ in range(60):
        if re.search(name, visit.page.evaluate(NAME_OF_FOCUS)):
            return
        visit.page.keyboard.press("Tab")
    pytest.fail(f"{name} is not reached by keyboard; the focus is at {visit.page.evaluate(NAME_OF_FOCUS)}")


def test_by_keyboard_alone_from_login_with_a_code_to_a_published_text_with_a_link(service, visit, page):
    other = plant(service.city, "Bürgerbüro finden")
    app, keys = add_app(service, visit), visit.page.keyboard
    visit.open("/cms/login")
    tab_to(visit, "input: E-Mail-Adresse")
    keys.type("elif@example.org")
    tab_to(visit, "input: Passwort")
    keys.type(PASSWORD)
    keys.press("Enter")
    visit.page.get_by_label("Code aus Ihrer App").wait_for()
    tab_to(visit, "input: Code aus Ihrer App")
    keys.type(shown(app, steps=1))
    keys.press("Enter")
    visit.page.wait_for_url("**/cms/teststadt/")
    keys.press("Control+k")
    keys.type("meldeschein")
    keys.press("Enter")
    visit.page.get_by_text("Ganzer Baum").wait_for()
    tab_to(visit, "(row|tr|a): .*Wohnung anmelden")
    keys.press("Enter")
    visit.page.wait_for_url(f"**/texts/{page}/de")
    visit.page.locator("html[data-ready=true]").wait_for()
    tab_to(visit, "textbox: Text")
    keys.press("Control+End")
    keys.type(" Mehr: ")
    keys.press("Control+k")
    visit.page.get_by_role("dialog", name="Link").wait_for()
    keys.type("bürgerb")
    visit.page.get_by_label("Bürgerbüro finden").wait_for()
    tab_to(visit, "input: Bürgerbüro finden")
    keys.press("Space")
    keys.press("Enter")
    visit.page.locator("#text:focus").wait_for()
    state(visit, "saved")
    keys.press("Control+Enter")
    visit.page.get_by_text("Veröffentlicht.").wait_for()
    with service.city.read() as db:
        public = content.version(db, content.find_text(db, page, "de").public_version_id)
    assert public.content.endswith(f'im Amt. Mehr: <a href="entry:{other}">Bürgerbüro finden</a></p>')
    visit.check()


def test_a_first_visit_is_small_and_brings_the_editor_only_where_a_text_is_edited(visit, page):
    wire = visit.page.context.new_cdp_session(visit.page)
    wire.send("Network.enable")
    sizes, answers = [], {}
    wire.on("Network.loadingFinished", lambda one: sizes.append(one["encodedDataLength"]))
    visit.page.on("response", lambda one: answers.update({one.url: one.headers.get("content-encoding")}))
    visit.log_in("elif@example.org")
    visit.page.wait_for_load_state("networkidle")
    assert 10_000 < sum(sizes) < FIRST_VISIT
    built = {address: encoding for address, encoding in answers.items() if address.endswith((".js", ".css", ".svg"))}
    assert len(built) >= 3
    assert set(built.values()) == {"br"}
    for path in ("pages", "translations", f"texts/{page}/de/versions", f"texts/{page}/de/preview"):
        visit.open(f"/cms/teststadt/{path}")
    assert not [one for one in answers if "/editor-" in one or "/translating-" in one]
    visit.open(f"/cms/teststadt/texts/{page}/de")
    assert [one for one in answers if "/editor-" in one]


def test_on_a_phone_by_touch_from_login_to_a_published_text(service, browser, page):
    with visiting(service, browser, viewport=PHONE, has_touch=True, is_mobile=True) as someone:
        someone.log_in("elif@example.org")
        someone.page.get_by_role("button", name="Menü").tap()
        someone.page.get_by_role("link", name="Seiten", exact=True).tap()
        someone.page.get_by_role("link", name="Wohnung anmelden").tap()
        someone.page.locator("html[data-ready=true]").wait_for()
        prose(someone).tap()
        someone.page.keyboard.press("Control+End")
        someone.page.keyboard.type(" Kommen Sie bald.")
        state(someone, "saved")
        someone.check()
        someone.page.get_by_role("button", name="Veröffentlichen", exact=True).tap()
        someone.page.get_by_text("Veröffentlicht.").wait_for()
        someone.check()
        answer = someone.page.request.get(f"{service.url}/api/v1/tenants/teststadt/de/pages/{page}").json()
        assert answer["content"] == "<p>Den Meldeschein gibt es im Amt. Kommen Sie bald.</p>"

"""What is done again and again: at the desk of a text, and on the way in."""

from __future__ import annotations

import pyotp

from cityinfo.features import content
from tests.factories_logins import shown


def begin(someone, page):
    """Elif, an editor, logs in and opens the text."""
    someone.come_in("elif@example.org")
    open_text(someone, page)
    return someone


def open_text(someone, page, language="de", query=""):
    someone.open(f"/cms/teststadt/texts/{page}/{language}{query}")
    someone.page.locator("html[data-ready=true]").wait_for()


def prose(someone):
    return someone.page.get_by_role("textbox", name="Text", exact=True)


def write(someone, words):
    prose(someone).click()
    someone.page.keyboard.press("Control+End")
    someone.page.keyboard.type(words)


def paste(someone, html):
    """What a clipboard holds goes into the text."""
    prose(someone).evaluate(
        """(element, html) => {
          const clipboardData = new DataTransfer()
          clipboardData.setData('text/html', html)
          element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
        }""",
        html,
    )


def saved(service, page, language="de"):
    with service.city.read() as db:
        text = content.find_text(db, page, language)
        return content.version(db, text.current_version_id).content


def state(someone, name):
    someone.page.locator(f".save[data-state={name}]").wait_for()


def add_app(someone, *, shot=False):
    """An authenticator app, from the screen that offers one to the sheet of recovery codes."""
    someone.page.get_by_role("button", name="App einrichten").click()
    someone.page.get_by_role("heading", name="App einrichten").wait_for()
    app = pyotp.TOTP(someone.page.locator("code.secret").inner_text())
    if shot:
        someone.look()
    someone.page.get_by_label("Code aus Ihrer App").fill(shown(app))
    someone.page.get_by_role("button", name="App einrichten").click()
    someone.page.get_by_role("heading", name="Ihre Ersatzcodes").wait_for()
    return app


def log_out(someone):
    someone.open("/cms/profile")
    someone.page.get_by_role("button", name="Abmelden", exact=True).click()
    someone.page.get_by_role("heading", name="Anmelden").wait_for()


def say_password(someone, email, password):
    someone.open("/cms/login")
    someone.page.get_by_label("E-Mail-Adresse").fill(email)
    someone.page.get_by_label("Passwort", exact=True).fill(password)
    someone.page.get_by_role("button", name="Weiter").click()

"""What is done again and again at the desk of a text."""

from __future__ import annotations

from cityinfo.features import content


def begin(someone, page):
    """Elif, an editor, logs in and opens the text."""
    someone.log_in("elif@example.org")
    open_text(someone, page)
    return someone


def open_text(someone, page, language="de", query=""):
    someone.open(f"/cms/teststadt/pages/{page}/{language}{query}")
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

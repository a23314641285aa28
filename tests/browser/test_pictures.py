"""Pictures and icons in a text: from the library, from one's own disk, described, refused, read over both APIs."""

from __future__ import annotations

import re

import pytest

from cityinfo.features import media
from cityinfo.features.media import Search
from tests.browser.conftest import PHONE
from tests.browser.desks import begin, prose, saved, state, write
from tests.factories import plant, save, translate
from tests.factories_media import DOCUMENT, library_of, picture, put

pytestmark = pytest.mark.browser
DROP = """async (place, [name, type, bytes]) => {
  const data = new DataTransfer()
  data.items.add(new File([new Uint8Array(bytes)], name, { type }))
  const { left, top } = place.getBoundingClientRect()
  const where = { clientX: left + 60, clientY: top + 40 }
  place.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true, ...where }))
}"""


@pytest.fixture
def page(service):
    return plant(service.city, "Rathaus", content="<p>Das Rathaus</p>")


@pytest.fixture
def desk(visit, page):
    return begin(visit, page)


@pytest.fixture
def dialog(desk):
    write(desk, " hat offen. ")
    desk.page.get_by_role("button", name="Bild", exact=True).press("Enter")
    return desk.page.get_by_role("dialog", name="Bild")


def problem(desk):
    return desk.page.locator("#picture-problem")


def files(service):
    with service.city.read() as db:
        return [one.name for one in media.listing(db, Search())]


def published(desk, service, page):
    desk.page.keyboard.press("Control+Enter")
    desk.page.get_by_text("Veröffentlicht.").wait_for()
    new = desk.page.request.get(f"{service.url}/api/v1/tenants/teststadt/de/pages/{page}").json()["content"]
    old = desk.page.request.get(f"{service.url}/api/v3/teststadt/de/page/?id={page}").json()["content"]
    return new, old


@pytest.mark.parametrize(("name", "kind"), [("rathaus.jpg", "JPEG"), ("rathaus.png", "PNG")])
def test_a_new_picture_is_put_into_the_text_and_both_apis_deliver_it_with_its_words(
    desk, service, page, dialog, name, kind
):
    desk.check()
    dialog.get_by_label("Oder ein neues Bild").set_input_files(
        {"name": name, "mimeType": f"image/{kind.lower()}", "buffer": picture(kind=kind)}
    )
    dialog.get_by_label("Alternativtext, auf Deutsch").fill("Ein gelbes Haus")
    dialog.get_by_role("button", name="Bild einfügen").press("Enter")
    dialog.wait_for(state="hidden")
    desk.page.locator("#text:focus").wait_for()
    prose(desk).get_by_role("img", name="Ein gelbes Haus").evaluate("image => image.decode()")
    for content in published(desk, service, page):
        shown = re.search(r'<img[^>]* alt="Ein gelbes Haus"[^>]*>', content)[0]
        answer = desk.page.request.get(re.search(r'src="([^"]+)"', shown)[1])
        assert answer.ok
        assert answer.headers["content-type"].startswith("image/")
    assert files(service) == [name]
    desk.check()


def test_a_picture_from_the_library_is_found_by_its_name(desk, service, page, dialog):
    desk.page.keyboard.press("Escape")
    for name in ("markt.png", "rathaus.png"):
        upload(desk, name)
    desk.page.get_by_role("button", name="Bild", exact=True).press("Enter")
    dialog.get_by_label("markt.png").wait_for()
    dialog.get_by_label("In Namen und Alternativtexten suchen").fill("rath")
    dialog.get_by_label("markt.png").wait_for(state="detached")
    dialog.get_by_label("rathaus.png").check()
    dialog.get_by_label("Alternativtext, auf Deutsch").fill("Das Rathaus von vorn")
    desk.check()
    dialog.get_by_role("button", name="Bild einfügen").press("Enter")
    prose(desk).get_by_role("img", name="Das Rathaus von vorn").wait_for()


def test_a_picture_is_found_in_its_folder_and_by_what_is_said_of_it(desk, service, dialog):
    desk.page.keyboard.press("Escape")
    library = library_of(service.database, service.settings)
    put(library, service.city, name="img_1.jpg", folder="Amt/Bauamt", de="Das Rathaus im Abendlicht")
    put(library, service.city, picture(50, 50), name="img_2.jpg", de="Der Markt")
    put(library, service.city, DOCUMENT, name="abend.pdf")
    desk.page.get_by_role("button", name="Bild", exact=True).press("Enter")
    dialog.get_by_label("img_2.jpg").wait_for()
    dialog.get_by_role("link", name="Amt").press("Enter")
    dialog.get_by_label("img_2.jpg").wait_for(state="detached")
    dialog.get_by_role("link", name="Bauamt").press("Enter")
    dialog.get_by_role("link", name="Alle Dateien").wait_for()
    desk.look()
    new = {"name": "neu.jpg", "mimeType": "image/jpeg", "buffer": picture(60, 60)}
    dialog.get_by_label("Oder ein neues Bild").set_input_files(new)
    dialog.get_by_label("Schmückt nur").check()
    dialog.get_by_role("button", name="Bild einfügen").press("Enter")
    dialog.wait_for(state="hidden")
    with service.city.read() as db:
        assert [one.name for one in media.listing(db, Search(folder="Amt/Bauamt"))] == ["img_1.jpg", "neu.jpg"]
    desk.page.get_by_role("button", name="Bild", exact=True).press("Enter")
    dialog.get_by_label("img_2.jpg").wait_for()
    dialog.get_by_label("In Namen und Alternativtexten suchen").fill("abend")
    dialog.get_by_label("img_2.jpg").wait_for(state="detached")
    assert dialog.get_by_label("abend.pdf").count() == 0
    dialog.get_by_label("img_1.jpg").check()
    dialog.get_by_label("Schmückt nur").uncheck()
    dialog.get_by_label("Alternativtext, auf Deutsch").fill("Der Turm")
    dialog.get_by_role("button", name="Bild einfügen").press("Enter")
    prose(desk).get_by_role("img", name="Der Turm").wait_for()


def upload(desk, name):
    csrf = desk.page.evaluate("/csrf_access_token=([^;]*)/.exec(document.cookie)[1]")
    sent = {"file": {"name": name, "mimeType": "image/png", "buffer": picture(kind="PNG")}, "decorative": "1"}
    address = f"{desk.service.url}/cms/teststadt/pictures"
    answer = desk.page.request.post(address, multipart=sent, headers={"X-CSRF-TOKEN": csrf})
    assert answer.ok, answer.text()


def test_a_picture_dragged_into_the_dialog_that_only_decorates_is_no_flaw_and_said_by_nobody(
    desk, service, page, dialog
):
    dialog.evaluate(DROP, ["zierde.png", "image/png", list(picture(kind="PNG"))])
    desk.page.locator("#alt:focus").wait_for()
    desk.page.get_by_label("Schmückt nur").press("Space")
    desk.page.get_by_role("button", name="Bild einfügen").press("Enter")
    dialog.wait_for(state="hidden")
    state(desk, "saved")
    assert desk.page.locator('[data-flaw="undescribed_picture"]').count() == 0
    new, old = published(desk, service, page)
    assert 'alt=""' in new
    assert 'aria-hidden="true"' in old


def test_a_picture_dropped_on_the_text_is_asked_about_before_it_is_kept(desk, service):
    prose(desk).evaluate(DROP, ["platz.png", "image/png", list(picture(kind="PNG"))])
    desk.page.get_by_role("dialog", name="Bild").wait_for()
    assert desk.page.locator("#picture-file").evaluate("field => field.files[0].name") == "platz.png"
    desk.page.keyboard.press("Escape")
    desk.page.locator("#text:focus").wait_for()
    assert files(service) == []


def test_what_cannot_be_taken_is_said_in_the_dialog_and_what_was_typed_stays(desk, service, dialog):
    send = dialog.get_by_role("button", name="Bild einfügen")
    send.press("Enter")
    assert "Wählen Sie zuerst ein Bild" in problem(desk).inner_text()
    alt = dialog.get_by_label("Alternativtext, auf Deutsch")
    alt.fill("Ein Haus")
    field = dialog.get_by_label("Oder ein neues Bild")
    field.set_input_files({"name": "satzung.pdf", "mimeType": "application/pdf", "buffer": DOCUMENT})
    assert "„satzung.pdf“ ist kein Bild" in problem(desk).inner_text()
    most = service.settings.media_file_mb
    field.evaluate(
        """(field, bytes) => {
          const files = new DataTransfer()
          files.items.add(new File([new Uint8Array(bytes)], 'riesig.png', { type: 'image/png' }))
          field.files = files.files
          field.dispatchEvent(new Event('change'))
        }""",
        most * 1_000_000 + 1,
    )
    assert f"höchstens {most} MB sind für eine Datei erlaubt" in problem(desk).inner_text()
    desk.page.locator("#picture-file:focus").wait_for()
    field.set_input_files({"name": "kaputt.png", "mimeType": "image/png", "buffer": b"keines"})
    send.press("Enter")
    desk.page.locator("#picture-problem", has_text="kaputt.png").wait_for()
    assert alt.input_value() == "Ein Haus"
    desk.complaints = [one for one in desk.complaints if "422" not in one]  # the browser names what was refused
    desk.look()
    alt.fill("")
    field.set_input_files({"name": "gut.png", "mimeType": "image/png", "buffer": picture(kind="PNG")})
    send.press("Enter")
    assert "Sagen Sie, was zu sehen ist" in problem(desk).inner_text()
    desk.page.locator("#alt:focus").wait_for()
    assert files(service) == []


def test_without_a_connection_the_picture_stays_chosen(desk, service, dialog):
    field = dialog.get_by_label("Oder ein neues Bild")
    field.set_input_files({"name": "gut.png", "mimeType": "image/png", "buffer": picture(kind="PNG")})
    dialog.get_by_label("Alternativtext, auf Deutsch").fill("Ein Haus")
    desk.page.route("**/pictures", lambda route: route.abort())
    dialog.get_by_role("button", name="Bild einfügen").press("Enter")
    desk.page.locator("#picture-problem", has_text="Das Bild ist nicht angekommen").wait_for()
    desk.page.unroute("**/pictures")
    dialog.get_by_role("button", name="Bild einfügen").press("Enter")
    prose(desk).get_by_role("img", name="Ein Haus").wait_for()
    assert files(service) == ["gut.png"]


def test_an_icon_stands_among_words_and_both_apis_deliver_it(desk, service, page):
    write(desk, " ")
    desk.page.keyboard.press("Alt+F10")
    desk.page.get_by_role("button", name="Symbol", exact=True).press("Enter")
    dialog = desk.page.get_by_role("dialog", name="Symbol")
    dialog.get_by_label("Telefon").check()
    desk.look()
    dialog.get_by_role("button", name="Symbol einfügen").press("Enter")
    desk.page.locator("#text:focus").wait_for()
    desk.page.keyboard.type(" 0821 3240")
    state(desk, "saved")
    new, old = published(desk, service, page)
    assert 'src="icon:phone"' in saved(service, page)
    for content in (new, old):
        shown = re.search(r"<img[^>]*>", content)[0]
        assert 'aria-hidden="true"' in shown
        assert 'width="18"' in shown
        answer = desk.page.request.get(re.search(r'src="([^"]+)"', shown)[1])
        assert answer.headers["content-type"] == "image/svg+xml"
    desk.check()


def test_an_icon_is_put_into_a_translation_with_the_same_tools(visit, service, page):
    translate(service.city, page, "ar", "بلدية", content="<p>البلدية</p>")
    save(service.city, page, content="<p>Das Rathaus hat ein Telefon</p>")
    visit.come_in("elif@example.org")
    visit.open(f"/cms/teststadt/translations/ar/{page}")
    visit.page.locator("html[data-ready=true]").wait_for()
    icon = visit.page.get_by_role("button", name="Symbol", exact=True)
    assert icon.get_attribute("aria-disabled") == "true"
    visit.look()
    visit.page.keyboard.press("Alt+ArrowDown")
    visit.page.locator("#p1 .ProseMirror:focus").wait_for()
    visit.page.keyboard.press("Control+End")
    visit.page.keyboard.type(" ")
    visit.page.keyboard.press("Alt+F10")
    icon.press("Enter")
    dialog = visit.page.get_by_role("dialog", name="Symbol")
    dialog.get_by_label("Telefon").check()
    visit.look()
    dialog.get_by_role("button", name="Symbol einfügen").press("Enter")
    visit.page.locator("#p1 .ProseMirror:focus").wait_for()
    visit.page.keyboard.type(" 0821 3240")
    assert visit.page.locator("#p1.pair--open [name=settled]:checked").count() == 0
    visit.look()
    visit.page.get_by_role("button", name="Fett").click()
    visit.page.locator("#p1 .ProseMirror:focus").wait_for()
    visit.page.keyboard.type(" jetzt")
    visit.page.keyboard.press("Control+Enter")
    visit.page.keyboard.press("Enter")
    visit.page.get_by_text("Veröffentlicht.").wait_for()
    kept = saved(service, page, "ar")
    assert kept.startswith("<p>البلدية <img")
    assert 'src="icon:phone"' in kept
    assert kept.endswith(" 0821 3240<strong> jetzt</strong></p>")
    answer = visit.page.request.get(f"{service.url}/api/v3/teststadt/ar/page/?id={page}").json()
    assert "/media/icons/phone.svg" in answer["content"]


def test_menus_of_the_toolbar_act_only_when_something_is_chosen(desk, service, page):
    write(desk, "")
    desk.page.keyboard.press("Alt+F10")
    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("ArrowDown")
    assert desk.page.evaluate("document.activeElement.textContent") == "Überschrift 2"
    assert prose(desk).locator("h2").count() == 0
    desk.look()
    desk.page.keyboard.press("Escape")
    assert desk.page.evaluate("document.activeElement.getAttribute('aria-label')") == "Absatzart: Absatz"
    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("Enter")
    desk.page.locator("#text:focus").wait_for()
    assert prose(desk).locator("h2").inner_text().strip() == "Das Rathaus"
    desk.page.set_viewport_size(PHONE)
    desk.page.keyboard.press("Alt+F10")
    assert desk.page.evaluate("document.activeElement.getAttribute('aria-label')") == "Absatzart: Überschrift 2"
    desk.page.keyboard.press("ArrowDown")
    desk.check()

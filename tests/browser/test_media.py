"""The media library at an editor's desk: bringing many files over a bad line, describing, replacing, tidying up."""

from __future__ import annotations

import pytest

from cityinfo.features import content, media
from cityinfo.features.media import Search
from tests.factories import plant
from tests.factories_media import DOCUMENT, library_of, picture, put

pytestmark = pytest.mark.browser
DROP = """(place, files) => {
  const data = new DataTransfer()
  for (const [name, type, bytes] of files) data.items.add(new File([new Uint8Array(bytes)], name, { type }))
  place.dispatchEvent(new DragEvent('dragover', { dataTransfer: data, bubbles: true, cancelable: true }))
  place.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }))
}"""
HERE = "/cms/teststadt/media"


@pytest.fixture
def elif_(visit):
    visit.come_in("elif@example.org")
    return visit


@pytest.fixture
def library(service):
    return library_of(service.database, service.settings)


def drop(someone, *files):
    kinds = {"jpg": "image/jpeg", "pdf": "application/pdf"}
    sent = [[name, kinds[name.rpartition(".")[2]], list(data)] for name, data in files]
    someone.page.locator("main").evaluate(DROP, sent)


def row(someone, name):
    return someone.page.locator(".queue > li", has_text=name)


def kept(service, **search):
    with service.city.read() as db:
        return [one.name for one in media.listing(db, Search(**search))]


def titles(service, media_id):
    with service.city.read() as db:
        return content.titles(db, media_id)


def forgive(someone, *said):
    """The browser names what was refused or did not arrive; that is meant here."""
    someone.complaints = [one for one in someone.complaints if not any(words in one for words in said)]


def test_files_dropped_on_the_library_are_kept_in_the_open_folder_and_stand_on_the_sheet(elif_, service):
    elif_.open(f"{HERE}?folder=Amt")
    drop(elif_, ("haus.jpg", picture()), ("satzung.pdf", DOCUMENT))
    for name in ("haus.jpg", "satzung.pdf"):
        row(elif_, name).get_by_text("ist da").wait_for()
        elif_.page.locator(".tile", has_text=name).wait_for()
    assert kept(service, folder="Amt") == ["haus.jpg", "satzung.pdf"]
    elif_.look()
    row(elif_, "haus.jpg").get_by_role("link", name="Beschreiben").press("Enter")
    elif_.page.get_by_role("heading", name="haus.jpg").wait_for()


def test_what_did_not_arrive_stays_and_is_sent_again_while_the_rest_arrives(elif_, service):
    elif_.open(HERE)
    lost = []

    def lose(route):
        asked = route.request.post_data_buffer or b""
        if b"zwei.jpg" in asked and len(lost) < 2:
            lost.append(asked)
            return route.abort()
        return route.continue_()

    elif_.page.route("**/teststadt/media", lose)
    files = [
        {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": picture()} for name in ("eins", "zwei", "drei")
    ]
    elif_.page.locator("#files").set_input_files(files)
    row(elif_, "zwei.jpg").get_by_text("nicht angekommen").wait_for()
    row(elif_, "drei.jpg").get_by_text("ist da").wait_for()
    assert kept(service) == ["drei.jpg", "eins.jpg"]
    forgive(elif_, "ERR_FAILED")
    elif_.look()
    row(elif_, "zwei.jpg").get_by_role("button", name="zwei.jpg noch einmal senden").press("Enter")
    row(elif_, "zwei.jpg").get_by_text("nicht angekommen").wait_for()
    elif_.page.get_by_role("button", name="Alle noch einmal senden").press("Enter")
    row(elif_, "zwei.jpg").get_by_text("ist da").wait_for()
    assert kept(service) == ["drei.jpg", "eins.jpg", "zwei.jpg"]
    assert elif_.page.get_by_role("button", name="Alle noch einmal senden").count() == 0
    forgive(elif_, "ERR_FAILED")
    elif_.check()


def test_a_file_that_arrived_although_nobody_heard_of_it_is_not_kept_twice(elif_, service):
    elif_.open(HERE)
    answered = []

    def swallow(route):
        if not answered:
            answered.append(route.fetch().status)
            return route.abort()
        return route.continue_()

    elif_.page.route("**/teststadt/media", swallow)
    drop(elif_, ("haus.jpg", picture()))
    row(elif_, "haus.jpg").get_by_role("button", name="haus.jpg noch einmal senden").press("Enter")
    row(elif_, "haus.jpg").get_by_text("ist da").wait_for()
    assert answered == [201]
    assert kept(service) == ["haus.jpg"]


def test_what_waits_or_is_on_its_way_can_be_cancelled_and_what_is_refused_says_why(elif_, service):
    elif_.open(HERE)
    elif_.page.route("**/teststadt/media", lambda route: None)  # nothing ever answers
    drop(elif_, ("eins.jpg", picture()), ("zwei.jpg", picture()), ("kaputt.jpg", b"kein Bild"))
    row(elif_, "eins.jpg").get_by_text("unterwegs").wait_for()
    assert row(elif_, "eins.jpg").get_by_role("progressbar", name="eins.jpg").is_visible()
    row(elif_, "zwei.jpg").get_by_role("button", name="zwei.jpg abbrechen").press("Enter")
    row(elif_, "eins.jpg").get_by_role("button", name="eins.jpg abbrechen").press("Enter")
    row(elif_, "kaputt.jpg").get_by_text("unterwegs").wait_for()
    elif_.page.unroute("**/teststadt/media")
    row(elif_, "kaputt.jpg").get_by_text("„kaputt.jpg“ ist").wait_for()
    assert row(elif_, "eins.jpg").get_by_text("abgebrochen").is_visible()
    assert row(elif_, "zwei.jpg").get_by_text("abgebrochen").is_visible()
    assert kept(service) == []
    forgive(elif_, "422")
    elif_.look()


def test_a_picture_is_described_and_its_focal_point_set_by_click_and_by_keys(elif_, service, library):
    haus = put(library, service.city, picture(400, 200), name="haus.jpg", de="Ein Haus")
    elif_.open(f"{HERE}/{haus}")
    page = elif_.page
    assert page.locator(".said-in", has_text="Englisch").get_by_text("fehlt").is_visible()
    page.get_by_label("Englisch").fill("A house")
    shown = page.locator(".focal img")
    box = shown.bounding_box()
    shown.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.5})
    assert page.get_by_label("Von links").input_value() == "25"
    assert page.locator(".cut--square img").evaluate("one => one.style.objectPosition") == "25% 50%"
    page.get_by_label("Von oben").press("ArrowUp")
    assert page.locator(".focal__point").evaluate("one => one.style.top") == "51%"
    elif_.look()
    page.keyboard.press("Control+Enter")
    page.get_by_text("Gespeichert.").wait_for()
    assert titles(service, haus) == {"de": "Ein Haus", "en": "A house"}
    with service.city.read() as db:
        file = media.find(db, haus)
    assert (file.focal_x, file.focal_y) == (0.25, 0.51)
    elif_.check()
    cut = "one => [getComputedStyle(one).objectFit, getComputedStyle(one).objectPosition]"
    elif_.open(HERE)
    assert page.locator(".tile img").evaluate(cut) == ["cover", "20% 50%"]
    elif_.open("/cms/teststadt/locations/new")
    assert page.locator(".picks img").evaluate(cut) == ["cover", "20% 50%"]


def test_words_that_were_not_saved_are_not_left_without_a_question(elif_, service, library):
    haus = put(library, service.city, name="haus.jpg", de="Ein Haus")
    elif_.open(f"{HERE}/{haus}")
    page, asked = elif_.page, []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_label("Englisch").press_sequentially("A house")
    page.get_by_text("Archivieren …").click()
    page.get_by_role("button", name="Archivieren").click(no_wait_after=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    assert page.get_by_label("Englisch").input_value() == "A house"
    page.get_by_role("button", name="Speichern").click()
    page.get_by_text("Gespeichert.").wait_for()
    assert asked == ["beforeunload"]
    assert titles(service, haus)["en"] == "A house"


def test_a_replaced_picture_is_the_new_one_wherever_it_is_shown(elif_, service, library):
    haus = put(library, service.city, name="haus.jpg", de="Ein Haus")
    bauamt = plant(service.city, "Bauamt", content=f'<img src="media:{haus}">')
    elif_.open(f"{HERE}/{haus}")
    before = elif_.page.request.get(f"{service.url}/api/v1/tenants/teststadt/de/pages/{bauamt}").json()["content"]
    elif_.page.get_by_text("Durch eine andere Datei ersetzen").press("Enter")
    assert elif_.page.get_by_text("Ein Eintrag zeigt sofort die neue Datei.").is_visible()
    new = {"name": "neu.jpg", "mimeType": "image/jpeg", "buffer": picture(90, 60)}
    elif_.page.get_by_label("Neue Datei", exact=True).set_input_files(new)
    elif_.look()
    elif_.page.get_by_role("button", name="Ersetzen").press("Enter")
    elif_.page.get_by_text("Ersetzt.").wait_for()
    after = elif_.page.request.get(f"{service.url}/api/v1/tenants/teststadt/de/pages/{bauamt}").json()["content"]
    assert 'width="90"' in after
    assert 'alt="Ein Haus"' in after
    assert before != after
    elif_.page.get_by_role("link", name="Bauamt").press("Enter")
    elif_.page.locator("html[data-ready=true]").wait_for()


def test_files_are_moved_into_a_new_folder_and_found_there_by_keyboard_alone(elif_, service, library):
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        put(library, service.city, name=name)
    elif_.open(HERE)
    page = elif_.page
    for name in ("a.jpg", "b.jpg"):
        page.get_by_label(f"{name} auswählen").press("Space")
    elif_.look()
    page.get_by_label("Ausgewählte Dateien verschieben nach").fill("Gebäude")
    page.keyboard.press("Enter")
    page.get_by_text("2 Dateien liegen jetzt in „Gebäude“.").wait_for()
    page.get_by_role("link", name="Gebäude").press("Enter")
    page.locator(".tile", has_text="c.jpg").wait_for(state="detached")
    page.get_by_text("„Gebäude“ umbenennen").press("Enter")
    page.get_by_label("Neuer Name des Ordners").fill("Häuser")
    elif_.look()
    page.keyboard.press("Enter")
    page.get_by_text("Der Ordner heißt jetzt „Häuser“.").wait_for()
    assert kept(service, folder="Häuser") == ["a.jpg", "b.jpg"]
    page.get_by_label("In Namen und Alternativtexten suchen").fill("b.j")
    page.keyboard.press("Enter")
    page.locator(".tile", has_text="a.jpg").wait_for(state="detached")
    page.get_by_role("link", name="b.jpg").press("Enter")
    page.get_by_role("heading", name="b.jpg").wait_for()
    elif_.check()


def test_chosen_files_are_dragged_into_a_folder_and_are_no_new_files_elsewhere(elif_, service, library):
    put(library, service.city, picture(20, 20), name="alt.jpg", folder="Amt")
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        put(library, service.city, picture(30, 30), name=name)
    elif_.open(HERE)
    page = elif_.page
    face = page.locator(".tile", has_text="a.jpg").locator("img")
    face.drag_to(page.get_by_role("search", name="Dateien"))
    page.get_by_label("b.jpg auswählen").check()
    assert page.locator(".queue > li").count() == 0
    page.locator(".tile", has_text="b.jpg").locator("img").drag_to(page.get_by_role("link", name="Amt"))
    page.get_by_text("2 Dateien liegen jetzt in „Amt“.").wait_for()
    assert kept(service, folder="Amt") == ["a.jpg", "alt.jpg", "b.jpg"]
    page.get_by_role("link", name="Amt").click()
    page.locator(".tile", has_text="a.jpg").locator("img").drag_to(page.get_by_role("link", name="Alle Dateien"))
    page.get_by_text("Eine Datei liegt jetzt in keinem Ordner.").wait_for()
    assert kept(service, folder="Amt") == ["alt.jpg", "b.jpg"]


def test_everything_works_without_scripts_too(service, browser, library):
    from tests.browser.conftest import visiting

    with visiting(service, browser, java_script_enabled=False) as someone:
        someone.come_in("elif@example.org")
        someone.open(f"{HERE}?folder=Amt")
        files = [{"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": picture()} for name in ("eins", "zwei")]
        someone.page.get_by_label("Neue Dateien").set_input_files(files)
        someone.page.get_by_role("button", name="Hochladen").click()
        someone.page.get_by_text("2 Dateien sind da.").wait_for()
        someone.page.get_by_role("link", name="eins.jpg").click()
        someone.page.get_by_label("Deutsch").fill("Ein Haus")
        someone.page.get_by_label("Von links").fill("30")
        someone.page.get_by_role("button", name="Speichern").click()
        someone.page.get_by_text("Gespeichert.").wait_for()
    assert kept(service, folder="Amt") == ["eins.jpg", "zwei.jpg"]

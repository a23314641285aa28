"""One file before editors: what it says in each language, who shows it, other bytes, and how it goes."""

from __future__ import annotations

import io

import pytest

from cityinfo.features import content, media
from tests.cms.conftest import text_of
from tests.factories import plant
from tests.factories_entries import found as found_organization
from tests.factories_entries import revision_of
from tests.factories_events import hold
from tests.factories_media import DOCUMENT, DRAWING, library_of, mp3, picture, put

HERE = "/media"


@pytest.fixture
def library(database, settings):
    return library_of(database, settings)


@pytest.fixture
def haus(city, library):
    return put(library, city, name="haus.jpg", de="Ein Haus")


def file_of(city, media_id):
    with city.read() as db:
        return media.find(db, media_id)


def titles(city, media_id):
    with city.read() as db:
        return content.titles(db, media_id)


def form_of(city, media_id, **typed):
    """What the form of a file sends when only this was changed in it."""
    file = file_of(city, media_id)
    across, down = round(file.focal_x * 100), round(file.focal_y * 100)
    fields = {"name": file.name, "was_name": file.name, "folder": file.folder, "was_folder": file.folder}
    fields |= {"focal_x": across, "focal_y": down, "was_focal": f"{across} {down}"}
    with city.read() as db:
        fields["revision"] = revision_of(db, media_id)
        for language in ("de", "en", "ar"):
            text = content.text_of(db, media_id, language)
            version = content.version(db, text.current_version_id) if text else None
            fields[f"title-{language}"] = version.title if version else ""
            fields[f"version-{language}"] = version.id if version else 0
            fields[f"text_revision-{language}"] = text.revision if text else 0
    return fields | {name.replace("__", "-"): value for name, value in typed.items()}


def save(someone, city, media_id, **typed):
    return someone.post(f"{HERE}/{media_id}", form_of(city, media_id, **typed))


def replace(someone, city, media_id, data, name="neu.png"):
    with city.read() as db:
        revision = revision_of(db, media_id)
    sent = {"file": (io.BytesIO(data), name), "revision": revision}
    return someone.post(f"{HERE}/{media_id}/file", sent, content_type="multipart/form-data")


def act(someone, city, media_id, what, **more):
    with city.read() as db:
        revision = revision_of(db, media_id)
    return someone.post(f"{HERE}/{media_id}/{what}", {"revision": revision, **more})


def test_each_language_shows_whether_it_has_words(city, people, haus):
    shown = text_of(people("editor").get(f"{HERE}/{haus}"))
    assert shown.count("</svg>beschrieben") == 1
    assert shown.count("</svg>fehlt") == 2


def test_words_of_several_languages_are_kept_and_public_at_once(city, people, haus):
    someone = people("editor")
    save(someone, city, haus, title__de="Ein gelbes Haus", title__ar=" بيت\r\n أصفر ")
    assert titles(city, haus) == {"de": "Ein gelbes Haus", "ar": "بيت أصفر"}
    with city.read() as db:
        assert media.described(db, [haus], ["de", "en", "ar"]) == {haus: {"de", "ar"}}
    assert "In einer Sprache fehlt noch der Text" in text_of(someone.get(f"{HERE}/{haus}"))


def test_what_someone_else_wrote_meanwhile_is_never_overwritten_unsaid(city, people, haus):
    elif_, mara = people("editor"), people("manager")
    opened = form_of(city, haus)
    save(mara, city, haus, title__de="Das Rathaus")
    elif_.post(f"{HERE}/{haus}", opened | {"title-en": "A house"})
    assert titles(city, haus) == {"de": "Das Rathaus", "en": "A house"}, "in another language nobody is in the way"
    late = elif_.post(f"{HERE}/{haus}", opened | {"title-de": "Das gelbe Haus"})
    assert late.status_code == 409
    assert "jemand anderes hat das inzwischen geändert" in text_of(late)
    assert "Das gelbe Haus" in text_of(late)
    assert titles(city, haus)["de"] == "Das Rathaus"


def test_a_picture_is_not_left_without_words_that_it_had(city, people, haus):
    refused = save(people("editor"), city, haus, title__de="", title__en="A house")
    assert refused.status_code == 422
    assert "Sagen Sie in wenigen Worten, was „haus.jpg“ zeigt" in text_of(refused)
    assert "A house" in text_of(refused)
    assert titles(city, haus) == {"de": "Ein Haus"}


def test_a_recording_has_a_transcript_in_each_language(city, people, library):
    sound = put(library, city, mp3(), name="gruss.mp3", en="Greeting")
    someone = people("author")
    assert text_of(someone.get(f"{HERE}/{sound}")).count("ohne Abschrift") == 1
    typed = {"title-de": "Gruß", "transcript-de": "Willkommen!\r\n\r\nSchön, dass Sie da sind."}
    someone.post(f"{HERE}/{sound}", form_of(city, sound) | typed)
    with city.read() as db:
        version = content.version(db, content.find_text(db, sound, "de").public_version_id)
    assert version.content == "<p>Willkommen!</p><p>Schön, dass Sie da sind.</p>"
    shown = text_of(someone.get(f"{HERE}/{sound}"))
    assert "<audio" in shown
    assert "Willkommen!\n\nSchön, dass Sie da sind." in shown


def test_a_translator_writes_in_other_languages_and_changes_nothing_else(city, people, haus):
    jana = people("translator")
    shown = text_of(jana.get(f"{HERE}/{haus}"))
    assert 'name="title-en"' in shown
    assert 'name="title-de"' not in shown
    assert 'name="focal_x"' not in shown
    fields = {name: value for name, value in form_of(city, haus).items() if name.endswith("-en")}
    jana.post(f"{HERE}/{haus}", fields | {"title-en": "A house"})
    assert titles(city, haus) == {"de": "Ein Haus", "en": "A house"}


def test_name_folder_and_focal_point_are_changed_together(city, people, haus):
    save(people("author"), city, haus, name="rathaus.jpg", folder="Amt", focal_x="20", focal_y="75")
    file = file_of(city, haus)
    assert (file.name, file.folder, file.focal_x, file.focal_y) == ("rathaus.jpg", "Amt", 0.2, 0.75)
    assert 'class="focus fx-2 fy-8"' in text_of(people("author", name="Ben").get("/media"))


def test_a_drawing_is_never_cut(city, people, library):
    put(library, city, DRAWING, name="wappen.svg", de="Wappen")
    assert "focus fx-" not in text_of(people("author").get("/media"))


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("focal_x", "140", "zwei ganze Zahlen von 0 bis 100"),
        ("name", "haus.pdf", "„haus.pdf“"),
        ("name", " ", "Eine Datei braucht einen Namen"),
        ("folder", "../..", "ist kein Ordner"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field_and_stays(city, people, haus, field, typed, said):
    refused = save(people("author"), city, haus, title__en="A house", **{field: typed})
    assert refused.status_code == 422
    assert said in text_of(refused)
    assert "A house" in text_of(refused)
    assert f'href="#{field}"' in text_of(refused)
    assert titles(city, haus) == {"de": "Ein Haus"}


def test_who_shows_a_file_is_listed_with_the_way_there(city, people, haus):
    page = plant(city, "Bauamt", content=f'<img src="media:{haus}">')
    plant(city, "Formulare", content=f'<a href="media:{haus}">Bild</a>')
    found_organization(city, "Caritas", logo=haus)
    shown = text_of(people("editor").get(f"{HERE}/{haus}"))
    assert "3 Einträge zeigen sie" in shown
    assert f'href="/cms/{city.slug}/texts/{page}/de" dir="auto">Bauamt<' in shown
    assert "Formulare" in shown
    assert "Caritas" in shown


def test_an_event_that_shows_a_file_is_led_to(city, people, haus):
    event = hold(city, "Fest", "2100-05-04T15:00", picture=haus)
    assert f'href="/cms/{city.slug}/events/{event}"' in text_of(people("editor").get(f"{HERE}/{haus}"))


def test_a_replaced_file_stays_the_same_for_all_that_shows_it(city, people, haus):
    plant(city, "Bauamt", content=f'<img src="media:{haus}">')
    someone, before = people("author"), file_of(city, haus)
    assert "Ein Eintrag zeigt sofort die neue Datei" in text_of(someone.get(f"{HERE}/{haus}"))
    assert replace(someone, city, haus, picture(90, 60, kind="PNG")).status_code == 303
    after = file_of(city, haus)
    assert (after.id, after.name, after.width) == (before.id, "neu.png", 90)
    assert titles(city, haus) == {"de": "Ein Haus"}
    assert "Ein Eintrag zeigt die neue Datei" in text_of(someone.get(f"{HERE}/{haus}"))


def test_a_file_of_another_sort_takes_nobodys_place(city, people, haus):
    someone = people("author")
    refused = replace(someone, city, haus, DOCUMENT, "satzung.pdf")
    assert refused.status_code == 422
    assert "satzung.pdf" in text_of(refused)
    assert someone.post(f"{HERE}/{haus}/file", {}).status_code == 422
    assert file_of(city, haus).name == "haus.jpg"


def test_an_archived_file_is_brought_back_at_once(city, people, haus):
    someone = people("editor")
    act(someone, city, haus, "archive")
    shown = text_of(someone.get(f"{HERE}/{haus}"))
    undo = (
        shown.partition('id="notices"')[2]
        .partition('method="post" action="')[2]
        .partition('"')[0]
        .removeprefix(f"/cms/{city.slug}")
    )
    assert "Archiviert." in shown
    assert "haus.jpg" not in text_of(someone.get(HERE)).partition("<main")[2]
    assert "haus.jpg" in text_of(someone.get(f"{HERE}?show=archived"))
    someone.post(undo)
    assert "haus.jpg" in text_of(someone.get(HERE))


def test_a_file_that_something_shows_is_not_deleted_and_what_shows_it_is_named(city, people, haus):
    plant(city, "Bauamt", content=f'<img src="media:{haus}">')
    mara = people("manager")
    act(mara, city, haus, "archive")
    shown = text_of(mara.get(f"{HERE}/{haus}"))
    assert "Löschen lässt sie sich erst, wenn der Eintrag oben sie nicht mehr zeigt" in shown
    refused = act(mara, city, haus, "delete")
    assert refused.status_code == 422
    assert "Bauamt" in text_of(refused)
    assert file_of(city, haus).name == "haus.jpg"


def test_an_archived_file_that_nothing_shows_is_deleted(city, people, haus):
    mara = people("manager")
    assert act(mara, city, haus, "delete").status_code == 422, "it is not archived yet"
    act(mara, city, haus, "archive")
    assert act(mara, city, haus, "delete").status_code == 303
    assert "„haus.jpg“ ist gelöscht" in text_of(mara.get(f"{HERE}?show=archived"))
    assert mara.get(f"{HERE}/{haus}").status_code == 404


def test_a_form_opened_before_another_change_does_nothing_unsaid(city, people, haus):
    mara = people("manager")
    refused = mara.post(f"{HERE}/{haus}/archive", {"revision": 7})
    assert refused.status_code == 409
    assert "Sehen Sie sie an und versuchen Sie es dann noch einmal" in text_of(refused)
    assert "Archivieren …" in text_of(refused)

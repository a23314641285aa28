"""Pictures that are brought in while someone writes: what is kept, what is refused, in words and without a trace."""

from __future__ import annotations

import io

import pytest

from cityinfo.features import content, media
from cityinfo.features.media import Search
from tests.cms.conftest import text_of
from tests.factories import plant, save
from tests.factories_media import DOCUMENT, picture


def bring(someone, data=None, name="rathaus.png", **said):
    file = (io.BytesIO(picture(kind="PNG") if data is None else data), name)
    return someone.post("/pictures", {"file": file, "language": "de", **said}, content_type="multipart/form-data")


def kept(city):
    with city.read() as db:
        return list(media.listing(db, Search()))


def test_a_picture_is_kept_with_its_words_in_the_language_of_the_text(city, people):
    answer = bring(people("author"), alt=" Das Rathaus ").get_json()
    with city.read() as db:
        assert content.titles(db, answer["id"]) == {"de": "Das Rathaus"}
        assert media.address(media.find(db, answer["id"]).key) == answer["shown"]


def test_a_picture_that_decorates_needs_no_words(city, people):
    answer = bring(people("editor"), decorative="1")
    with city.read() as db:
        assert content.titles(db, answer.get_json()["id"]) == {}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Sagen Sie, was zu sehen ist"),
        ({"alt": "Satzung", "data": DOCUMENT, "name": "satzung.pdf"}, "„satzung.pdf“ ist"),
        ({"alt": "Leer", "data": b"", "name": "leer.png"}, "leer.png"),
        ({"alt": "Text", "data": b"kein Bild", "name": "text.png"}, "text.png"),
    ],
)
def test_what_cannot_be_taken_is_said_in_one_sentence_and_leaves_nothing(city, people, sent, said):
    answer = bring(people("editor"), **sent)
    assert answer.status_code == 422
    assert said in answer.get_json()["problem"]
    assert kept(city) == []


def test_a_translator_looks_for_pictures_and_is_not_offered_to_bring_one(city, people):
    page = plant(city, "Rathaus")
    translator = people("translator")
    assert 'id="picture-file"' not in text_of(translator.get(f"/texts/{page}/en"))
    assert bring(translator, alt="Rathaus").status_code == 403
    assert kept(city) == []
    assert 'id="picture-file"' in text_of(people("editor").get(f"/texts/{page}/de"))


def test_every_icon_that_can_be_chosen_is_drawn_and_stays_in_a_text_with_its_versions(city, people):
    page, someone = plant(city, "Rathaus"), people("editor")
    shown = text_of(someone.get(f"/texts/{page}/de"))
    names = [one.partition('"')[0] for one in shown.split('name="icon" value="')[1:]]
    assert len(names) == 10
    for name in names:
        drawn = someone.client.get(f"/media/icons/{name}.svg")
        assert drawn.content_type == "image/svg+xml"
        assert "<path" in text_of(drawn)
    written = "".join(f'<p><img class="icon" src="icon:{one}" alt="" aria-hidden="true"> Wort</p>' for one in names)
    save(city, page, content=written)
    save(city, page, content=written + "<p>Neu</p>")
    with city.read() as db:
        current = content.version(db, content.find_text(db, page, "de").current_version_id)
        assert current.content.count('src="icon:') == 10
    assert "<ins>" in text_of(someone.get(f"/texts/{page}/de/versions"))
    assert someone.client.get("/media/icons/evil.svg").status_code == 404

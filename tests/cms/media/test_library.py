"""The media library before editors: finding files, bringing some, folders."""

from __future__ import annotations

import io

import pytest

from cityinfo.features import media
from cityinfo.features.media import Search
from cityinfo.kernel.facts import SYSTEM
from tests.cms.conftest import text_of
from tests.factories import plant
from tests.factories_media import DOCUMENT, library_of, mp3, picture, put
from tests.web.test_statements import Statements

HERE = "/media"


@pytest.fixture
def library(database, settings):
    return library_of(database, settings)


def bring(someone, *files, **said):
    sent = [(io.BytesIO(data), name) for name, data in files]
    return someone.post(HERE, {"file": sent, **said}, content_type="multipart/form-data")


def kept(city, **search):
    with city.read() as db:
        return [(one.folder, one.name) for one in media.listing(db, Search(**search))]


def names(answer):
    """The files of a list in their order."""
    return [part.partition("<")[0] for part in text_of(answer).split('class="tile__name" dir="auto">')[1:]]


def test_files_stand_in_a_list_the_newest_first_or_by_name(city, people, library):
    for name in ("b.jpg", "a.jpg", "c.jpg"):
        put(library, city, name=name)
    someone = people("editor")
    assert names(someone.get(HERE)) == ["c.jpg", "a.jpg", "b.jpg"]
    assert names(someone.get(f"{HERE}?sort=name")) == ["a.jpg", "b.jpg", "c.jpg"]


def test_files_are_found_by_their_name_by_what_is_said_of_them_and_by_kind(city, people, library):
    put(library, city, name="img_0815.jpg", de="Das gelbe Rathaus", en="The town hall")
    put(library, city, DOCUMENT, name="satzung.pdf")
    put(library, city, mp3(), name="rathausruf.mp3")
    someone = people("editor")
    assert names(someone.get(f"{HERE}?q=RATHAUS&sort=name")) == ["img_0815.jpg", "rathausruf.mp3"]
    assert names(someone.get(f"{HERE}?q=town")) == ["img_0815.jpg"]
    assert names(someone.get(f"{HERE}?kind=document")) == ["satzung.pdf"]
    assert names(someone.get(f"{HERE}?kind=recording")) == ["rathausruf.mp3"]
    assert "Zu „nirgends“ passt keine Datei" in text_of(someone.get(f"{HERE}?q=nirgends"))


def test_what_is_not_described_in_every_language_and_what_nothing_shows_is_found(city, people, library):
    put(library, city, name="voll.jpg", de="Haus", en="House", ar="بيت")
    put(library, city, picture(30, 30), name="halb.jpg", de="Haus")
    used = put(library, city, picture(40, 40), name="gezeigt.jpg", de="Haus", en="House", ar="بيت")
    plant(city, "Rathaus", content=f'<img src="media:{used}">')
    someone = people("editor")
    assert names(someone.get(f"{HERE}?show=undescribed")) == ["halb.jpg"]
    assert 'title="Englisch">en' in text_of(someone.get(f"{HERE}?q=halb"))
    assert names(someone.get(f"{HERE}?show=unused&sort=name")) == ["halb.jpg", "voll.jpg"]


def test_a_folder_shows_its_files_and_those_below_and_leads_up_and_down(city, people, library):
    put(library, city, name="plan.jpg", folder="Karten/Nord")
    put(library, city, picture(30, 30), name="alle.jpg", folder="Karten")
    put(library, city, picture(40, 40), name="spiel.jpg", folder="Kartenspiel")
    someone = people("editor")
    assert names(someone.get(f"{HERE}?folder=Karten&sort=name")) == ["alle.jpg", "plan.jpg"]
    top = text_of(someone.get(HERE))
    assert "<bdi>Karten</bdi>" in top
    assert "<bdi>Nord</bdi>" not in top
    assert "<bdi>Nord</bdi>" in text_of(someone.get(f"{HERE}?folder=Karten"))


def test_a_folder_that_nobody_can_make_is_said_and_stays_as_it_was_typed(people):
    answer = people("editor").get(f"{HERE}?folder=../geheim")
    assert answer.status_code == 422
    assert 'value="../geheim"' in text_of(answer)
    assert "ist noch leer" in text_of(people("author").get(f"{HERE}?folder=Neu"))


def test_a_sheet_holds_fifty_files_and_leads_on_to_the_rest(city, people, library):
    for number in range(52):
        put(library, city, picture(20, 20), name=f"bild-{number:02}.jpg")
    someone = people("editor")
    for sort in ("", "name"):
        first = someone.get(f"{HERE}?sort={sort}")
        assert len(names(first)) == 50
        on = text_of(first).rpartition("after=")[2].partition('"')[0]
        rest = names(someone.get(f"{HERE}?after={on}"))
        assert sorted([*names(first), *rest]) == [f"bild-{number:02}.jpg" for number in range(52)]


def test_the_list_takes_as_many_statements_for_many_files_as_for_few(city, people, library, database):
    statements = Statements(database.engine)
    someone, counts = people("editor"), []
    put(library, city, de="Haus")
    for more in (1, 30):
        for number in range(more):
            one = put(library, city, picture(20, 20), name=f"{more}-{number}.jpg", folder=f"Ordner {number}", de="Haus")
            plant(city, f"Seite {more}-{number}", content=f'<img src="media:{one}">')
        paths = [HERE, f"{HERE}?q=haus", f"{HERE}?show=undescribed", f"{HERE}?show=unused", f"{HERE}/shelf?pick=1"]
        for path in paths:
            someone.get(path)
        counts.append([statements.of(lambda path=path: someone.get(path)) for path in paths])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 22


def test_several_files_are_brought_at_once_without_scripts(city, people):
    someone = people("author")
    answer = bring(someone, ("haus.jpg", picture()), ("satzung.pdf", DOCUMENT), folder="Amt")
    assert answer.status_code == 303
    assert kept(city) == [("Amt", "haus.jpg"), ("Amt", "satzung.pdf")]
    assert "2 Dateien sind da." in text_of(someone.get(f"{HERE}?folder=Amt"))


def test_what_cannot_be_kept_is_named_and_the_rest_is_kept(city, people):
    answer = bring(people("author"), ("haus.jpg", picture()), ("leer.png", b""), ("text.png", b"kein Bild"))
    assert answer.status_code == 422
    assert "2 Dateien wurden nicht aufgenommen" in text_of(answer)
    assert "„leer.png“ ist leer" in text_of(answer)
    assert kept(city) == [("", "haus.jpg")]


def test_a_script_is_told_where_the_new_file_is_and_sends_nothing_twice(city, people):
    someone, as_script = people("editor"), {"Accept": "application/json"}

    def send(data=None, name="haus.jpg", **more):
        sent = {"file": (io.BytesIO(picture() if data is None else data), name), "folder": "Amt", **more}
        return someone.post(HERE, sent, content_type="multipart/form-data", headers=as_script)

    first = send()
    assert first.status_code == 201
    assert first.get_json()["address"].endswith(f"/media/{first.get_json()['id']}")
    assert send(again="1").get_json()["id"] == first.get_json()["id"]
    assert kept(city) == [("Amt", "haus.jpg")]
    assert send().get_json()["id"] != first.get_json()["id"], "the same file may well be there twice"
    refused = send(b"", "leer.png")
    assert refused.status_code == 422
    assert "leer.png" in refused.get_json()["problem"]


def test_the_space_that_is_used_and_left_is_shown_and_ends(city, people, database):
    with city.write() as db:
        media.set_quota(db, 2_000, actor=SYSTEM)
    someone = people("editor")
    assert "0\xa0KB von 2\xa0KB belegt, 2\xa0KB frei" in text_of(someone.get(HERE))
    answer = bring(someone, ("haus.jpg", picture(900, 900, quality=95)))
    assert answer.status_code == 422
    assert kept(city) == []


def test_chosen_files_are_moved_into_a_folder_and_stay_chosen_when_that_is_refused(city, people, library):
    first, second = put(library, city, name="a.jpg"), put(library, city, picture(30, 30), name="b.jpg")
    someone = people("author")
    refused = someone.post(f"{HERE}/move", {"file": [first], "to": "../.."})
    assert refused.status_code == 422
    assert text_of(refused).count(" checked") == 1
    assert 'value="../.."' in text_of(refused)
    someone.post(f"{HERE}/move", {"file": [first, second], "to": "Stadt/Bauten"})
    assert kept(city) == [("Stadt/Bauten", "a.jpg"), ("Stadt/Bauten", "b.jpg")]


def test_a_folder_is_renamed_with_all_that_lies_in_it(city, people, library):
    put(library, city, name="a.jpg", folder="Alt/Tief")
    someone = people("author")
    refused = someone.post(f"{HERE}/folder", {"folder": "Alt", "name": "Alt/Neu"})
    assert refused.status_code == 422
    assert 'value="Alt/Neu"' in text_of(refused)
    assert someone.post(f"{HERE}/folder", {"folder": "Alt", "name": " / "}).status_code == 422
    someone.post(f"{HERE}/folder", {"folder": "Alt", "name": "Neu"})
    assert kept(city) == [("Neu/Tief", "a.jpg")]


def test_only_who_may_sees_the_means_to_change_files(people, city, library):
    one = put(library, city, name="a.jpg")
    observer = people("observer")
    looking, writing = text_of(observer.get(HERE)), text_of(people("author").get(HERE))
    for means in ('id="files"', 'id="moving"', 'id="folder"'):
        assert means not in looking
        assert means in writing
    assert 'form="file"' not in text_of(observer.get(f"{HERE}/{one}"))


def test_a_contributor_sees_only_files_of_the_own_organization(city, people, library):
    one = put(library, city, name="a.jpg")
    helper = people("contributor", organization=1)
    assert names(helper.get(HERE)) == []
    assert helper.get(f"{HERE}/{one}").status_code == 403


@pytest.mark.parametrize("start", ["", "folder="])
def test_a_picture_is_chosen_from_the_same_sheet(city, people, library, start):
    one = put(library, city, name="a.jpg", folder="Amt")
    put(library, city, DOCUMENT, name="b.pdf")
    part = text_of(people("author").get(f"{HERE}/shelf?kind=picture&pick=1&{start}"))
    assert f'type="radio" name="target" value="{one}"' in part
    assert "b.pdf" not in part
    assert "<html" not in part
    assert "/media/shelf?folder=Amt&kind=picture&pick=1" in part.replace("&amp;", "&")

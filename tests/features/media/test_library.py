"""A city's library: what is uploaded is shown wherever it is named, and what is not wanted leaves nothing behind."""

from __future__ import annotations

import io
from datetime import timedelta

import orjson
import pytest
from PIL import Image
from sqlalchemy import select

from cityinfo import registry
from cityinfo.features import content, media, publishing
from cityinfo.features.media import Search, Upload, Words, reading
from cityinfo.kernel import jobs
from cityinfo.kernel.errors import Conflict, Invalid, NotFound, Unavailable
from tests.factories import EDITOR, make_city, plant, save
from tests.factories_entries import found as found_organization
from tests.factories_entries import revision_of
from tests.factories_media import DOCUMENT, DRAWING, archive, bomb, kept, library_of, mp3, photo, picture, put, work

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def library(database, settings):
    return library_of(database, settings)


def document(city, kind, entry_id, language="de"):
    with city.read() as db:
        rows = publishing.payloads_of(db, language, kind, [entry_id])
    return orjson.loads(rows[0]) if rows else None


def text_of_page(city, page, language="de"):
    return document(city, "page", page, language)["content"]


def showing(city, media_id):
    return plant(city, "Rathaus", content=f'<p>So sieht es aus.</p><img src="media:{media_id}">')


def state(city):
    """How many entries, files and texts there are."""
    with city.read() as db:
        return [len(db.scalars(select(one)).all()) for one in (content.Entry, media.MediaFile, content.Text)]


def change(city, action, media_id, *arguments):
    with city.write() as db:
        action(db, media_id, *arguments, revision=revision_of(db, media_id), actor=EDITOR)


def replace(library, city, media_id, data, name="neu.jpg"):
    with city.read() as db:
        revision = revision_of(db, media_id)
    upload = Upload(name=name, data=data)
    library.replace(city.tenant_id, media_id, upload, revision=revision, actor=EDITOR)


def test_an_uploaded_picture_is_public_with_its_words_and_kept_under_its_digest(city, library, settings):
    uploaded = put(library, city, photo(), name="Rathaus am Abend.jpg", folder="Stadt/Bauten", de="Das Rathaus")
    shown = document(city, "media", uploaded)
    assert (shown["title"], shown["name"]) == ("Das Rathaus", "Rathaus am Abend.jpg")
    assert (shown["type"], shown["width"], shown["height"]) == ("image/jpeg", 400, 300)
    assert [f"/media/{key}" for key in kept(settings)] == [shown["url"]]
    assert shown["url"].startswith(f"/media/{city.tenant_id}/")
    with city.read() as db:
        assert not list(registry.PROJECTOR.verify(db))


@on_one_database
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", bomb()),
        ("a.jpg", picture() + archive()),
        ("a.png", picture()),
        ("a.svg", DRAWING.replace(b"<rect", b"<script/><rect")),
        ("a.jpg", b""),
        ("a.jpg", picture()[:500]),
        ("..", picture()),
    ],
)
def test_a_refused_file_leaves_nothing_behind(city, library, settings, name, data):
    before = state(city)
    with pytest.raises(Invalid):
        put(library, city, data, name=name, de="Bild")
    assert state(city) == before
    assert kept(settings) == []
    with city.read() as db:
        assert db.scalars(select(jobs.Job)).all() == []


@on_one_database
def test_an_upload_that_fails_late_takes_its_bytes_back(city, library, settings):
    before = state(city)
    with pytest.raises(NotFound, match="does not write in"):
        put(library, city, tlh="nuqneH")
    with pytest.raises(Invalid, match="is no folder"):
        put(library, city, folder="../../etc")
    assert (state(city), kept(settings)) == (before, [])
    other = put(library, city)
    with pytest.raises(NotFound):
        put(library, city, tlh="nuqneH")
    assert len(kept(settings)) == 1, "the same bytes belong to another file"
    assert document(city, "media", other) is None, "without words it is shown by others only"


@on_one_database
def test_bytes_whose_upload_was_killed_are_deleted_later(city, library, settings, monkeypatch):
    def die(*_, **__):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("cityinfo.features.media.actions.create", die)
        patched.setattr("cityinfo.features.media.library.Library._take_back", lambda *_: None)
        with pytest.raises(SystemExit):
            put(library, city)
    assert len(kept(settings)) == 1
    with city.write() as db:
        for job in db.scalars(select(jobs.Job)):
            job.run_after -= timedelta(hours=2)
    work(library, city)
    assert kept(settings) == []


@on_one_database
def test_bytes_that_vanish_while_they_are_uploaded_again_are_kept_again(city, library, settings, monkeypatch):
    from cityinfo.features.media import actions

    real = actions.create

    def deleted_meanwhile(db, kept_file, *given, **named):
        library.store.delete(kept_file.key)
        return real(db, kept_file, *given, **named)

    monkeypatch.setattr(actions, "create", deleted_meanwhile)
    put(library, city)
    assert len(kept(settings)) == 1


def test_a_page_follows_when_the_picture_it_shows_is_replaced(city, library, settings):
    uploaded = put(library, city, de="Das Rathaus")
    page = showing(city, uploaded)
    before = document(city, "media", uploaded)["url"]
    assert f'src="{before}"' in text_of_page(city, page)
    replace(library, city, uploaded, picture(200, 100, colour="red"))
    after = document(city, "media", uploaded)
    assert after["url"] != before
    assert f'src="{after["url"]}"' in text_of_page(city, page)
    assert 'width="200"' in text_of_page(city, page)
    assert 'alt="Das Rathaus"' in text_of_page(city, page)
    work(library, city)
    assert before.removeprefix("/media/") in kept(settings), "who still reads the old page sees the old picture"
    with city.write() as db:
        for job in db.scalars(select(jobs.Job).where(jobs.Job.finished_at.is_(None))):
            job.run_after -= timedelta(days=8)
    work(library, city)
    assert before.removeprefix("/media/") not in kept(settings)
    with city.read() as db:
        assert not list(registry.PROJECTOR.verify(db))


@on_one_database
def test_a_picture_is_replaced_by_pictures_only_and_by_one_editor_at_a_time(city, library, settings):
    uploaded = put(library, city)
    with pytest.raises(Invalid, match="cannot stand for a JPEG picture"):
        replace(library, city, uploaded, DOCUMENT, name="neu.pdf")
    with pytest.raises(Conflict):
        library.replace(city.tenant_id, uploaded, Upload(name="a.png", data=picture()), revision=7, actor=EDITOR)
    replace(library, city, uploaded, DRAWING, name="neu.svg")
    with city.read() as db:
        assert media.find(db, uploaded).type == "image/svg+xml"


def test_words_are_written_in_each_language_and_stand_in_where_one_is_missing(city, library):
    uploaded = put(library, city, de="Das Rathaus")
    page = showing(city, uploaded)
    save(city, page, "en", title="Town hall", content=f'<img src="media:{uploaded}">')
    assert 'alt="Das Rathaus"' in text_of_page(city, page, "en")
    with city.write() as db:
        media.describe(db, uploaded, "en", Words("The town hall"), revision=0, actor=EDITOR)
    assert 'alt="The town hall"' in text_of_page(city, page, "en")
    assert 'alt="Das Rathaus"' in text_of_page(city, page, "de")
    assert document(city, "media", uploaded, "ar")["title"] == "Das Rathaus"
    with pytest.raises(Conflict), city.write() as db:
        media.describe(db, uploaded, "en", Words("Hall"), revision=0, actor=EDITOR)


@on_one_database
def test_pictures_that_nobody_has_described_in_the_language_of_a_text_are_named(city, library):
    described = put(library, city, de="Ein Haus", en="A house")
    german, silent = put(library, city, name="b.jpg", de="Ein Hof"), put(library, city, name="c.jpg")
    names = f'<p><img src="media:{silent}"><img src="media:{german}"><img src="media:{described}"></p>'
    own = f'<p><img src="media:{silent}" alt="Der Plan"></p><p><a href="media:{silent}">Plan</a></p>'
    with city.read() as db:
        missing = {language: media.without_description(db, names, language) for language in ("de", "en")}
        assert media.without_description(db, own, "de") == []
    assert [(one.media_id, one.stands_in) for one in missing["de"]] == [(silent, "")]
    assert [(one.media_id, one.name, one.stands_in) for one in missing["en"]] == [
        (silent, "c.jpg", ""),
        (german, "b.jpg", "de"),
    ]


@on_one_database
def test_an_organization_shows_its_logo_with_words_in_the_readers_language(city, library):
    logo = put(library, city, DRAWING, name="logo.svg", de="Logo der Caritas")
    caritas = found_organization(city, "Caritas", logo=logo)
    shown = document(city, "organization", caritas)["logo"]
    assert (shown["alt"], shown["type"], shown["width"]) == ("Logo der Caritas", "image/svg+xml", 40)
    change(city, media.archive, logo)
    assert document(city, "organization", caritas)["logo"] is None
    change(city, media.restore, logo)
    assert document(city, "organization", caritas)["logo"] == shown


def test_the_job_makes_copies_for_phones_and_what_shows_the_picture_says_so(city, library, settings):
    uploaded = put(library, city, picture(1_000, 500), de="Das Rathaus")
    page = showing(city, uploaded)
    assert document(city, "media", uploaded)["renditions"] == []
    work(library, city)
    copies = document(city, "media", uploaded)["renditions"]
    assert {(one["type"], one["width"], one["height"]) for one in copies} == {
        (f"image/{form}", width, width // 2) for form in ("avif", "webp") for width in (320, 640, 960, 1_000)
    }
    for one in copies:
        with Image.open(io.BytesIO(library.store.get(one["url"].removeprefix("/media/")))) as image:
            assert (image.format.lower(), image.width) == (one["type"].removeprefix("image/"), one["width"])
    assert f'src="{next(one["url"] for one in copies if (one["type"], one["width"]) == ("image/webp", 960))}"' in (
        text_of_page(city, page)
    )
    with city.read() as db:
        assert not list(registry.PROJECTOR.verify(db))


@on_one_database
def test_making_copies_again_changes_nothing(city, library, settings):
    uploaded = put(library, city, de="Das Rathaus")
    work(library, city)
    before = document(city, "media", uploaded), kept(settings)
    with city.write() as db:
        jobs.enqueue(db, media.RENDITIONS, media_id=uploaded)
        jobs.enqueue(db, media.RENDITIONS, media_id=12345)  # deleted meanwhile
        revision = revision_of(db, uploaded)
    work(library, city)
    assert (document(city, "media", uploaded), kept(settings)) == before
    with city.read() as db:
        assert revision_of(db, uploaded) == revision == 1, "an editor at work is not disturbed"
        assert all(job.failure in (None, jobs.CANCELLED) for job in db.scalars(select(jobs.Job)))


@on_one_database
def test_who_shows_a_file_is_known_and_only_what_nobody_shows_can_be_deleted(city, library, settings):
    used, unused = put(library, city, name="benutzt.jpg"), put(library, city, picture(50, 50), name="frei.jpg")
    page = showing(city, used)
    caritas = found_organization(city, "Caritas", logo=used)
    with city.read() as db:
        users = media.usage(db, [used, unused])
        assert users == {used: [("organization", caritas), ("page", page)]}
        assert [file.id for file in media.listing(db, Search(unused=True))] == [unused]
    for one in (used, unused):
        change(city, media.archive, one)
    assert "<img" not in text_of_page(city, page)
    with pytest.raises(Invalid, match="lead here or show this"):
        change(city, media.delete_for_good, used)
    work(library, city)
    change(city, media.delete_for_good, unused)
    work(library, city)
    with city.read() as db:
        mine = media.find(db, used).key.rpartition(".")[0]
        with pytest.raises(NotFound):
            media.find(db, unused)
    assert kept(settings)
    assert all(key.startswith(mine) for key in kept(settings)), "copies of the deleted one are gone too"


@on_one_database
def test_bytes_that_two_files_share_stay_until_both_are_deleted(city, library, settings):
    first, second = put(library, city), put(library, city)
    for one, left in ((first, True), (second, False)):
        change(city, media.archive, one)
        change(city, media.delete_for_good, one)
        work(library, city)
        assert bool(kept(settings)) is left


def test_files_are_found_by_name_and_folder(city, library):
    put(library, city, picture(20, 20), name="Übersicht Süd.jpg", folder="Karten")
    put(library, city, picture(30, 30), name="übersicht nord.jpg", folder="Karten/Nord")
    put(library, city, DOCUMENT, name="100% Antrag.pdf", folder="Formulare")

    def names(**search):
        with city.read() as db:
            return [file.name for file in media.listing(db, Search(**search))]

    assert names(name="ÜBERSICHT") == ["übersicht nord.jpg", "Übersicht Süd.jpg"]
    assert names(name="100%") == ["100% Antrag.pdf"]
    assert names(name="0_") == []
    assert names(folder="Karten") == ["Übersicht Süd.jpg"]
    assert len(names(folder="Karten", deep=True)) == 2
    assert len(names(folder="", deep=True)) == 3
    assert names(mime="application/") == ["100% Antrag.pdf"]
    with city.read() as db:
        one = media.listing(db, Search(most=1))[0]
        assert len(media.listing(db, Search(after=(one.sought, one.id)))) == 2
        paths = {folder.path: folder.files for folder in media.folders(db)}
    assert paths == {"": 0, "Formulare": 1, "Karten": 1, "Karten/Nord": 1}


def test_files_are_found_by_what_is_said_of_them_by_what_they_lack_and_newest_first(city, library):
    whole = put(library, city, picture(20, 20), name="b.jpg", de="Das gelbe Rathaus", en="Town hall", ar="دار البلدية")
    half = put(library, city, picture(30, 30), name="a.jpg", de="Der Markt")
    none = put(library, city, picture(40, 40), name="rathaus.jpg")

    def ids(**search):
        with city.read() as db:
            return [file.id for file in media.listing(db, Search(**search))]

    assert ids(q="RATHAUS ") == [whole, none]
    assert ids(q="البلدية") == [whole]
    assert ids(q="markt", folder="Nirgends") == []
    assert ids(lacking=["de", "en"]) == [half, none]
    assert ids(lacking=["de"]) == [none]
    assert ids(newest=True) == [none, half, whole]
    assert ids(newest=True, after=("", half)) == [whole]
    assert ids(among=[half, none]) == [half, none]
    showing(city, half)
    assert ids(unused=True) == [whole, none]
    with city.read() as db:
        assert media.described(db, [whole, half, none], ["de", "ar"]) == {
            whole: {"de", "ar"},
            half: {"de"},
            none: set(),
        }
        key = media.find(db, half).key
        assert media.twin(db, key, "a.jpg", "") == half
        assert media.twin(db, key, "a.jpg", "Anderswo") is None


def test_another_citys_words_and_uses_find_nothing_here(city, library, database):
    other = make_city(database, "andernorts")
    here = put(library, city, name="haus.jpg")
    there = put(library, other, name="haus.jpg", de="Rathaus")
    plant(other, "Bild", content=f'<img src="media:{there}">')
    with city.read() as db:
        assert [file.id for file in media.listing(db, Search(q="haus"))] == [here]
        assert media.listing(db, Search(q="rathaus")) == []
        assert [file.id for file in media.listing(db, Search(unused=True, lacking=["de"]))] == [here]


@on_one_database
def test_folders_are_renamed_with_all_that_lies_below(city, library):
    deep = put(library, city, folder="Karten/Nord")
    beside = put(library, city, folder="Kartenspiel")
    with city.write() as db:
        media.rename_folder(db, "Karten", "Archiv/Pläne", actor=EDITOR)
        media.move(db, [beside], " Spiele / Alt ", actor=EDITOR)
    with city.read() as db:
        assert [media.find(db, one).folder for one in (deep, beside)] == ["Archiv/Pläne/Nord", "Spiele/Alt"]
    for folder, to in (("Archiv", "Archiv/Innen"), ("Nirgends", "Da"), ("", "Oben")):
        with pytest.raises(Invalid, match="folder"), city.write() as db:
            media.rename_folder(db, folder, to, actor=EDITOR)


@on_one_database
def test_a_focal_point_and_another_name_reach_readers(city, library):
    uploaded = put(library, city, de="Das Rathaus")
    change(city, media.set_focal_point, uploaded, 0.25, 0.75)
    change(city, media.rename, uploaded, "rathaus-2.jpg")
    shown = document(city, "media", uploaded)
    assert (shown["focal_point"], shown["name"]) == ([0.25, 0.75], "rathaus-2.jpg")
    with pytest.raises(Invalid, match="from 0 to 1"):
        change(city, media.set_focal_point, uploaded, 1.5, 0)
    with pytest.raises(Invalid, match="by its content"):
        change(city, media.rename, uploaded, "rathaus.png")


def test_a_city_keeps_no_more_than_its_quota(city, database, settings):
    size = len(reading.read("a.jpg", picture(), most=10**7).data)
    library = library_of(database, settings, tenant=size + 10)
    first = put(library, city)
    with pytest.raises(Invalid, match="delete files that nothing shows"):
        put(library, city, picture(colour="red"))
    replace(library, city, first, picture(200, 150))
    assert len(kept(settings)) == 2, "the former bytes stay a while, the refused ones do not"
    with city.write() as db:
        media.set_quota(db, 10 * size, actor=EDITOR)
    put(library, city, picture(colour="red"))
    with city.read() as db:
        assert media.quota(db, 5) == 10 * size
        assert size < media.used_bytes(db) <= 3 * size
    with city.write() as db:
        media.set_quota(db, None, actor=EDITOR)
        assert media.quota(db, 5) == 5


def test_a_city_takes_a_copy_of_what_the_platform_offers(city, other_city, library, settings):
    words = {"de": Words("Ein Bus"), "en": Words("A bus"), "fa": Words("اتوبوس")}
    offered = library.offer(Upload(name="Bus.svg", data=DRAWING, words=words), actor=EDITOR)
    with city.read() as db:
        assert [(one.id, one.name) for one in media.platform_files(db, "bUs")] == [(offered, "Bus.svg")]
        assert media.platform_files(db, "Bahn") == []
    own = library.take(city.tenant_id, offered, folder="Verkehr", actor=EDITOR)
    library.withdraw(offered)
    shown = document(city, "media", own, "en")
    assert (shown["title"], shown["url"].split("/")[2]) == ("A bus", str(city.tenant_id))
    assert kept(settings) == [shown["url"].removeprefix("/media/")]
    with other_city.read() as db:
        assert media.listing(db, Search()) == []
        assert media.platform_files(db) == []
    with pytest.raises(NotFound, match="platform offers no file"):
        library.take(city.tenant_id, offered, actor=EDITOR)


@on_one_database
def test_a_recording_brings_its_words_along(city, library):
    upload = Upload(name="gruss.mp3", data=mp3(), words={"de": Words("Gruß", "<p>Willkommen!</p><script>x()</script>")})
    recording = library.upload(city.tenant_id, upload, actor=EDITOR)
    assert document(city, "media", recording)["content"] == "<p>Willkommen!</p>"
    page = plant(city, "Hören", content=f'<audio src="media:{recording}"></audio>')
    assert "<audio" in text_of_page(city, page)
    assert ".mp3" in text_of_page(city, page)


@on_one_database
def test_a_store_that_is_away_keeps_nothing_half(city, library, settings, monkeypatch):
    def refuse(*_, **__):
        raise Unavailable("media.store", "The store does not answer; try again in a moment.")

    before = state(city)
    monkeypatch.setattr(type(library.store), "put", refuse)
    with pytest.raises(Unavailable):
        put(library, city)
    assert state(city) == before


@on_one_database
def test_reading_many_pictures_takes_a_fixed_number_of_statements(database, settings, library):
    from sqlalchemy import event

    def statements(count):
        city = make_city(database, f"stadt-{count}")
        ids = [put(library, city, de=f"Bild {number}") for number in range(count)]
        shown = [found_organization(city, f"Verein {number}", logo=one) for number, one in enumerate(ids)]
        seen = []
        with city.read() as db:
            note = lambda *given: seen.append(given[2])  # noqa: E731
            event.listen(database.engine, "before_cursor_execute", note)
            media.pictures(db, shown, ["de", "en"], role="logo")
            event.remove(database.engine, "before_cursor_execute", note)
        return len(seen)

    assert statements(2) == statements(7)

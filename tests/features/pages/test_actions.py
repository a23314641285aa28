"""What an editor can do with pages, and what is refused with a sentence."""

from __future__ import annotations

import pytest

from cityinfo.features import content, pages
from cityinfo.features.content import TextDraft
from cityinfo.kernel.errors import Conflict, Invalid, NotFound
from tests.factories import archive, delete, mirror, move, plant, restore, save, take_offline, translate


def path_of(city, page_id, language="de"):
    """The path readers use, or None when they cannot see the page."""
    from cityinfo.features import publishing

    with city.read() as db:
        return publishing.outline(db, "page").path(page_id, language)


def document(city, page_id, language="de"):
    import orjson

    from cityinfo.features import publishing

    with city.read() as db:
        found = publishing.payloads_of(db, language, "page", [page_id])
    return orjson.loads(found[0]) if found else None


def revision_of(city, page_id, language="de"):
    with city.read() as db:
        return content.find_text(db, page_id, language).revision


def test_saving_keeps_the_earlier_version(city):
    page = plant(city, "Wohnen", content="<p>Alt</p>")
    save(city, page, content="<p>Neu</p>")
    with city.read() as db:
        assert [one.content for one in content.versions(db, page, "de")] == ["<p>Neu</p>", "<p>Alt</p>"]


def test_readers_see_a_new_version_only_once_it_is_published(city):
    page = plant(city, "Wohnen", content="<p>Alt</p>")
    save(city, page, content="<p>Neu</p>", public=False)
    assert document(city, page)["content"] == "<p>Alt</p>"
    save(city, page, content="<p>Neuer</p>", public=True)
    assert document(city, page)["content"] == "<p>Neuer</p>"


def test_saving_over_a_newer_version_is_a_conflict_that_shows_it(city, editor, colleague):
    page = plant(city, "Wohnen", public=False)
    with city.write() as db:
        pages.save_text(db, page, "de", TextDraft(title="Evas Titel", content="", revision=1), actor=editor)
    with pytest.raises(Conflict) as conflict, city.write() as db:
        pages.save_text(db, page, "de", TextDraft(title="Karims Titel", content="", revision=1), actor=colleague)
    assert conflict.value.data["title"] == "Evas Titel"


def test_words_that_a_conflict_rejected_are_kept_for_their_author(city, colleague):
    page = plant(city, "Wohnen", public=False)
    rejected = TextDraft(title="Karims Titel", content="<p>Karims Worte</p>", revision=1)
    save(city, page, title="Evas Titel", public=False)
    with pytest.raises(Conflict), city.write() as db:
        pages.save_text(db, page, "de", rejected, actor=colleague)
    with city.write() as db:
        content.autosave(db, page, "de", rejected, actor=colleague)
    with city.read() as db:
        kept = db.get(content.Autosave, (city.tenant_id, page, "de", str(colleague)))
        assert (kept.title, kept.content) == ("Karims Titel", "<p>Karims Worte</p>")


def test_saving_what_the_text_says_already_makes_no_version(city):
    page = plant(city, "Wohnen", content="<p>Alt</p>")
    save(city, page, content="<p>Alt</p>")
    with city.read() as db:
        assert len(content.versions(db, page, "de")) == 1


def test_markup_that_could_harm_a_reader_is_gone_when_it_is_saved(city):
    page = plant(city, "Wohnen", content='<p onclick="x()">Da<script>alert(1)</script></p><a href="javascript:x">y</a>')
    assert document(city, page)["content"] == "<p>Da</p><a>y</a>"


@pytest.mark.parametrize("title", ["", "   ", "x" * 1001])
def test_a_title_is_needed_and_has_an_end(city, title):
    with pytest.raises(Invalid):
        plant(city, title)


def test_a_text_in_a_language_the_city_does_not_write_is_refused(city):
    page = plant(city, "Wohnen")
    with pytest.raises(NotFound):
        translate(city, page, "uk", "Житло")


def test_an_address_in_use_is_refused_with_a_proposal(city):
    plant(city, "Wohnen", slug="wohnen")
    with pytest.raises(Conflict) as conflict:
        plant(city, "Anders", slug="wohnen")
    assert conflict.value.data["proposal"] == "wohnen-2"


def test_an_address_made_from_a_title_finds_a_free_one_by_itself(city):
    plant(city, "Wohnen")
    assert path_of(city, plant(city, "Wohnen")) == "wohnen-2"


def test_a_new_address_is_taken_up_when_it_is_published(city):
    page = plant(city, "Wohnen", slug="wohnen")
    save(city, page, title="Wohnen", slug="wohnung", public=False)
    assert path_of(city, page) == "wohnen"
    save(city, page, title="Wohnung", slug="wohnung")
    assert path_of(city, page) == "wohnung"


def test_the_address_from_before_stays_with_its_page(city):
    page = plant(city, "Wohnen", slug="wohnen")
    save(city, page, slug="wohnung")
    with pytest.raises(Conflict):
        plant(city, "Neu", slug="wohnen")


def test_a_page_can_go_back_to_the_address_it_had_before(city):
    page = plant(city, "Wohnen", slug="wohnen")
    save(city, page, slug="wohnung")
    save(city, page, slug="wohnen")
    assert path_of(city, page) == "wohnen"


def test_an_address_from_before_leads_on_while_a_draft_wants_it_back(city):
    from cityinfo.features import publishing
    from cityinfo.registry import PROJECTOR

    page = plant(city, "Wohnen", slug="wohnen")
    save(city, page, slug="wohnung")
    for wanted in ("wohnen", "unterkunft", "wohnung"):
        save(city, page, slug=wanted, public=False)
        with city.read() as db:
            assert publishing.outline(db, "page").find("page", "de", "wohnen").id == page
            assert list(PROJECTOR.verify(db)) == []
    with pytest.raises(Conflict):
        plant(city, "Anders", slug="wohnen")


@pytest.mark.parametrize("slug", ["events", "search", "imprint"])
def test_addresses_that_readers_apps_use_are_refused_on_the_first_level(city, slug):
    with pytest.raises(Invalid):
        plant(city, "Egal", slug=slug)


def test_a_reserved_address_is_fine_further_down_but_cannot_be_moved_up(city):
    top = plant(city, "Freizeit")
    page = plant(city, "Termine", slug="events", under=top)
    assert path_of(city, page) == "freizeit/events"
    with pytest.raises(Invalid):
        move(city, page, under=None)


@pytest.mark.parametrize("slug", ["a b/c", "a#b", "a?b", "a%20", "..", "", "x" * 201])
def test_an_address_that_would_break_a_request_is_refused(city, slug):
    with pytest.raises(Invalid):
        plant(city, "Egal", slug=slug)


def test_moving_changes_the_paths_of_everything_below(city):
    one, two = plant(city, "Eins"), plant(city, "Zwei")
    child = plant(city, "Kind", under=one)
    grandchild = plant(city, "Enkel", under=child)
    move(city, child, under=two)
    assert path_of(city, grandchild) == "zwei/kind/enkel"


def test_a_page_cannot_hang_under_its_own_grandchild(city):
    top = plant(city, "Oben")
    child = plant(city, "Kind", under=top)
    grandchild = plant(city, "Enkel", under=child)
    for target in (top, child, grandchild):
        with pytest.raises(Invalid):
            move(city, top, under=target)


def test_moving_twice_from_the_same_look_at_the_tree_is_a_conflict(city, editor):
    page, target = plant(city, "Eins"), plant(city, "Zwei")
    move(city, page, under=target)
    with pytest.raises(Conflict), city.write() as db:
        pages.move(db, page, under=None, revision=1, actor=editor)


def test_pages_stand_where_they_were_put(city):
    first, second, third = (plant(city, title) for title in ("A", "B", "C"))
    move(city, third, after=pages.Place.FIRST)
    move(city, first, after=second)
    with city.read() as db:
        assert [node.id for node in pages.tree(db)] == [third, second, first]


def test_an_archived_page_hides_everything_below_and_comes_back_as_it_was(city):
    top = plant(city, "Oben")
    child = plant(city, "Kind", under=top)
    archive(city, top)
    assert (document(city, top), document(city, child)) == (None, None)
    restore(city, top)
    assert path_of(city, child) == "oben/kind"


def test_what_is_below_an_archived_page_cannot_be_restored_alone(city):
    top = plant(city, "Oben")
    child = plant(city, "Kind", under=top)
    archive(city, child)
    archive(city, top)
    with pytest.raises(Invalid):
        restore(city, child)


def test_a_page_whose_parent_lacks_the_language_cannot_be_seen_in_it(city):
    top = plant(city, "Oben")
    child = plant(city, "Kind", under=top)
    translate(city, child, "en", "Child")
    assert document(city, child, "en") is None
    translate(city, top, "en", "Top")
    assert path_of(city, child, "en") == "top/child"


def test_taking_offline_concerns_exactly_the_named_languages(city):
    page = plant(city, "Wohnen")
    translate(city, page, "en", "Housing")
    translate(city, page, "ar", "السكن")
    take_offline(city, page, ["en"])
    assert [document(city, page, one) is not None for one in ("de", "en", "ar")] == [True, False, True]


def test_a_page_is_deleted_only_when_archived_childless_and_not_linked(city):
    page, friend = plant(city, "Alt"), plant(city, "Freund")
    with pytest.raises(Invalid, match="Archive it first"):
        delete(city, page)
    child = plant(city, "Kind", under=page)
    archive(city, page)
    with pytest.raises(Invalid, match="below"):
        delete(city, page)
    save(city, friend, content=f'<p><a href="entry:{page}">da</a></p>')
    restore(city, page)
    archive(city, child)
    delete(city, child)
    archive(city, page)
    with pytest.raises(Invalid, match="lead here"):
        delete(city, page)
    save(city, friend, content="<p>nichts</p>")
    delete(city, page)
    with city.read() as db, pytest.raises(NotFound):
        pages.find(db, page)


def test_an_address_is_free_again_once_its_page_is_deleted(city):
    page = plant(city, "Alt", slug="alt")
    archive(city, page)
    delete(city, page)
    assert path_of(city, plant(city, "Neu", slug="alt")) == "alt"


def test_a_link_to_a_page_that_does_not_exist_is_refused(city):
    with pytest.raises(Invalid):
        plant(city, "Wohnen", content='<a href="entry:4711">da</a>')


def test_a_link_to_another_citys_page_is_refused(city, other_city):
    foreign = plant(other_city, "Fremd")
    with pytest.raises(Invalid):
        plant(city, "Wohnen", content=f'<a href="entry:{foreign}">da</a>')


def test_a_mirrored_page_shows_the_living_text_of_the_other(city):
    source = plant(city, "Quelle", content="<p>Eins</p>")
    page = plant(city, "Spiegel", content="<p>Eigenes</p>")
    mirror(city, page, of=source)
    assert document(city, page)["content"] == "<p>Eigenes</p><p>Eins</p>"
    save(city, source, content="<p>Zwei</p>")
    assert document(city, page)["content"] == "<p>Eigenes</p><p>Zwei</p>"
    mirror(city, page, of=source, first=True)
    assert document(city, page)["content"] == "<p>Zwei</p><p>Eigenes</p>"
    mirror(city, page, of=None)
    assert document(city, page)["content"] == "<p>Eigenes</p>"


def test_a_mirrored_text_that_is_missing_in_a_language_leaves_the_own_one(city):
    source, page = plant(city, "Quelle"), plant(city, "Spiegel")
    translate(city, page, "en", "Mirror", content="<p>Own</p>")
    mirror(city, page, of=source)
    assert document(city, page, "en")["content"] == "<p>Own</p>"
    translate(city, source, "en", "Source", content="<p>Theirs</p>")
    assert document(city, page, "en")["content"] == "<p>Own</p><p>Theirs</p>"
    take_offline(city, source, ["en"])
    assert document(city, page, "en")["content"] == "<p>Own</p>"


def test_there_are_no_chains_of_mirrors(city):
    source, page, third = plant(city, "A"), plant(city, "B"), plant(city, "C")
    mirror(city, page, of=source)
    with pytest.raises(Invalid):
        mirror(city, third, of=page)
    with pytest.raises(Invalid):
        mirror(city, source, of=third)
    with pytest.raises(Invalid):
        mirror(city, third, of=third)


def test_a_page_whose_text_another_one_shows_is_neither_archived_nor_deleted(city):
    top = plant(city, "Oben")
    source, page = plant(city, "Quelle", under=top), plant(city, "Spiegel")
    mirror(city, page, of=source)
    for shown in (source, top):
        with pytest.raises(Invalid):
            archive(city, shown)


def test_an_editor_of_another_city_finds_nothing(city, other_city):
    page = plant(city, "Wohnen")
    with other_city.read() as db, pytest.raises(NotFound):
        pages.find(db, page)

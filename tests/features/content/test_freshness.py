"""A translation is outdated when its source says something else in public, and never for another reason."""

from __future__ import annotations

from dataclasses import dataclass, field

import orjson
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from cityinfo.features import content, pages, publishing, tenants
from cityinfo.features.content import NO_VERSION, State, TextDraft, rules
from cityinfo.features.content.rules import SourceVersion
from cityinfo.features.tenants import LanguageChoice
from cityinfo.kernel import clock
from cityinfo.kernel.errors import Conflict, Invalid
from tests.factories import EDITOR, archive, make_city, move, plant, restore, save, take_offline, translate
from tests.histories import number_of_histories

# The rules are the same on every database; that the statements behind them are, the last test shows on both.
on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def state(city, page_id, language="en"):
    with city.read() as db:
        return content.states(db, [page_id])[page_id, language]


def text(city, page_id, language="en"):
    with city.read() as db:
        return content.find_text(db, page_id, language)


def published(city, page_id, language="en"):
    with city.read() as db:
        found = publishing.payloads_of(db, language, "page", [page_id])
    return orjson.loads(found[0]) if found else None


def confirm(city, page_id, language="en", *, shown):
    with city.write() as db:
        revision = content.find_text(db, page_id, language).revision
        content.confirm_text(db, page_id, language, shown=shown, revision=revision, actor=EDITOR)


def set_tree(city, **sources):
    with city.write() as db:
        choices = [LanguageChoice(slug=slug, source=source) for slug, source in sources.items()]
        tenants.set_languages(db, choices, actor=EDITOR)


@pytest.fixture
def page(city):
    """A German page with an English translation, both public."""
    page_id = plant(city, "Wohnen", content='<p class="note" dir="ltr">Eins</p><p>Zwei</p>')
    translate(city, page_id, "en", "Housing")
    return page_id


# What editors of other systems complain about


@on_one_database
def test_saving_the_source_as_a_draft_outdates_nothing(city, page):
    save(city, page, content="<p>Neu</p>", public=False)
    assert state(city, page) == State.UP_TO_DATE


@on_one_database
def test_publishing_other_words_outdates_the_translation(city, page):
    save(city, page, content="<p>Neu</p>")
    assert state(city, page) == State.OUTDATED


@on_one_database
def test_moving_a_page_outdates_nothing(city, page):
    move(city, page, under=plant(city, "Alltag"))
    assert state(city, page) == State.UP_TO_DATE


@on_one_database
@pytest.mark.parametrize("origin", [content.HUMAN, content.MACHINE])
def test_translating_into_one_language_does_not_outdate_another(city, page, origin):
    save(city, page, "ar", title="السكن", content="<p>مرحبا</p>", origin=origin)
    assert state(city, page, "en") == State.UP_TO_DATE


@on_one_database
@pytest.mark.parametrize(
    "same_words",
    [
        '<p class="note" dir="ltr">Eins</p>\r\n<p>Zwei</p>\r\n',
        '<p class="note" dir="ltr">Eins</p>\n\n\t<p> Zwei </p>',
        '<p dir="ltr" class="note">Eins</p><p>Zwei</p>',
        "<p class='note' dir='ltr'>Eins<p>Zwei",
    ],
    ids=["other line breaks", "other white space", "other order of attributes", "other spelling of tags"],
)
def test_saving_the_same_words_written_differently_outdates_nothing(city, page, same_words):
    save(city, page, content=same_words)
    assert state(city, page) == State.UP_TO_DATE


@on_one_database
def test_confirming_makes_up_to_date_without_touching_what_readers_see(city, page):
    before = published(city, page)
    shown = save(city, page, content="<p>Neu</p>")
    assert state(city, page) == State.OUTDATED
    confirm(city, page, shown=shown)
    assert state(city, page) == State.UP_TO_DATE
    assert published(city, page) == before


@on_one_database
def test_publishing_after_confirming_keeps_it_up_to_date(city, page):
    shown = save(city, page, content="<p>Neu</p>")
    save(city, page, "en", content="<p>Draft</p>", public=False)
    confirm(city, page, shown=shown)
    assert published(city, page)["content"] == "<p>Hello.</p>"
    with city.write() as db:
        pages.publish(db, page, "en", revision=content.find_text(db, page, "en").revision, actor=EDITOR)
    assert published(city, page)["content"] == "<p>Draft</p>"
    assert state(city, page) == State.UP_TO_DATE


@on_one_database
def test_confirming_from_an_old_look_at_the_text_is_a_conflict(city, page):
    shown = save(city, page, content="<p>Neu</p>")
    revision = text(city, page).revision
    save(city, page, "en", content="<p>Someone else's words</p>")
    with pytest.raises(Conflict), city.write() as db:
        content.confirm_text(db, page, "en", shown=shown, revision=revision, actor=EDITOR)


@on_one_database
def test_only_versions_of_the_same_entrys_source_can_be_confirmed(city, page):
    foreign = save(city, plant(city, "Arbeit"), content="<p>Neu</p>")
    own = text(city, page).current_version_id
    for shown in (foreign, own):
        with pytest.raises(Invalid):
            confirm(city, page, shown=shown)


@on_one_database
def test_a_minor_edit_outdates_nothing(city, page):
    save(city, page, content="<p>Eins, zwei.</p>", minor=True)
    assert state(city, page) == State.UP_TO_DATE


@on_one_database
def test_a_minor_edit_does_not_hide_a_major_one_before_it(city, page):
    save(city, page, content="<p>Neu</p>", public=False)
    save(city, page, content="<p>Neu.</p>", minor=True)
    assert state(city, page) == State.OUTDATED


@on_one_database
def test_a_draft_after_a_minor_edit_outdates_nothing(city, page):
    save(city, page, content="<p>Eins, zwei.</p>", minor=True)
    save(city, page, content="<p>Neu</p>", public=False)
    assert state(city, page) == State.UP_TO_DATE


@on_one_database
def test_a_minor_edit_saved_as_a_draft_stays_a_draft(city, page):
    before = published(city, page, "de")
    save(city, page, content="<p>Eins, zwei.</p>", minor=True, public=False)
    assert published(city, page, "de") == before


@on_one_database
def test_a_first_version_is_never_minor(city):
    with city.write() as db:
        draft = TextDraft(title="Wohnen", content="<p>Eins</p>", minor=True)
        page_id = pages.create(db, draft, language="de", actor=EDITOR).id
        first = content.versions(db, page_id, "de")[0]
    assert not first.minor


@on_one_database
def test_saving_a_translation_beside_its_source_makes_it_up_to_date(city, page):
    shown = save(city, page, content="<p>Neu</p>")
    save(city, page, "en", content="<p>New</p>", based_on=shown)
    assert state(city, page) == State.UP_TO_DATE


@on_one_database
def test_saving_a_translation_without_the_source_in_view_does_not_make_it_up_to_date(city, page):
    save(city, page, content="<p>Neu</p>")
    save(city, page, "en", content="<p>Hello, a typo is gone.</p>")
    assert state(city, page) == State.OUTDATED


# What else counts, and what does not


@on_one_database
def test_a_translation_counts_by_what_its_translator_was_shown(city, page):
    shown = save(city, page, content="<p>Neu</p>")
    save(city, page, content="<p>Noch neuer, als der Übersetzer schon schrieb</p>")
    save(city, page, "en", content="<p>New</p>", based_on=shown)
    assert state(city, page) == State.OUTDATED


@on_one_database
def test_a_translation_made_from_a_draft_is_up_to_date_when_the_draft_is_published(city, page):
    shown = save(city, page, content="<p>Neu</p>", public=False)
    save(city, page, "en", content="<p>New</p>", based_on=shown)
    assert state(city, page) == State.UP_TO_DATE
    save(city, page)
    assert state(city, page) == State.UP_TO_DATE


@on_one_database
def test_changed_and_changed_back_outdates_nothing(city, page):
    before = published(city, page, "de")["content"]
    save(city, page, content="<p>Neu</p>")
    save(city, page, content=before)
    assert state(city, page) == State.UP_TO_DATE


@on_one_database
def test_a_source_taken_offline_outdates_nothing_and_comes_back_with_its_changes(city, page):
    take_offline(city, page, ["de"])
    save(city, page, content="<p>Neu</p>", public=False)
    assert state(city, page) == State.UP_TO_DATE
    save(city, page)
    assert state(city, page) == State.OUTDATED


@on_one_database
def test_another_address_outdates_nothing(city, page):
    save(city, page, slug="wohnung")
    assert state(city, page) == State.UP_TO_DATE


@on_one_database
def test_archiving_and_restoring_outdates_nothing(city, page):
    archive(city, page)
    restore(city, page)
    assert state(city, page) == State.UP_TO_DATE


@on_one_database
def test_a_language_that_nobody_has_written_is_missing(city, page):
    assert state(city, page, "ar") == State.MISSING


@on_one_database
def test_the_root_language_is_always_up_to_date(city, page):
    save(city, page, content="<p>Neu</p>", public=False)
    assert state(city, page, "de") == State.UP_TO_DATE


@on_one_database
def test_a_text_that_is_being_translated_says_so(city, page):
    save(city, page, content="<p>Neu</p>")
    with city.write() as db:
        content.find_text(db, page, "en").in_translation_since = clock.now()
    assert state(city, page) == State.IN_TRANSLATION


@on_one_database
def test_a_machines_words_are_marked_until_they_are_outdated_or_a_person_writes(city, page):
    save(city, page, "en", content="<p>Made by a machine</p>", origin=content.MACHINE)
    assert state(city, page) == State.MACHINE_MADE
    shown = save(city, page, content="<p>Neu</p>")
    assert state(city, page) == State.OUTDATED
    save(city, page, "en", content="<p>Made by a person</p>", based_on=shown)
    assert state(city, page) == State.UP_TO_DATE


@on_one_database
def test_a_text_made_from_none_of_our_versions_is_outdated(city, page):
    save(city, page, "en", content="<p>Brought from elsewhere</p>", based_on=NO_VERSION)
    assert state(city, page) == State.OUTDATED


@on_one_database
def test_being_outdated_does_not_spread_down_the_tree(city):
    set_tree(city, de=None, en="de", ar="en")
    page_id = plant(city, "Wohnen")
    translate(city, page_id, "en", "Housing")
    translate(city, page_id, "ar", "السكن")
    shown = save(city, page_id, content="<p>Neu</p>")
    assert (state(city, page_id, "en"), state(city, page_id, "ar")) == (State.OUTDATED, State.UP_TO_DATE)
    confirm(city, page_id, "en", shown=shown)
    save(city, page_id, "en", content="<p>Hello!</p>", minor=True)
    assert state(city, page_id, "ar") == State.UP_TO_DATE
    save(city, page_id, "en", content="<p>New</p>")
    assert state(city, page_id, "ar") == State.OUTDATED


@on_one_database
def test_a_language_with_another_source_from_now_on_must_be_looked_at(city):
    page_id = plant(city, "Wohnen")
    for number in range(3):
        save(city, page_id, content=f"<p>{number}</p>")
    translate(city, page_id, "en", "Housing")
    translate(city, page_id, "ar", "السكن")
    set_tree(city, de=None, en="de", ar="en")
    assert state(city, page_id, "ar") == State.OUTDATED
    confirm(city, page_id, "ar", shown=text(city, page_id, "en").public_version_id)
    assert state(city, page_id, "ar") == State.UP_TO_DATE


@on_one_database
def test_a_language_that_is_switched_off_has_no_state(city, page):
    set_tree(city, de=None, ar="de")
    with city.read() as db:
        assert set(content.states(db, [page])) == {(page, "de"), (page, "ar")}


def test_a_missing_text_that_readers_get_in_another_language_is_a_fallback():
    facts = {"is_root": False, "in_translation": False, "outdated": False, "machine_made": False}
    assert rules.state(exists=False, falls_back=True, **facts) == State.FALLBACK


def test_nothing_public_outdates_nothing_even_when_no_version_was_shown():
    assert not rules.is_outdated(None, None, last_major=1)
    assert rules.is_outdated(None, SourceVersion(1, "a"), last_major=1)


# Whatever editors do, in whatever order

SOURCES = {"de": None, "en": "de", "ar": "en"}
LANGUAGES = st.sampled_from(["de", "de", "en", "en", "ar"])
WORDS = st.sampled_from(["<p>eins</p>", "<p>eins</p>\n", "<p>zwei</p>", "<p>drei</p>"])
SHOWN = st.none() | st.integers(0, 6)  # which of the source's versions, 0 for none that we have
EDITS = st.one_of(
    st.tuples(st.sampled_from(["save", "release"]), LANGUAGES, WORDS, st.booleans(), st.none()),
    st.tuples(st.just("release"), st.just("de"), WORDS, st.booleans(), st.none()),
    st.tuples(st.just("save"), LANGUAGES, WORDS, st.booleans(), SHOWN),
    st.tuples(st.just("publish"), LANGUAGES),
    st.tuples(st.just("take_offline"), LANGUAGES),
    st.tuples(st.just("confirm"), LANGUAGES, st.integers(1, 6)),
)
BEGIN = [("release", language, "<p>eins</p>", False, None) for language in ("de", "en")]


@dataclass
class Told:
    """One version as a person would note it down: words, whether only a trifle, the number of the source's version."""

    words: str
    trifle: bool
    shown: int


@dataclass
class Notebook:
    """What a careful person with paper and pencil would say about each language."""

    versions: dict[str, list[Told]] = field(default_factory=lambda: {language: [] for language in SOURCES})
    public: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SOURCES, 0))

    def write(self, language, words, trifle, shown):
        """Whether that made a version."""
        own, source = self.versions[language], SOURCES[language]
        if source is None or not self.versions[source]:
            shown = 0
        elif shown is None:
            shown = own[-1].shown if own else self.public[source]
        if own and (own[-1].words, own[-1].shown) == (words, shown):
            return
        own.append(Told(words, trifle and bool(own), shown))

    def confirm(self, language, shown):
        was_public = self.public[language] == len(self.versions[language])
        self.write(language, self.versions[language][-1].words, True, shown)
        if was_public:
            self.public[language] = len(self.versions[language])

    def state(self, language):
        if not self.versions[language]:
            return State.MISSING
        return State.OUTDATED if self.is_behind(language) else State.UP_TO_DATE

    def is_behind(self, language):
        source = SOURCES[language]
        if source is None or not self.public[source]:
            return False
        told, shown = self.versions[source], self.versions[language][-1].shown
        if not shown:
            return True
        since = told[shown : self.public[source]]
        changed = bool(since) and since[-1].words.strip() != told[shown - 1].words.strip()
        return changed and not all(version.trifle for version in since)


def perform(db, page_id, notebook, edit):
    """Do the same in the product and in the notebook, where it makes sense."""
    kind, language, *details = edit
    found = content.text_of(db, page_id, language)
    source = content.versions(db, page_id, SOURCES[language]) if SOURCES[language] else []
    identity = {version.number: version.id for version in source} | {0: NO_VERSION}
    if kind in ("save", "release"):
        words, trifle, shown = details
        shown = None if shown is None else min(shown, len(source))
        draft = TextDraft(
            title="Titel",
            content=words,
            revision=found.revision if found else 0,
            minor=trifle,
            based_on=None if shown is None else identity[shown],
        )
        pages.save_text(db, page_id, language, draft, actor=EDITOR)
        notebook.write(language, words, trifle, shown)
        if kind == "release":
            perform(db, page_id, notebook, ("publish", language))
    elif found is None:
        return
    elif kind == "publish":
        pages.publish(db, page_id, language, revision=found.revision, actor=EDITOR)
        notebook.public[language] = len(notebook.versions[language])
    elif kind == "take_offline":
        pages.take_offline(db, page_id, [language], actor=EDITOR)
        notebook.public[language] = 0
    elif source:
        shown = min(details[0], len(source))
        content.confirm_text(db, page_id, language, shown=identity[shown], revision=found.revision, actor=EDITOR)
        notebook.confirm(language, shown)


@pytest.mark.slow
def test_states_are_what_a_careful_person_would_say(database):
    city = make_city(database, "teststadt")
    set_tree(city, **SOURCES)

    @examples(max_examples=number_of_histories(database, 25), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(EDITS, min_size=3, max_size=12))
    def whatever_happens(edits):
        notebook = Notebook()
        with city.write() as db:
            page_id = pages.plant(db, actor=EDITOR).id
            for number, edit in enumerate([*BEGIN, *edits]):
                perform(db, page_id, notebook, edit)
                states = {language: found for (_, language), found in content.states(db, [page_id]).items()}
                said = {language: notebook.state(language) for language in SOURCES}
                assert states == said, f"after edit {number}"

    whatever_happens()

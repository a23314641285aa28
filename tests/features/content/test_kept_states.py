"""What is kept of where texts stand is what their versions say, whatever happened."""

from __future__ import annotations

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import create_engine, update

from cityinfo import schema
from cityinfo.features import content, pages, tenants
from cityinfo.features.content import NO_VERSION, State, Text, TextDraft
from tests.factories import EDITOR, make_city, plant, save, take_offline, translate
from tests.features.content.test_freshness import confirm, set_tree, text
from tests.histories import number_of_histories

on_one_database = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
TREES = (
    {"de": None, "en": "de", "ar": "en"},
    {"de": None, "en": "de", "ar": "de"},
    {"en": None, "de": "en", "ar": "de"},
    {"de": None, "ar": "de"},
)


def kept(city, page_id):
    with city.read() as db:
        return {one.language: State(one.state) for one in content.texts(db, page_id)}


def computed(city, page_id):
    """Of the languages there are texts in."""
    with city.read() as db:
        written = {one.language for one in content.texts(db, page_id)}
        return {
            language: state for (_, language), state in content.states(db, [page_id]).items() if language in written
        }


@on_one_database
def test_publishing_the_source_is_noted_with_its_translations(city):
    page = plant(city, "Wohnen")
    translate(city, page, "en", "Housing")
    assert kept(city, page) == {"de": State.UP_TO_DATE, "en": State.UP_TO_DATE}
    shown = save(city, page, content="<p>Neu</p>")
    assert kept(city, page) == {"de": State.UP_TO_DATE, "en": State.OUTDATED}
    confirm(city, page, shown=shown)
    assert kept(city, page) == {"de": State.UP_TO_DATE, "en": State.UP_TO_DATE}


@on_one_database
def test_a_source_taken_offline_is_noted_too(city):
    page = plant(city, "Wohnen")
    translate(city, page, "en", "Housing")
    save(city, page, content="<p>Neu</p>")
    take_offline(city, page, ["de"])
    assert kept(city, page)["en"] == State.UP_TO_DATE


@on_one_database
def test_a_languages_new_source_is_noted_with_every_text(city):
    page = plant(city, "Wohnen")
    translate(city, page, "en", "Housing")
    translate(city, page, "ar", "السكن")
    set_tree(city, de=None, en="de", ar="en")
    assert kept(city, page) == {"de": State.UP_TO_DATE, "en": State.UP_TO_DATE, "ar": State.OUTDATED}


@on_one_database
def test_a_change_of_one_text_rewrites_no_others(city):
    """Revisions say that someone has changed a text; that its source is newer changes no word of it."""
    page = plant(city, "Wohnen")
    translate(city, page, "en", "Housing")
    before = text(city, page).revision
    save(city, page, content="<p>Neu</p>")
    assert text(city, page).revision == before


def test_texts_from_before_states_were_kept_get_theirs(settings, city):
    """The migration says in one statement what `content.states` says in Python."""
    planted = [plant(city, f"Seite {number}") for number in range(6)]
    for page in planted[1:]:
        translate(city, page, "en", "Page")
    save(city, planted[2], content="<p>Neu</p>")
    save(city, planted[3], "en", content="<p>By a machine</p>", origin=content.MACHINE)
    save(city, planted[4], "en", content="<p>From elsewhere</p>", based_on=NO_VERSION)
    save(city, planted[5], content="<p>Neu</p>", minor=True)
    with city.write() as db:
        db.execute(update(Text).values(state="up_to_date"))
    migrate_again(settings)
    said = [computed(city, page) for page in planted]
    assert [kept(city, page) for page in planted] == said
    assert {state for one in said for state in one.values()} == {
        State.UP_TO_DATE,
        State.OUTDATED,
        State.MACHINE_MADE,
    }


def migrate_again(settings):
    module = ScriptDirectory(str(schema.MIGRATIONS)).get_revision("20261129_2_states").module
    engine = create_engine(settings.migration_database)
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        module.note_states()
    engine.dispose()


LANGUAGES = st.sampled_from(["de", "de", "en", "ar"])
WORDS = st.sampled_from(["<p>eins</p>", "<p>zwei</p>", "<p>drei</p>"])
EDITS = st.one_of(
    st.tuples(
        st.just("save"),
        LANGUAGES,
        WORDS,
        st.booleans(),
        st.booleans(),
        st.sampled_from([content.HUMAN, content.MACHINE]),
    ),
    st.tuples(st.just("publish"), LANGUAGES),
    st.tuples(st.just("take_offline"), LANGUAGES),
    st.tuples(st.just("confirm"), LANGUAGES),
    st.tuples(st.just("restore_version"), LANGUAGES),
    st.tuples(st.just("tree"), st.sampled_from(TREES)),
)


@pytest.mark.slow
def test_what_is_kept_is_what_would_be_computed(database):
    city = make_city(database, "teststadt")

    @examples(max_examples=number_of_histories(database, 30), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(EDITS, min_size=3, max_size=10))
    def whatever_happens(edits):
        set_tree(city, **TREES[0])
        page = plant(city, "Wohnen")
        translate(city, page, "en", "Housing")
        for number, edit in enumerate(edits):
            happen(city, page, *edit)
            said = computed(city, page)
            assert {one: state for one, state in kept(city, page).items() if one in said} == said, f"after {number}"

    whatever_happens()


def happen(city, page, kind, *details):
    """Do it, where it makes sense."""
    if kind == "tree":
        set_tree(city, **details[0])
        return
    language, *details = details
    with city.write() as db:
        own = content.text_of(db, page, language)
        if kind == "save":
            write(db, page, own, language, *details)
        elif own is not None:
            change(db, page, own, kind)


def write(db, page, own, language, words, trifle, beside_source, origin):
    draft = TextDraft(
        title="Titel",
        content=words,
        revision=own.revision if own else 0,
        minor=trifle,
        based_on=newest(db, page, language) if beside_source else None,
        origin=origin,
    )
    pages.save_text(db, page, language, draft, actor=EDITOR)


def change(db, page, own, kind):
    language, revision = own.language, own.revision
    shown = newest(db, page, language)
    if kind == "publish":
        pages.publish(db, page, language, revision=revision, actor=EDITOR)
    elif kind == "take_offline":
        pages.take_offline(db, page, [language], actor=EDITOR)
    elif kind == "restore_version":
        first = content.versions(db, page, language)[-1]
        content.restore_version(db, page, language, first.id, revision=revision, actor=EDITOR)
    elif shown is not None:
        content.confirm_text(db, page, language, shown=shown, revision=revision, actor=EDITOR)


def newest(db, page, language):
    """The version of the source that a translator would see."""
    source = tenants.tree(db)[language].source
    text = content.text_of(db, page, source) if source else None
    return text.current_version_id if text else None

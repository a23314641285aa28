"""A template, cities made from it, and the worker that brings them what it has learned."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial

import pytest

from cityinfo import registry
from cityinfo.features import content, onboarding, pages, upstream
from cityinfo.features.onboarding import CityDraft, Origin
from cityinfo.features.upstream import Standing
from cityinfo.kernel import jobs
from cityinfo.kernel.errors import Invalid
from tests.factories import EDITOR, City, make_city
from tests.factories_media import library_of
from tests.features.onboarding.test_clones import cloned


@pytest.fixture
def library(database, settings):
    return library_of(database, settings)


@pytest.fixture
def template(database) -> City:
    """A city that others are made from, in German and English."""
    return make_city(database, "vorlage", languages=("de", "en"), status="hidden")


@pytest.fixture
def town_of(library):
    """Make a city from another one, which it follows from then on."""

    def make(source: City, slug: str = "kleinstadt", *, by_itself: bool = False) -> City:
        town = cloned(library, source, CityDraft(slug=slug, name=slug.capitalize()))
        fetch(library, town)
        if by_itself:
            come_by_itself(town)
        return town

    return make


def come_by_itself(town):
    """Let what nobody changed come without asking."""
    with town.write() as db:
        for following in upstream.followings(db):
            upstream.change_following(db, following.source_id, by_itself=True, actor=EDITOR)


def fetch(library, town, **options):
    """What the worker does once the followed city has published something."""
    with town.write() as db:
        for following in upstream.followings(db):
            upstream.fetch_soon(db, following.source_id)
    with town.read() as db:
        promised = [job.id for job in jobs.open_jobs(db, upstream.RECEIVE)]
    receive = partial(registry.STORE_JOBS[upstream.RECEIVE], store=library.store, **options)
    for job in promised:
        jobs.run_job(town.database, {upstream.RECEIVE: receive}, town.tenant_id, job)
        with town.read() as db:
            assert jobs.find(db, job).failure is None


def here(town, source_entry_id):
    """The entry here that came from that one."""
    with town.read() as db:
        rows = db.query(Origin).filter(Origin.source_entry_id == source_entry_id).all()
        return rows[0].entry_id if rows else None


def standings(town) -> dict[tuple[str, str], Standing]:
    """Where everything that waits stands, by title and language."""
    with town.read() as db:
        return {
            (item.title, language): standing
            for item in upstream.items(db)
            for language, standing in item.standings.items()
        }


def said(town, entry_id, language="de"):
    """The newest words of an entry: title and content."""
    with town.read() as db:
        version = content.version(db, content.find_text(db, entry_id, language).current_version_id)
        return version.title, version.content


def state(town, entry_id, language):
    """How current a translation is."""
    with town.read() as db:
        return content.states(db, [entry_id])[entry_id, language]


def accept_all(town, *, publish=True):
    """Take everything that needs no choice, as somebody who presses the button until nothing is left."""
    progress = True
    while progress:
        progress = False
        with town.read() as db:
            waiting = [(one.source_id, one.source_entry_id) for one in upstream.items(db, most=1000)]
        for source_id, entry in waiting:
            with _another_first(), town.write() as db:
                if _may_be_planted(db, source_id, entry):
                    progress |= bool(upstream.accept_entry(db, source_id, entry, publish=publish, actor=EDITOR))


@contextmanager
def _another_first():
    """A page moves below one that is still below it only when that one has moved: they are told so, and come back."""
    try:
        yield
    except Invalid as problem:
        if problem.code != "page.under_itself":
            raise


def _may_be_planted(db, source_id, entry):
    place = upstream.received_at(db, source_id, entry, upstream.PLACE)
    if place is None or place.source_parent_id is None or place.state == Standing.REMOVED:
        return True
    return db.query(Origin).filter(Origin.source_entry_id == place.source_parent_id).count() > 0


def tree(city, language="de"):
    """What readers could see of all pages: titles by place, with their words."""
    with city.read() as db:
        words = {node.id: content.text_of(db, node.id, language) for node in pages.tree(db) if not node.archived}
        titles = {one: content.version(db, text.current_version_id).title for one, text in words.items() if text}
        nodes = [node for node in pages.tree(db) if node.id in titles]
        return [(titles[node.id], titles.get(node.parent_id)) for node in nodes]


__all__ = ["EDITOR", "onboarding"]

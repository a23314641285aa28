"""A clone that nobody has worked in is taken back, and leaves nothing but the record of it."""

from __future__ import annotations

from functools import partial

import pytest

from cityinfo.features import audit, onboarding, tenants
from cityinfo.features.onboarding import CityDraft
from cityinfo.kernel import jobs
from cityinfo.kernel.db import NO_TENANT
from cityinfo.kernel.errors import Conflict
from cityinfo.kernel.facts import Actor
from tests.factories import plant
from tests.factories_media import kept, library_of
from tests.features.onboarding.test_clones import ask, cloned, documents, every_row, random_city
from tests.features.onboarding.test_crashes import Killed, free

CLERK = Actor("editor", "karim")


@pytest.fixture
def library(database, settings):
    return library_of(database, settings)


def undone(library, city, **options):
    job = onboarding.undo(library.database, city.tenant_id, actor=CLERK)
    work = partial(onboarding.delete_all, store=library.store, **options)
    jobs.run_job(library.database, {onboarding.UNDO: work}, city.tenant_id, job)
    with city.read() as db:
        assert jobs.find(db, job).failure is None
    return job


def test_no_row_and_no_file_is_left_and_the_source_stays_as_it_was(library, settings):
    source = random_city(library, "quelle", 5, acts=60)
    before, files, readers = every_row(source), kept(settings), documents(source)
    clone = cloned(library, source)
    assert len(kept(settings)) > len(files)
    undone(library, clone)
    left = {name for name, rows in every_row(clone).items() if rows}
    assert left <= onboarding.KEPT
    assert kept(settings) == files
    assert (every_row(source), documents(source)) == (before, readers)
    with clone.read() as db:
        assert not audit.verify(db).fault


def test_its_address_is_free_again(library, city):
    undone(library, cloned(library, city))
    with library.database.unit_of_work(NO_TENANT) as db:
        assert tenants.at(db, "neustadt") is None
    again = ask(library, city, key="noch einmal")
    assert not again.known


def test_a_city_in_which_someone_worked_is_not_taken_back(library, city):
    clone = cloned(library, city)
    with clone.write() as db:
        tenants.set_theme(db, tenants.Theme(light="#005a9c", dark="#8ab4f8"), actor=CLERK)
    with pytest.raises(Conflict, match="has worked"):
        onboarding.undo(library.database, clone.tenant_id, actor=CLERK)


def test_an_unfinished_clone_is_taken_back_too(library, city):
    requested = ask(library, city, CityDraft(slug="neu", name="Neu"))
    job = onboarding.undo(library.database, requested.tenant_id, actor=CLERK)
    work = {onboarding.UNDO: partial(onboarding.delete_all, store=library.store)}
    for one in (requested.job_id, job):
        jobs.run_job(library.database, work, requested.tenant_id, one)
    with library.database.unit_of_work(requested.tenant_id) as db:
        assert not onboarding.counts(db)


def test_killed_while_deleting_it_ends_as_well(library, city, monkeypatch):
    plant(city, "Wohnen")
    clone = cloned(library, city)
    job = onboarding.undo(library.database, clone.tenant_id, actor=CLERK)
    work = {onboarding.UNDO: partial(onboarding.delete_all, store=library.store)}
    whole, left = jobs.Run.progress, [2]

    def die(run, *words, **options):
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        whole(run, *words, **options)

    monkeypatch.setattr(jobs.Run, "progress", die)
    with pytest.raises(Killed):
        jobs.run_job(library.database, work, clone.tenant_id, job)
    free(library.database, onboarding.Requested(clone.tenant_id, job, known=True))
    jobs.run_job(library.database, work, clone.tenant_id, job)
    with clone.read() as db:
        assert not onboarding.counts(db)
        assert jobs.find(db, job).finished_at is not None

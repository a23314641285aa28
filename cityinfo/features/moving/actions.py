"""Letting a city move in from another system, again and again until it is written here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, select

from cityinfo.features import tenants
from cityinfo.features.tenants import TenantDraft
from cityinfo.kernel import clock, jobs
from cityinfo.kernel.db import NO_TENANT, Database, Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Conflict, Invalid
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.i18n import say

from . import queries, reading, settling
from .facts import MoveInAsked, MoveInEnded
from .models import MoveIn, MoveInRun
from .ports import Server
from .reading import Answers, Folder, Live, Source
from .types import CityChoices, Requested

MOVE_IN = "moving.move_in"


def request(database: Database, source: str, choices: CityChoices, *, server: Server, actor: Actor) -> Requested:
    """Promise a run: a new city is there, hidden and empty, and a job fills it; one that moves in is asked anew.

    `source` is the address of a server, with the region behind it where that is not the city's address here, or
    a folder of answers; empty means the same as before. One that is still going on is found again.
    """
    with database.unit_of_work(NO_TENANT) as db:
        tenant = tenants.at(db, choices.slug)
    if tenant is not None and choices.only_new:
        raise Conflict("tenant.slug_taken", say("The address “{slug}” belongs to another city.", slug=choices.slug))
    if tenant is not None:
        with database.unit_of_work(tenant.id) as db:
            known = db.get(MoveIn, tenant.id)
            waiting = jobs.open_jobs(db, MOVE_IN)
        if waiting:
            return Requested(tenant.id, waiting[0].id, known=True)
        if known is not None:
            return _again(database, tenant.id, source and _source(source, choices, server), choices, actor)
    place, found = _source(source, choices, server)
    answers = reading.introduce(found)
    tenant_id = tenant.id if tenant else database.identities.next()
    with database.unit_of_work(tenant_id, write=True) as db:
        facts = settling.facts_of(answers.region)
        if tenant is None:
            _create(db, choices, facts, answers, actor)
        state = _state(place, found, choices, actor, last={} if tenant else {"facts": facts})
        db.add(state)
        db.flush()
        return _promise(db, state, actor)


def switch(db: Work, *, actor: Actor) -> None:
    """From now on the city is written here: what is going on stops, and nothing comes from there any more."""
    state = queries.move_in_of(db)
    if state.switched_at is not None:
        return
    for job in jobs.open_jobs(db, MOVE_IN):
        jobs.cancel(db, job.id)
    state.switched_at = clock.now()
    before, after = digest(state.source), digest(state.source, state.switched_at)
    tell(db, MoveInEnded(actor=actor, kind="tenant", entry_id=db.tenant_id, before=before, after=after))


def _again(
    database: Database, tenant_id: int, place: tuple[str, Source] | str, choices: CityChoices, actor: Actor
) -> Requested:
    """From another place, if one is said: answers in a folder first, the server itself later."""
    with database.unit_of_work(tenant_id, write=True) as db:
        state, tenant = queries.move_in_of(db), tenants.own(db)
        if state.switched_at is not None:
            raise Conflict("moving.switched", "This city is written here now; nothing comes from there any more.")
        if tenant.status == tenants.ARCHIVED:
            raise Conflict("moving.archived", "This city is archived; bring it back first.")
        if not isinstance(place, str):
            said = _state(*place, choices, actor, last={})
            state.source, state.region, state.hosts = said.source, said.region, said.hosts
        return _promise(db, state, actor)


def _promise(db: Work, state: MoveIn, actor: Actor) -> Requested:
    number = 1 + (db.scalar(select(func.max(MoveInRun.number))) or 0)
    job = jobs.enqueue(db, MOVE_IN, number=number)
    db.add(MoveInRun(number=number, job_id=job, began_at=clock.now(), report={}))
    after = digest(state.source, number)
    tell(db, MoveInAsked(actor=actor, kind="tenant", entry_id=db.tenant_id, after=after, note=state.source))
    return Requested(db.tenant_id, job, known=False)


def _source(source: str, choices: CityChoices, server: Server) -> tuple[str, Source]:
    """The place as it is kept, and what reads it."""
    if "://" not in source:
        folder = Path(source).absolute()
        if not folder.is_dir():
            raise Invalid("moving.folder", say("{folder}: there is no such folder.", folder=folder))
        return str(folder), Folder(folder)
    address, behind = reading.parts_of(source)
    region = choices.region or behind or choices.slug
    return address, Live(server, address, region, reading.hosts_of(address, choices.hosts))


def _state(place: str, found: Source, choices: CityChoices, actor: Actor, *, last: dict[str, object]) -> MoveIn:
    address = place if isinstance(found, Live) else ""
    return MoveIn(
        source=place,
        region=found.region if isinstance(found, Live) else choices.region or choices.slug,
        hosts=reading.hosts_of(address, choices.hosts),
        last=last,
        asked_by=str(actor),
        asked_at=clock.now(),
    )


def _create(db: Work, choices: CityChoices, facts: dict[str, object], answers: Answers, actor: Actor) -> None:
    said = dict(facts)
    if choices.name.strip():
        said["prefix"], said["name"] = tenants.split_name(choices.name)
    if choices.postal_codes:
        said["postal_codes"] = list(choices.postal_codes)
    if not said.get("name"):
        raise Invalid("moving.name", say("“{slug}” is a new city; give its name.", slug=choices.slug))
    draft = TenantDraft(slug=choices.slug, name=str(said.pop("name")), status=tenants.HIDDEN)
    draft = replace(draft, official_key=choices.official_key, **said)  # type: ignore[arg-type]
    tenants.create(db, draft, languages=tenants.language_choices({}, answers.languages), actor=actor)

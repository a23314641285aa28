"""Cloning a city: what would come, and the promise to bring it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.exc import IntegrityError

from cityinfo.features import tenants
from cityinfo.features.tenants import LanguageChoice, TenantDraft
from cityinfo.kernel import clock, jobs
from cityinfo.kernel.db import NO_TENANT, Database
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Conflict, Invalid
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.i18n import say

from . import queries, reading
from .catalogue import KINDS
from .choosing import Selection
from .facts import TenantCloned
from .models import CONTENT, Clone
from .reading import Snapshot
from .types import Choices, CityDraft, Plan, Requested

CLONE = "onboarding.clone"


def plan(database: Database, source: str, choices: Choices | None = None) -> Plan:
    """What a clone would bring, what would stay behind, and what is lost between the two. Writes nothing."""
    choices = choices or Choices()
    snapshot = reading.read(database, _find(database, source), only=reading.WITHOUT_WORDS)
    check(snapshot, choices)
    found = Selection(snapshot, choices).plan
    named = {one for conflict in found.conflicts for one in (conflict.entry_id, conflict.target_id) if one}
    found.titles = reading.titles(database, snapshot.tenant_id, named)
    return found


def request(
    database: Database, source: str, draft: CityDraft, choices: Choices | None = None, *, key: str = "", actor: Actor
) -> Requested:
    """Promise a clone: the new city is there, hidden and empty, and a job fills it.

    The same key finds what was asked for under it before, whatever else is asked. `Conflict` when the address belongs
    to another city, `Invalid` for choices that do not fit the source; then there is nothing new.
    """
    choices, key = choices or Choices(), key or f"{source}→{draft.slug}"
    known = queries.by_key(database, key, draft.slug)
    if known is not None:
        return Requested(known.tenant_id, known.job_id, known=True)
    snapshot = reading.read(database, _find(database, source), only={"page"})
    check(snapshot, choices)
    try:
        return _create(database, snapshot, draft, choices, key=key, actor=actor)
    except (Conflict, IntegrityError):
        known = queries.by_key(database, key, draft.slug)  # asked for twice at once: the second press finds the first
        if known is None:
            raise
        return Requested(known.tenant_id, known.job_id, known=True)


def _create(
    database: Database, snapshot: Snapshot, draft: CityDraft, choices: Choices, *, key: str, actor: Actor
) -> Requested:
    tenant_id = database.identities.next()
    with database.unit_of_work(tenant_id, write=True) as db:
        if tenants.at(db, draft.slug) is not None:
            raise Conflict("tenant.slug_taken", say("The address “{slug}” belongs to another city.", slug=draft.slug))
        tenants.create(db, _tenant(snapshot, draft), languages=_languages(snapshot, choices), actor=actor)
        job = jobs.enqueue(db, CLONE)
        db.add(_promise(snapshot, choices, key=key, job=job, actor=actor))
        said = {"note": snapshot.slug, "after": digest(choices.plain())}
        tell(db, TenantCloned(actor=actor, kind="tenant", entry_id=tenant_id, **said))
    return Requested(tenant_id, job, known=False)


def check(snapshot: Snapshot, choices: Choices) -> None:
    """Whether these choices fit the source; `Invalid` says what does not."""
    _check_languages(snapshot.sources, choices)
    kinds = ", ".join(KINDS)
    for kind in sorted(choices.kinds - set(KINDS)):
        raise Invalid("clone.kind", say("“{kind}” is no kind of content; choose of {kinds}.", kind=kind, kinds=kinds))
    pages = {row["id"] for row in snapshot.rows["page"]}
    if choices.below is not None and choices.below not in pages:
        raise Invalid("clone.below", say("There is no page {page} in the source.", page=choices.below))


def _check_languages(sources: Mapping[str, str | None], choices: Choices) -> None:
    for language in sorted(choices.languages):
        if language not in sources:
            raise Invalid("clone.language", say("The source does not speak “{language}”.", language=language))
        source = sources[language]
        if source is not None and source not in choices.languages:
            raise Invalid(
                "clone.language",
                say("“{language}” is translated from “{source}”; take both.", language=language, source=source),
            )


def _find(database: Database, slug: str) -> int:
    with database.unit_of_work(NO_TENANT) as db:
        return tenants.find(db, slug).id


def _tenant(snapshot: Snapshot, draft: CityDraft) -> TenantDraft:
    """Facts that say where a city is are its own; how it works it has from its source."""
    return TenantDraft(
        slug=draft.slug,
        name=draft.name,
        prefix=draft.prefix,
        official_key=draft.official_key,
        postal_codes=draft.postal_codes,
        latitude=draft.latitude,
        longitude=draft.longitude,
        status=tenants.HIDDEN,
        time_zone=snapshot.facts.time_zone,
        features=snapshot.facts.features,
        app_url=snapshot.facts.app_url,
    )


def _languages(snapshot: Snapshot, choices: Choices) -> list[LanguageChoice]:
    return [
        LanguageChoice(slug=language, source=source, visible=visible, active=active)
        for language, source in snapshot.sources.items()
        if not choices.languages or language in choices.languages
        for visible, active in (snapshot.visible[language],)
    ]


def _promise(snapshot: Snapshot, choices: Choices, *, key: str, job: int, actor: Actor) -> Clone:
    return Clone(
        key=key,
        source_id=snapshot.tenant_id,
        source=snapshot.slug,
        choices=choices.plain(),
        job_id=job,
        step=CONTENT,
        asked_by=str(actor),
        asked_at=clock.now(),
        report={},
    )

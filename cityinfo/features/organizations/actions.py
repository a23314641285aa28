"""Changes to organizations. Their words are saved and published as all words are, by `content`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from cityinfo.features import content, media
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.parts import with_part

from . import queries, rules
from .facts import MembersChanged
from .models import Member, Organization
from .queries import KIND, LOGO, PART_OF, PARTNER, PROJECT_OF


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationFacts:
    """What is said of an organization beside words. `seal` leads to its self-commitment to transparency."""

    sort: str = "other"
    website: str = ""
    seal: str = ""
    logo: int | None = None
    part_of: int | None = None
    project_of: Sequence[int] = ()
    partners: Sequence[int] = ()


def create(db: Work, facts: OrganizationFacts, *, v3_id: int | None = None, actor: Actor) -> Organization:
    """A new organization, without a name yet: save and publish its first text."""
    entry = content.create_entry(db, KIND, v3_id=v3_id)
    organization = Organization(id=entry.id)
    _put(db, organization, facts)
    content.tell_created(db, entry, organization, actor=actor)
    return organization


def change(db: Work, organization_id: int, facts: OrganizationFacts, *, revision: int, actor: Actor) -> None:
    """Say something else of an organization."""
    organization = queries.find(db, organization_id)
    entry = content.find_entry(db, organization.id, KIND)
    content.check_entry_revision(entry, revision)
    rules.check_parents(organization.id, queries.upwards(db, facts.part_of))
    before = content.state(db, entry, organization)
    _put(db, organization, facts)
    after = content.state(db, entry, organization)
    content.change_entry(db, entry, revision=revision, before=before, after=after, actor=actor)


def change_part(db: Work, organization_id: int, part: Mapping[str, Any], /, *, revision: int, actor: Actor) -> None:
    """Say something else of some facts, as JSON writes them, and leave the others as they are."""
    facts = with_part(facts_of(db, organization_id), part)
    change(db, organization_id, facts, revision=revision, actor=actor)


def facts_of(db: Work, organization_id: int) -> OrganizationFacts:
    """What is said of the organization now, to change a part of it."""
    organization = queries.find(db, organization_id)
    targets = {
        role: content.related(db, [organization.id], role).get(organization.id, [])
        for role in (LOGO, PART_OF, PROJECT_OF, PARTNER)
    }
    return OrganizationFacts(
        sort=organization.sort,
        website=organization.website,
        seal=organization.seal,
        logo=next(iter(targets[LOGO]), None),
        part_of=next(iter(targets[PART_OF]), None),
        project_of=targets[PROJECT_OF],
        partners=targets[PARTNER],
    )


def archive(db: Work, organization_id: int, *, revision: int, actor: Actor) -> None:
    """Take the organization out of public sight; what names it no longer does."""
    content.set_archived(db, content.find_entry(db, organization_id, KIND), True, revision=revision, actor=actor)


def restore(db: Work, organization_id: int, *, revision: int, actor: Actor) -> None:
    """Bring an archived organization back as it was."""
    content.set_archived(db, content.find_entry(db, organization_id, KIND), False, revision=revision, actor=actor)


def delete_for_good(db: Work, organization_id: int, *, revision: int, actor: Actor) -> None:
    """Delete an archived organization that nothing belongs to any more."""
    content.delete_entry(db, content.find_entry(db, organization_id, KIND), revision=revision, actor=actor)


def set_members(db: Work, organization_id: int, members: Collection[str], *, actor: Actor) -> None:
    """Exactly these may propose changes to what belongs to the organization."""
    organization = queries.find(db, organization_id)
    known = set(db.scalars(select(Member.member).where(Member.organization_id == organization.id)))
    gone = known - set(members)
    db.execute(delete(Member).where(Member.organization_id == organization.id, Member.member.in_(gone)))
    db.add_all(Member(organization_id=organization.id, member=one) for one in sorted(set(members) - known))
    if known != set(members):
        said = {"before": digest(known), "after": digest(set(members))}
        tell(db, MembersChanged(actor=actor, kind=KIND, entry_id=organization.id, **said))


def _put(db: Work, organization: Organization, facts: OrganizationFacts) -> None:
    rules.check(facts.sort, website=facts.website, seal=facts.seal)
    organization.sort, organization.website, organization.seal = facts.sort, facts.website, facts.seal
    db.add(organization)
    db.flush()
    entry = content.find_entry(db, organization.id)
    one = [(LOGO, facts.logo, media.KIND), (PART_OF, facts.part_of, KIND)]
    for role, target, kind in one:
        content.relate(db, entry, role, [target] if target is not None else [], kind=kind)
    for role, targets in ((PROJECT_OF, facts.project_of), (PARTNER, facts.partners)):
        content.relate(db, entry, role, targets, kind=KIND)

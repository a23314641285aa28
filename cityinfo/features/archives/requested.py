"""What an archive holds only if someone asked for it: the people who work in a city, and what readers told it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from cityinfo.features import accounts, feedback, logins, organizations, pages
from cityinfo.features.accounts import MembershipDraft, Person
from cityinfo.features.content import entries_of
from cityinfo.features.feedback import Kept
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import say

from .kinds import KINDS, as_link, of_link
from .parts import IdOf, NameOf, Part, rows
from .plain import from_plain, to_plain

PEOPLE, FEEDBACK, VERSIONS = "people", "feedback", "versions"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Role:
    """One role of a person in the city. No password, token or secret, nothing that proves who someone is."""

    email: str
    name: str
    role: str
    language: str = "de"
    languages: Sequence[str] = ()
    below: Sequence[int] = ()
    organization: int | None = None
    may_publish: bool = False
    expires_at: datetime | None = None


def _collect_people(db: Work, name_of: NameOf) -> dict[str, Any]:
    here = {entry.id for entry in entries_of(db, (pages.KIND, organizations.KIND))}
    names = {"below": name_of, "organization": name_of}
    said = [_role(person, here) for person in accounts.people(db) if _lasts(person.membership.expires_at)]
    found = [to_plain(one, names) for one in sorted(said, key=lambda one: (one.email, one.role))]
    return {PEOPLE: found} if found else {}


def _role(person: Person, here: set[int]) -> _Role:
    account, row = person.account, person.membership
    return _Role(
        email=account.email,
        name=account.name,
        role=row.role,
        language=account.language,
        languages=tuple(row.languages),
        below=tuple(one for one in row.subtree if one in here),
        organization=row.organization_id if row.organization_id in here else None,
        may_publish=row.may_publish,
        expires_at=row.expires_at,
    )


def _apply_people(db: Work, value: Any, id_of: IdOf, actor: Actor) -> None:
    """People who have no role here yet are invited, by a letter; whoever has an account keeps it as it is."""
    ids = {"below": partial(id_of, pages.KIND), "organization": partial(id_of, organizations.KIND)}
    known = {(one.account.email, one.membership.role): one for one in accounts.people(db)}
    present = {email for email, _ in known}
    for row in rows(value.get(PEOPLE), PEOPLE):
        said: _Role = from_plain(_Role, row, ids)
        email = accounts.check_email(said.email)
        draft = _draft(said)
        if not _lasts(said.expires_at):
            continue
        if (email, said.role) in known:
            _follow(db, known[email, said.role], draft, actor)
        elif email in present:
            account = accounts.account_of(db, email)
            accounts.grant_membership(db, account.id if account else 0, draft, actor=actor)
        else:
            logins.invite(db, email, name=said.name, membership=draft, language=said.language, actor=actor)
            present.add(email)


def _follow(db: Work, person: Person, draft: MembershipDraft, actor: Actor) -> None:
    row = person.membership
    stands = MembershipDraft(
        role=row.role,
        languages=sorted(row.languages),
        subtree=sorted(row.subtree),
        organization=row.organization_id,
        may_publish=row.may_publish,
        expires_at=row.expires_at,
    )
    if stands != draft:
        accounts.change_membership(db, row.id, draft, actor=actor)


def _draft(said: _Role) -> MembershipDraft:
    return MembershipDraft(
        role=said.role,
        languages=sorted(said.languages),
        subtree=sorted(said.below),
        organization=said.organization,
        may_publish=said.may_publish,
        expires_at=said.expires_at,
    )


def _lasts(expires_at: datetime | None) -> bool:
    return expires_at is None or expires_at > clock.now()


def _collect_feedback(db: Work, name_of: NameOf) -> dict[str, Any]:
    people = accounts.names(db)
    kinds = {entry.id: entry.kind for entry in entries_of(db, KINDS)}
    found = []
    for one in feedback.all_kept(db):
        by = {key: people.get(getattr(one, key), getattr(one, key)) for key in ("replied_by", "read_by")}
        plain = to_plain(replace(one, entry_id=None, **by), {})
        if one.entry_id in kinds:
            plain["about"] = as_link(kinds[one.entry_id], name_of(one.entry_id))
        found.append(plain)
    return {FEEDBACK: found} if found else {}


def _apply_feedback(db: Work, value: Any, id_of: IdOf, actor: Actor) -> None:
    wanted = [_kept(row, id_of) for row in rows(value.get(FEEDBACK), FEEDBACK)]
    feedback.take_over(db, wanted, actor=actor)


def _kept(row: Mapping[str, Any], id_of: IdOf) -> Kept:
    said = dict(row)
    about = said.pop("about", None)
    if "entry_id" in said:  # of another service
        raise Invalid("archive.key", say("“{key}” is not known here; check the spelling.", key="entry_id"))
    kept: Kept = from_plain(Kept, said, {})
    if about is None:
        return kept
    target = of_link(str(about))
    if target is None:
        raise Invalid("archive.link", say("“{address}” leads to no entry.", address=str(about)[:80]))
    return replace(kept, entry_id=id_of(*target))


CHOICES = (VERSIONS, PEOPLE, FEEDBACK)
REQUESTED: Mapping[str, Part] = {
    PEOPLE: Part(collect=_collect_people, apply=_apply_people, early=False),
    FEEDBACK: Part(collect=_collect_feedback, apply=_apply_feedback, early=False),
}

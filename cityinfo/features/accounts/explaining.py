"""“Why may this person publish this?”, answered from the same rules that decide it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cityinfo.kernel import clock
from cityinfo.kernel.db import Work

from . import queries, rules
from .models import Account, Membership
from .rights import PersonRights, Places
from .rules import Question
from .words import ROLE_NAMES, Explanation, Reason, said_of


def explain(
    db: Work, account_id: int, permission: str, *, entry_id: int = 0, language: str = "", places: Places
) -> Explanation:
    """Whether the person may do this to the entry, and the reasons; every role they have has its say.

    `permission` is one such as ``page:publish``. Managers see it only of people of their own city: `NotFound` else.
    """
    kind, _, verb = rules.check_permission(permission).partition(":")
    person = queries.account_here(db, account_id)
    rows = queries.memberships(db, account_id)
    rights = PersonRights(db, queries.grants_of(db, account_id), places)
    question = rights.question(verb, kind, entry_id=entry_id, language=language)
    refusals = {grant.role: code for grant, code in rights.refusals(question)}
    allowed = person.active and any(not code for code in refusals.values())
    reasons = [*_about(person, rows), *_of_roles(person, rows, refusals, question, allowed=allowed)]
    return Explanation(allowed, reasons)


def _about(person: Account, rows: Sequence[Membership]) -> Iterator[Reason]:
    if not person.active:
        yield Reason("locked", {"name": person.name})
    if not rows:
        yield Reason("nobody", {"name": person.name})
    if person.staff:
        yield Reason("staff", {"name": person.name})


def _of_roles(
    person: Account, rows: Sequence[Membership], refusals: dict[str, str], question: Question, *, allowed: bool
) -> Iterator[Reason]:
    for row in rows:
        said = {"name": person.name, "role": ROLE_NAMES[row.role], **said_of(question)}
        if rules.has_ended(row.expires_at, clock.now()):
            yield Reason("ended", {**said, "date": _day(row)})
        elif not refusals[row.role]:
            yield from _of_allowing(row, said, question)
        elif not allowed:
            yield Reason(refusals[row.role], said)


def _of_allowing(row: Membership, said: dict[str, str], question: Question) -> Iterator[Reason]:
    yield Reason("allowed", said)
    if row.subtree:
        yield Reason("in_subtree", said)
    if row.languages:
        yield Reason("in_language", {**said, "languages": ", ".join(row.languages)})
    if not row.subtree and not row.languages:
        yield Reason("whole_city", said)
    if row.may_publish and question.verb == "publish":
        yield Reason("translations_allowed", said)
    if row.expires_at is not None:
        yield Reason("until", {**said, "date": _day(row)})


def _day(row: Membership) -> str:
    return row.expires_at.date().isoformat() if row.expires_at is not None else ""

"""Reading people and what they may do."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from cityinfo.features import tenants
from cityinfo.kernel import clock
from cityinfo.kernel.db import EVERY_TENANT, Database, Work
from cityinfo.kernel.errors import Forbidden, NotFound, Unauthenticated
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import say

from . import rules
from .models import Account, Membership
from .rights import NOWHERE, PersonRights, Places
from .rules import MANAGER, Grant

PERSON, STAFF = "person", "staff"  # as the audit log names actors
ONLY = ONLY_STAFF, ONLY_LOCKED, ONLY_NOWHERE = "staff", "locked", "nowhere"
MANAGERS_RECOMMENDED = 2  # one is ill some day


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which people of the service. `q` stands in a name or an address; `only` is one of `ONLY`, empty for all."""

    q: str = ""
    only: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who works in a city, with one of their roles there."""

    account: Account
    membership: Membership


def account(db: Work, account_id: int) -> Account:
    """The person; `NotFound` when there is none."""
    found = db.get(Account, account_id)
    if found is None:
        raise NotFound("account.unknown", "There is no such person.")
    return found


def accounts(db: Work) -> Sequence[Account]:
    """Everyone on this service, by e-mail address. For those who run it: no city may see people of another one."""
    return db.scalars(select(Account).order_by(Account.email)).all()


def sought(
    database: Database, wanted: Sought, *, start: int, most: int
) -> tuple[Sequence[Account], dict[int, list[Membership]], int]:
    """A sheet of people over all cities, their roles, and how many fit. For those who run the service.

    Three statements, whatever the number of people.
    """
    statement = select(Account).where(*_fitting(wanted))
    with database.unit_of_work(EVERY_TENANT, reason="shows the platform's staff who works in which city") as db:
        total = db.scalar(select(func.count(Account.id)).where(*_fitting(wanted))) or 0
        rows = db.scalars(statement.order_by(func.lower(Account.name), Account.id).offset(start).limit(most)).all()
        roles = select(Membership).where(Membership.account_id.in_([row.id for row in rows])).order_by(Membership.id)
        found: dict[int, list[Membership]] = {row.id: [] for row in rows}
        for one in db.scalars(roles):
            found[one.account_id].append(one)
    return rows, found, total


def _fitting(wanted: Sought) -> list[ColumnElement[bool]]:
    conditions: dict[str, ColumnElement[bool]] = {
        ONLY_STAFF: Account.staff.is_(True),
        ONLY_LOCKED: Account.active.is_(False),
        ONLY_NOWHERE: Account.staff.is_(False) & Account.id.not_in(select(Membership.account_id)),
    }
    fitting = [conditions[wanted.only]] if wanted.only in conditions else []
    if wanted.q:
        words = f"%{wanted.q.lower()}%"
        fitting.append(or_(func.lower(Account.name).like(words), Account.email.like(words)))
    return fitting


def account_here(db: Work, account_id: int) -> Account:
    """The person, if this city knows them by a role or as the platform's staff; else `NotFound`, as if unknown."""
    found = account(db, account_id)
    if not found.staff and not memberships(db, account_id):
        raise NotFound("account.unknown", "There is no such person.")
    return found


def account_of(db: Work, email: str) -> Account | None:
    """The person with this e-mail address; case does not count."""
    return db.scalar(select(Account).where(Account.email == email.strip().lower()))


def active_account(db: Work, account_id: int) -> Account:
    """The person, if they may log in; else `Unauthenticated`."""
    found = db.get(Account, account_id)
    if found is None or not found.active:
        raise Unauthenticated("login.locked", "This account is locked; ask a manager of your city.")
    return found


def actor_in(db: Work, account_id: int, *, acting: bool = False, places: Places = NOWHERE) -> Actor:
    """The person with the rights they have in this city now.

    `acting` says that someone of the platform's staff has entered this city with a reason. `NotFound` for whoever has
    no business here: they are not even told that the city has drafts.
    """
    person = active_account(db, account_id)
    if person.staff and acting:
        return Actor(STAFF, str(person.id), PersonRights(db, [_STAFF_GRANT], places))
    grants = grants_of(db, account_id)
    if not grants:
        raise NotFound("tenant.not_yours", "There is no such city, or you have no role in it.")
    return Actor(PERSON, str(person.id), PersonRights(db, grants, places))


def staff_actor(db: Work, account_id: int) -> Actor:
    """Someone of the platform's staff, in work that belongs to no city. `Forbidden` for everyone else."""
    person = active_account(db, account_id)
    if not person.staff:
        raise Forbidden("staff.only", "Only the platform's staff can do this.")
    return Actor(STAFF, str(person.id), PersonRights(db, [_STAFF_GRANT]))


def grants_of(db: Work, account_id: int) -> list[Grant]:
    """What the person's roles in this city let them do, without those that have ended."""
    return [_grant(row) for row in memberships(db, account_id) if not rules.has_ended(row.expires_at, clock.now())]


def memberships(db: Work, account_id: int) -> Sequence[Membership]:
    """The person's roles in this city, ended ones included."""
    return db.scalars(select(Membership).where(Membership.account_id == account_id).order_by(Membership.id)).all()


def membership(db: Work, membership_id: int) -> Membership:
    """The membership; `NotFound` when this city has none such."""
    found = db.get(Membership, (db.tenant_id, membership_id))
    if found is None:
        raise NotFound(
            "membership.unknown", say("There is no membership {membership_id}.", membership_id=membership_id)
        )
    return found


def people(db: Work) -> list[Person]:
    """Everyone who has a role in this city, by name. Nobody else is ever listed."""
    rows = db.execute(
        select(Account, Membership)
        .join(Membership, Membership.account_id == Account.id)
        .order_by(Account.name, Account.id, Membership.id)
    )
    return [Person(account, membership) for account, membership in rows]


def names(db: Work) -> dict[str, str]:
    """The names of those who have a role in this city, by how the audit log and versions name them."""
    return {str(Actor(PERSON, str(person.account.id))): person.account.name for person in people(db)}


def able(db: Work, permission: str, owners: Collection[int] = ()) -> dict[str, str]:
    """The names of those who may do this here now: to everything, or to what one of these organizations owns."""
    marks = rules.MARKS[permission]
    return {
        str(Actor(PERSON, str(person.account.id))): person.account.name
        for person in people(db)
        if person.account.active and not rules.has_ended(person.membership.expires_at, clock.now())
        if (mark := marks.get(person.membership.role)) is not None
        if mark != rules.OWN or person.membership.organization_id in owners
    }


def managers(db: Work) -> Sequence[Account]:
    """Who answers for this city and will go on doing so: active, and not only for a time."""
    statement = select(Account).join(Membership, Membership.account_id == Account.id)
    lasting = (Membership.role == MANAGER, Membership.expires_at.is_(None), Account.active.is_(True))
    return db.scalars(statement.where(*lasting).order_by(Account.id)).all()


def managers_missing(db: Work) -> int:
    """How many managers the city should have beyond those it has."""
    return max(0, MANAGERS_RECOMMENDED - len(managers(db)))


def cities_of(database: Database, account_id: int, *, ended: bool = False) -> dict[int, list[Membership]]:
    """Where a person has roles that have not ended, or with `ended` any: memberships by tenant."""
    with database.unit_of_work(EVERY_TENANT, reason="looks for the cities one person works in") as db:
        rows = db.scalars(select(Membership).where(Membership.account_id == account_id).order_by(Membership.id)).all()
    found: dict[int, list[Membership]] = {}
    for row in rows:
        if ended or not rules.has_ended(row.expires_at, clock.now()):
            found.setdefault(row.tenant_id, []).append(row)
    return found


def languages_unknown(db: Work, languages: Collection[str]) -> list[str]:
    return [language for language in languages if language not in tenants.tree(db)]


def _grant(row: Membership) -> Grant:
    return Grant(
        role=row.role,
        marks=rules.marks_of(row.role),
        languages=frozenset(row.languages),
        subtree=frozenset(row.subtree),
        organization=row.organization_id,
        may_publish=row.may_publish,
    )


_STAFF_GRANT = Grant(role=STAFF, marks=dict.fromkeys(rules.PERMISSIONS, "x"))

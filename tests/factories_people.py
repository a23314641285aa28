"""People with roles in a city."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from cityinfo import registry
from cityinfo.features import accounts, announcements, logins, municipalities
from cityinfo.features.accounts import MembershipDraft
from cityinfo.features.announcements import AnnouncementDraft
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT, Database
from cityinfo.kernel.facts import SYSTEM, Actor
from tests.factories import City

PASSWORD = "correct horse battery"


def person(database: Database, name: str = "Amal", *, staff: bool = False, password: bool = False) -> int:
    """Someone new, who may do nothing anywhere yet."""
    digest = _digest() if password else ""
    with database.unit_of_work(NO_TENANT, write=True) as db:
        email = f"{name.lower()}@example.org"
        account = accounts.create_account(db, email, name=name, staff=staff, actor=SYSTEM)
        if digest:
            logins.passwords.keep(db, account.id, digest)
        return account.id


@cache
def _digest() -> str:
    """It takes time on purpose; everyone has the same password here, so once is enough."""
    return logins.passwords.digest_of(PASSWORD)


def give(city: City, account_id: int, role: str, **reach: object) -> int:
    """A role in the city; returns the membership."""
    with city.write() as db:
        draft = MembershipDraft(role=role, **reach)
        return accounts.grant_membership(db, account_id, draft, actor=SYSTEM).id


def member(city: City, role: str, name: str | None = None, **reach: object) -> int:
    """Someone new with this role."""
    account_id = person(city.database, name or f"{role}-of-{city.slug}")
    give(city, account_id, role, **reach)
    return account_id


def announced(database: Database, title: str = "Wartung am Montag") -> int:
    """A message that everyone who works in cities sees."""
    said = {"title_de": title, "title_en": "Maintenance", "body_de": "Ab 18 Uhr.", "body_en": "From 6 pm."}
    with database.unit_of_work(NO_TENANT, write=True) as db:
        draft = AnnouncementDraft(**said, starts_at=None, ends_at=clock.now() + timedelta(days=7))
        return announcements.write(db, draft, actor=SYSTEM).id


def listed(database: Database) -> None:
    """The few rows of the directory of municipalities that come with the program."""
    wanted = municipalities.facts_in(municipalities.rows_of(municipalities.SAMPLE))
    with database.unit_of_work(NO_TENANT, write=True) as db:
        municipalities.bring_in(db, wanted, actor=SYSTEM)


def actor(db: object, account_id: int, *, acting: bool = False) -> Actor:
    """The person with their rights in this unit of work, as a request has them."""
    return accounts.actor_in(db, account_id, acting=acting, places=registry.PLACES)

"""What the worker does for logins."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from cityinfo.features import accounts
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT, Database, Work
from cityinfo.kernel.errors import Problem
from cityinfo.kernel.facts import SYSTEM
from cityinfo.kernel.jobs import Run

from . import challenges, links, style, throttle
from .links import INVITATION
from .models import Authenticator, LoginLink
from .ports import Mailer
from .seals import Site

logger = logging.getLogger(__name__)

UNCONFIRMED_STAY = timedelta(days=1)


def send_link(run: Run, link: int, *, mailer: Mailer, site: Site) -> None:
    """Send the letter with a link. Run twice, it may arrive twice, under the same reference; both open once."""
    with run.unit_of_work() as db:
        row, letter = db.get(LoginLink, link), links.letter(db, site, link)
        if letter is not None and row is not None and row.purpose == INVITATION:
            letter = style.styled(letter, style.style(db))  # of the city that invites; passwords belong to no city
    if row is not None and not links.leads_somewhere(run.database, row):
        letter = None
    if letter is not None:
        mailer.send(letter)
    with run.unit_of_work(write=True, numbered=False) as db:
        links.note_sent(db, link)
        run.finish(db)


def purge(database: Database) -> int:
    """Delete what no longer opens or counts anything, and people who let their invitation lapse; returns how many."""
    now = clock.now()
    lapsed = [account_id for account_id in _uninvited(database, now) if _forget(database, account_id)]
    with database.unit_of_work(NO_TENANT, write=True) as db:
        throttle.forget_old(db, now)
        challenges.forget_old(db, now)
        db.execute(delete(LoginLink).where(LoginLink.expires_at < now))
        unconfirmed = (Authenticator.confirmed_at.is_(None), Authenticator.created_at < now - UNCONFIRMED_STAY)
        db.execute(delete(Authenticator).where(*unconfirmed))
    return len(lapsed)


def _uninvited(database: Database, now: datetime) -> list[int]:
    """People whose only way in was an invitation that has lapsed."""
    with database.unit_of_work(NO_TENANT) as db:
        invited = (LoginLink.purpose == INVITATION, LoginLink.used_at.is_(None), LoginLink.account_id.is_not(None))
        lapsed = set(db.scalars(select(LoginLink.account_id).where(*invited, LoginLink.expires_at < now)))
        waiting = set(db.scalars(select(LoginLink.account_id).where(*invited, LoginLink.expires_at >= now)))
        return sorted(one for one in lapsed - waiting if one is not None and not _came(db, one))


def _came(db: Work, account_id: int) -> bool:
    return accounts.account(db, account_id).staff or links.has_login(db, account_id)


def _forget(database: Database, account_id: int) -> bool:
    """Take the roles and then the person away; who cannot be taken away (the last manager) stays."""
    try:
        for tenant_id, rows in accounts.cities_of(database, account_id, ended=True).items():
            with database.unit_of_work(tenant_id, write=True) as db:
                for row in rows:
                    accounts.revoke_membership(db, row.id, actor=SYSTEM)
        with database.unit_of_work(NO_TENANT, write=True) as db:
            db.execute(delete(LoginLink).where(LoginLink.account_id == account_id))
            accounts.delete_account(db, account_id, actor=SYSTEM)
    except Problem as problem:
        logger.warning("Account %s stays though its invitation lapsed: %s.", account_id, problem.code)
        return False
    return True

"""How much readers may send from one address, without keeping the address.

What is counted is a digest with a salt that is forgotten after a day, so that it leads to nobody.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import date, datetime, timedelta

from sqlalchemy import Date, Index, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from cityinfo.kernel import clock
from cityinfo.kernel.db import EVERY_TENANT, Base, Database, TenantOwned, Work
from cityinfo.kernel.errors import Limited
from cityinfo.kernel.i18n import say

_BULK = {"synchronize_session": False}


class Salt(TenantOwned, Base):
    """What is mixed into the digests of addresses on one day."""

    __tablename__ = "sender_salt"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    salt: Mapped[str]


class Sending(TenantOwned, Base):
    """Something that came from an address. `what` names the sort of thing, each with a limit of its own."""

    __tablename__ = "sending"
    __table_args__ = (Index("ix_sending_sender", "tenant_id", "what", "sender", "sent_at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[str]
    sender: Mapped[str]
    sent_at: Mapped[datetime]


def count(db: Work, what: str, *, address: str, most: int, within: timedelta) -> None:
    """Count one more of what came from an address; `Limited` when that is too much within a time.

    Belongs into a unit of work without a number, which what readers send has anyway.
    """
    now = clock.now()
    sender = _digest(address, _salt(db, now))
    same = Sending.what == what, Sending.sender == sender, Sending.sent_at > now - within
    if (db.scalar(select(func.count()).select_from(Sending).where(*same)) or 0) >= most:
        minutes = within // timedelta(minutes=1)
        raise Limited(
            f"{what}.limited",
            say("You have sent a lot within a short time; try again in {minutes} minutes.", minutes=minutes),
            limit=most,
            window=int(within.total_seconds()),
            retry_after=int(within.total_seconds()),
        )
    db.add(Sending(id=db.new_id(), what=what, sender=sender, sent_at=now))
    db.flush()


def forget(database: Database) -> int:
    """Delete what was counted and mixed in on days before; returns in how many cities."""
    today = clock.now().date()
    with database.unit_of_work(EVERY_TENANT, reason="looks for salts of days before") as db:
        tenants = sorted(set(db.scalars(select(Salt.tenant_id).where(Salt.day < today))))
    for tenant_id in tenants:
        with database.unit_of_work(tenant_id, write=True, numbered=False) as db:
            _forget(db, today)
    return len(tenants)


def _forget(db: Work, today: date) -> None:
    """Without its salt a digest says nothing, so both go together."""
    begin = datetime.combine(today, datetime.min.time(), tzinfo=clock.now().tzinfo)
    db.execute(delete(Sending).where(Sending.sent_at < begin), execution_options=_BULK)
    db.execute(delete(Salt).where(Salt.day < today), execution_options=_BULK)


def _digest(address: str, salt: str) -> str:
    """The same for the same address on one day, and for no longer."""
    return hmac.new(salt.encode(), address.encode(), hashlib.sha256).hexdigest()


def _salt(db: Work, now: datetime) -> str:
    """The salt of the day; those of days before are forgotten."""
    day = now.date()
    known = db.get(Salt, (db.tenant_id, day))
    if known is not None:
        return known.salt
    _forget(db, day)
    try:
        with db.begin_nested():
            db.add(Salt(day=day, salt=secrets.token_hex(16)))
    except IntegrityError:  # someone else sent the first one of the day just now
        pass
    return db.get_one(Salt, (db.tenant_id, day)).salt

"""Ways in by mail, once and for a time: invitations and forgotten passwords.

A link is the identity of a row, signed with the key of the service. It is made when the letter is sent and read when it
comes back; no table, no job and no log ever holds one.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from cityinfo.features import accounts
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT, Database, Work
from cityinfo.kernel.errors import Gone, Invalid
from cityinfo.kernel.jobs import enqueue

from .models import LoginLink, Passkey, Password
from .ports import Letter
from .seals import Site
from .words import invitation, new_password, welcome

INVITATION, PASSWORD = "invitation", "password"
LASTS = {INVITATION: timedelta(days=7), PASSWORD: timedelta(hours=2)}
SEND_LINK = "logins.send_link"
LOGIN_PATH = "/cms/login"
PATHS = {INVITATION: "/cms/invitation/", PASSWORD: "/cms/password/"}
_PURPOSE = "link"


def promise(db: Work, account_id: int | None, purpose: str, *, city: str = "") -> LoginLink:
    """A link that goes out by mail, in the outbox of the tenant of this work. Those of before open nothing any more.

    Without an account the same is done, and nothing is sent.
    """
    now = clock.now()
    close(db, account_id, purpose)
    row = LoginLink(
        id=db.new_id(),
        account_id=account_id,
        purpose=purpose,
        city=city,
        created_at=now,
        expires_at=now + LASTS[purpose],
    )
    db.add(row)
    db.flush()
    enqueue(db, SEND_LINK, link=row.id)
    return row


def token_of(site: Site, link: LoginLink) -> str:
    """What the letter says."""
    return site.seal.sign(_PURPOSE, link.id)


def find(db: Work, site: Site, token: str, purpose: str) -> LoginLink:
    """The open link; `Gone` when it was used, is too old or was replaced, `Invalid` when there never was one."""
    try:
        link = db.get(LoginLink, site.seal.read(_PURPOSE, token))
    except Invalid:
        link = None
    if link is None or link.account_id is None or link.purpose != purpose:
        raise Invalid("link.unknown", "This link is not complete; copy the whole of it from the letter.")
    if link.used_at is not None or link.expires_at <= clock.now():
        raise gone()
    return link


def leads_somewhere(database: Database, link: LoginLink) -> bool:
    """Whether an invitation still gives its reader anything to do; a new password always does.

    A city that takes its roles back cannot see whether others wait for the same person, so it is asked here, when the
    letter is sent and when its link is opened.
    """
    if link.purpose != INVITATION or link.account_id is None:
        return True
    with database.unit_of_work(NO_TENANT) as db:
        is_staff = accounts.account(db, link.account_id).staff
    return is_staff or bool(accounts.cities_of(database, link.account_id))


def use(db: Work, link_id: int) -> int:
    """Use a link up; returns whose it is. Of two that use it at once, one gets `Gone`."""
    now = clock.now()
    open_one = (LoginLink.id == link_id, LoginLink.used_at.is_(None), LoginLink.expires_at > now)
    used = update(LoginLink).where(*open_one).values(used_at=now).returning(LoginLink.account_id)
    account_id: int | None = db.execute(used).scalar()
    if account_id is None:
        raise gone()
    return account_id


def close(db: Work, account_id: int | None, *purposes: str) -> None:
    """Let a person's open links open nothing any more."""
    now = clock.now()
    mine = (LoginLink.account_id == account_id, LoginLink.purpose.in_(purposes), LoginLink.expires_at > now)
    db.execute(update(LoginLink).where(*mine).values(expires_at=now))


def letter(db: Work, site: Site, link_id: int) -> Letter | None:
    """The letter that brings the link; None when nobody is to get one, or it came already."""
    link = db.get(LoginLink, link_id)
    if link is None or link.account_id is None or link.sent_at is not None or link.expires_at <= clock.now():
        return None
    account = accounts.account(db, link.account_id)
    if not account.active:
        return None
    if link.purpose == INVITATION and has_login(db, account.id):
        return welcome(account, city=link.city, address=site.public_url + LOGIN_PATH, reference=f"link-{link.id}")
    write = invitation if link.purpose == INVITATION else new_password
    address = site.public_url + PATHS[link.purpose] + token_of(site, link)
    return write(account, city=link.city or site.name, address=address, reference=f"link-{link.id}")


def note_sent(db: Work, link_id: int) -> None:
    """The mail server has taken the letter."""
    db.execute(update(LoginLink).where(LoginLink.id == link_id).values(sent_at=clock.now()))


def has_login(db: Work, account_id: int) -> bool:
    """Whether a person can log in already."""
    if db.get(Password, account_id) is not None:
        return True
    return db.scalar(select(Passkey.id).where(Passkey.account_id == account_id).limit(1)) is not None


def gone() -> Gone:
    return Gone("link.gone", "This link was used or is too old; ask for a new one.")

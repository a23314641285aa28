"""How the screens of the platform's staff are opened, and what all their lists share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app, g, request

from cityinfo.cms.layout import Me, announce
from cityinfo.cms.login.entering import database
from cityinfo.features import accounts, media
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor
from cityinfo.web.request import account_work

ON_A_SHEET = 50


@contextmanager
def staff_screen(*, write: bool = False) -> Iterator[tuple[Work, Actor]]:
    """The unit of work of a screen that belongs to no city, and someone of the staff with their rights."""
    with account_work(write=write) as (db, account, _session):
        actor = accounts.staff_actor(db, account.id)
        g.me = Me(account.name, frozenset({"platform:manage"}))
        if not write:
            announce(db, account.id)
        yield db, actor


@contextmanager
def in_city(tenant_id: int, *, reason: str) -> Iterator[tuple[Work, Actor]]:
    """A writing unit of work in one city, for one thing. The reason is written to the city's own log."""
    with staff_screen() as (_db, staff):
        account_id = int(staff.name)
    with database().unit_of_work(tenant_id, write=True) as db:
        accounts.enter(db, account_id, reason=reason)
        yield db, accounts.actor_in(db, account_id, acting=True)


def start() -> int:
    """How many rows stand before this sheet."""
    return max(request.args.get("from", 0, type=int), 0)


def quota() -> int:
    """The space for files of a city that has none of its own, in bytes."""
    library: media.Library = current_app.extensions["library"]
    return library.limits.tenant

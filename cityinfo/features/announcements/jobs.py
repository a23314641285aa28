"""What the worker does: it sends letters about announcements, city by city, to each person once."""

from __future__ import annotations

from cityinfo.features import accounts, tenants
from cityinfo.features.accounts import Account
from cityinfo.features.logins import Letter, Mailer, Site
from cityinfo.kernel import clock, i18n, jobs
from cityinfo.kernel.db import NO_TENANT, Database, Work
from cityinfo.kernel.errors import Invalid, Unavailable
from cityinfo.kernel.i18n import _
from cityinfo.kernel.jobs import Run

from . import actions, queries, rules
from .models import Announcement

SEND_LETTERS = "announcements.send_letters"


def enqueue_letters(database: Database) -> int:
    """Promise letters in every city about what is shown since a moment ago; returns about how much.

    Who dies in between begins anew: a person gets one letter, however many jobs want to send it.
    """
    with database.unit_of_work(NO_TENANT) as db:
        due, cities = queries.unwritten(db), [city.id for city in tenants.directory(db)]
    for announcement_id in due:
        for tenant_id in cities:
            with database.unit_of_work(tenant_id, write=True, numbered=False) as db:
                jobs.enqueue(db, SEND_LETTERS, announcement=announcement_id)
        with database.unit_of_work(NO_TENANT, write=True) as db:
            actions.note_promised(db, announcement_id)
    return len(due)


def send_letters(run: Run, announcement: int, *, mailer: Mailer, site: Site) -> None:
    """Write to everyone who works in the job's city and was not written to before."""
    with run.unit_of_work() as db:
        people = _people(db)
    for number, account in enumerate(people):
        with run.database.unit_of_work(NO_TENANT, write=True) as db:
            row = queries.find(db, announcement)
            if rules.state_of(row.starts_at, row.ends_at, clock.now()) != rules.SHOWN:
                return
            is_ours = actions.claim_letter(db, announcement, account.id)
        if is_ours:
            _send(run.database, row, account, mailer=mailer, site=site)
        run.progress(100 * (number + 1) // len(people))


def _send(database: Database, row: Announcement, account: Account, *, mailer: Mailer, site: Site) -> None:
    failure = ""
    try:
        mailer.send(_letter(row, account, site))
    except Invalid as problem:
        failure = problem.code
    except Unavailable:
        with database.unit_of_work(NO_TENANT, write=True) as db:
            actions.give_back_letter(db, row.id, account.id)
        raise
    with database.unit_of_work(NO_TENANT, write=True) as db:
        actions.note_letter(db, row.id, account.id, failure=failure)


def _people(db: Work) -> list[Account]:
    """Everyone with a role here that has not ended, once."""
    now = clock.now()
    lasting = [
        one.account
        for one in accounts.people(db)
        if one.account.active and not (one.membership.expires_at and one.membership.expires_at <= now)
    ]
    return list({account.id: account for account in lasting}.values())


def _letter(row: Announcement, account: Account, site: Site) -> Letter:
    """In the language that its reader has chosen for the interface."""
    with i18n.speaking(account.language):
        language = i18n.language()
        parts = (
            _("Hello {name},", name=account.name),
            row.body(language),
            _("You find this in the Redaktion, too:") + f"\n{site.public_url}/cms/",
        )
        return Letter(
            to=account.email,
            subject=row.title(language),
            text="\n\n".join(parts) + "\n",
            language=language,
            reference=f"announcement-{row.id}-{account.id}",
        )

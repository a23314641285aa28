"""`cityinfo demo`: an invented city to look at."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import cityinfo
from cityinfo.settings import Settings

from .tenants import opened_library, report_lines
from .users import find_tenant

if TYPE_CHECKING:
    from cityinfo.kernel.db import Database

FOLDER = Path(cityinfo.__file__).parent.parent / "tenants" / "musterstadt"
# Who works in the invented city, as what. The addresses lead nowhere (RFC 2606).
PEOPLE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("manager", "Mira Manager", {}),
    ("editor", "Emil Editor", {}),
    ("author", "Ayşe Author", {}),
    ("translator", "Tarek Translator", {"languages": ["ar", "en"]}),
)


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing when there is a city already.")
def demo(*, if_empty: bool) -> None:
    """Create or update the invented town Musterstadt. Safe to repeat. In development it gets people who work there."""
    from cityinfo.features import archives

    settings = Settings.from_environment()
    with opened_library() as library:
        if if_empty and _has_cities(library.database):
            return
        report = archives.apply(library, archives.read_folder(FOLDER))
        password = "" if settings.production else _hire(library.database)
        if not settings.production:
            _list_municipalities(library.database)
    for line in report_lines(report):
        click.echo(line)
    if password:
        roles = ", ".join(role for role, *_ in PEOPLE)
        click.echo(f"People who work there ({roles}) log in as ROLE@musterstadt.example with the password {password}")


def _hire(database: Database) -> str:
    """Let people work in the city; returns their password, or nothing when they were there before."""
    from cityinfo.features import accounts, logins
    from cityinfo.features.accounts import MembershipDraft
    from cityinfo.kernel.db import NO_TENANT
    from cityinfo.kernel.facts import SYSTEM

    password, tenant_id = secrets.token_urlsafe(12), find_tenant(database, FOLDER.name)
    with database.unit_of_work(NO_TENANT) as db:
        if accounts.account_of(db, _address(PEOPLE[0][0])):
            return ""
    for role, name, reach in PEOPLE:
        digest = logins.passwords.digest_of(password)
        with database.unit_of_work(NO_TENANT, write=True) as db:
            account = accounts.create_account(db, _address(role), name=name, actor=SYSTEM)
            logins.set_password(db, account.id, digest, actor=SYSTEM)
        with database.unit_of_work(tenant_id, write=True) as db:
            accounts.grant_membership(db, account.id, MembershipDraft(role=role, **reach), actor=SYSTEM)
    return password


def _list_municipalities(database: Database) -> None:
    """A few rows of the public directory, where there is none yet, so that a new city can be found by its name."""
    from cityinfo.features import municipalities
    from cityinfo.kernel.db import NO_TENANT
    from cityinfo.kernel.facts import SYSTEM

    with database.unit_of_work(NO_TENANT) as db:
        if municipalities.count(db):
            return
    wanted = municipalities.facts_in(municipalities.rows_of(municipalities.SAMPLE))
    with database.unit_of_work(NO_TENANT, write=True) as db:
        municipalities.bring_in(db, wanted, actor=SYSTEM)


def _address(role: str) -> str:
    return f"{role}@{FOLDER.name}.example"


def _has_cities(database: Database) -> bool:
    from cityinfo.features import imports
    from cityinfo.kernel.db import NO_TENANT

    with database.unit_of_work(NO_TENANT) as db:
        return imports.any_tenant(db)

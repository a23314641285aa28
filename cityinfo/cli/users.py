"""`cityinfo users`: who works on this service, and in which city as what."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from cityinfo.kernel.i18n import say

from .importer import opened_database, tenant_id

if TYPE_CHECKING:
    from cityinfo.features.accounts import Account, Membership
    from cityinfo.kernel.db import Database, Work
    from cityinfo.kernel.facts import Actor


@click.group()
def users() -> None:
    """The people who work on this service, and their roles in its cities."""


@users.command()
@click.argument("email")
@click.option("--name", required=True, help="How colleagues know them.")
@click.option("--language", type=click.Choice(["de", "en"]), default="de", show_default=True, help="Of the CMS.")
@click.option("--platform-staff", is_flag=True, help="One of those who run the platform.")
@click.option("--set-password", "with_password", is_flag=True, help="Ask for a password, or read it from a pipe.")
def create(email: str, *, name: str, language: str, platform_staff: bool, with_password: bool) -> None:
    """Add a person. Roles are given with `grant`."""
    from cityinfo.features import accounts
    from cityinfo.kernel.db import NO_TENANT

    digest = _new_digest() if with_password else ""
    with opened_database() as database, database.unit_of_work(NO_TENANT, write=True) as db:
        account = accounts.create_account(
            db, email, name=name, language=language, staff=platform_staff, actor=_terminal()
        )
        _keep(db, account.id, digest)


@users.command()
@click.argument("tenant")
@click.argument("email")
@click.option("--name", required=True, help="How colleagues know them.")
@click.option("--role", required=True, help="As for `grant`.")
@click.option("--speaks", type=click.Choice(["de", "en"]), default="de", show_default=True, help="Of the letter.")
@click.option("--language", "languages", multiple=True, help="Only this language; may be repeated.")
@click.option("--page", "subtree", type=int, multiple=True, help="Only this page and all below it; may be repeated.")
@click.option("--organization", type=int, help="Of a contributor.")
@click.option("--may-publish", is_flag=True, help="Of a translator: publish translations.")
def invite(tenant: str, email: str, *, name: str, speaks: str, **reach: object) -> None:
    """Give someone a role in a city and send them a letter with a way in. The worker sends it."""
    from cityinfo.features import logins
    from cityinfo.features.accounts import MembershipDraft

    draft = MembershipDraft(**reach)  # type: ignore[arg-type]
    with opened_database() as database, database.unit_of_work(tenant_id(database, tenant), write=True) as db:
        logins.invite(db, email, name=name, language=speaks, membership=draft, actor=_terminal())


@users.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Take all second factors away from a person who lost them, and end all their logins. The password stays."""
    from cityinfo.features import logins
    from cityinfo.kernel.db import NO_TENANT

    with opened_database() as database, database.unit_of_work(NO_TENANT, write=True) as db:
        account_id = _person(db, email).id
        logins.factors.reset(db, account_id, actor=_terminal())
        logins.sessions.end_all(db, account_id, actor=_terminal())


@users.command("set-password")
@click.argument("email")
def set_password(email: str) -> None:
    """Give a person another password; asked for, or read from a pipe. It ends all their logins."""
    from cityinfo.kernel.db import NO_TENANT

    digest = _new_digest()
    with opened_database() as database, database.unit_of_work(NO_TENANT, write=True) as db:
        _keep(db, _person(db, email).id, digest)


@users.command()
@click.argument("email")
def lock(email: str) -> None:
    """Lock a person out of every city, from their next request on. Their roles stay."""
    _set_active(email, active=False)


@users.command()
@click.argument("email")
def unlock(email: str) -> None:
    """Let a person in again."""
    _set_active(email, active=True)


@users.command("list")
@click.option("--tenant", "slug", help="Only those who have a role in this city.")
def list_users(slug: str | None) -> None:
    """Everyone, with their roles: e-mail address, name, city and role."""
    with opened_database() as database:
        for account, roles in _everyone(database):
            shown = [(city, row) for city, row in roles if slug in (None, city)]
            if slug is None or shown:
                state = "".join(f" [{word}]" for word in _states(account))
                click.echo(f"{account.email:<32} {account.name}{state}")
            for city, row in shown:
                click.echo(f"    {city:<24} {row.role}{_reach(row)}")


@users.command()
@click.argument("email")
@click.argument("tenant")
@click.argument("role")
@click.option("--language", "languages", multiple=True, help="Only this language; may be repeated.")
@click.option("--page", "subtree", type=int, multiple=True, help="Only this page and all below it; may be repeated.")
@click.option("--organization", type=int, help="Of a contributor.")
@click.option("--may-publish", is_flag=True, help="Of a translator: publish translations.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The role ends when this day begins (UTC).")
def grant(email: str, tenant: str, *, until: datetime | None, **reach: object) -> None:
    """Give a person a role in a city: observer, contributor, event_manager, author, translator, editor or manager."""
    from cityinfo.features import accounts
    from cityinfo.features.accounts import MembershipDraft

    draft = MembershipDraft(expires_at=until.replace(tzinfo=UTC) if until else None, **reach)  # type: ignore[arg-type]
    with opened_database() as database, database.unit_of_work(tenant_id(database, tenant), write=True) as db:
        accounts.grant_membership(db, _person(db, email).id, draft, actor=_terminal())


@users.command()
@click.argument("email")
@click.argument("tenant")
@click.argument("role")
def revoke(email: str, tenant: str, role: str) -> None:
    """Take a role in a city from a person."""
    from cityinfo.features import accounts
    from cityinfo.kernel.errors import NotFound

    with opened_database() as database, database.unit_of_work(tenant_id(database, tenant), write=True) as db:
        rows = [row for row in accounts.memberships(db, _person(db, email).id) if row.role == role]
        if not rows:
            raise NotFound(
                "membership.unknown", say("This person is not {role} in {tenant}.", role=role, tenant=tenant)
            )
        accounts.revoke_membership(db, rows[0].id, actor=_terminal())


@users.command()
@click.argument("email")
@click.argument("tenant")
@click.argument("permission")
@click.option("--entry", "entry_id", type=int, default=0, help="To which page, event or the like.")
@click.option("--language", default="", help="Of the text it is about.")
def why(email: str, tenant: str, permission: str, *, entry_id: int, language: str) -> None:
    """Say why a person may do something in a city, such as page:publish, or why not."""
    from cityinfo.features import accounts
    from cityinfo.registry import PLACES

    with opened_database() as database, database.unit_of_work(tenant_id(database, tenant)) as db:
        account_id = _person(db, email).id
        told = accounts.explain(db, account_id, permission, entry_id=entry_id, language=language, places=PLACES)
    click.echo("\n".join(["Yes." if told.allowed else "No.", *told.sentences]))


def _terminal() -> Actor:
    from cityinfo.kernel.facts import Actor

    return Actor("terminal")


def _new_digest() -> str:
    from cityinfo.features import logins

    if sys.stdin.isatty():
        password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\n")
    return logins.passwords.digest_of(password)


def _set_active(email: str, *, active: bool) -> None:
    from cityinfo.features import accounts
    from cityinfo.kernel.db import NO_TENANT

    with opened_database() as database, database.unit_of_work(NO_TENANT, write=True) as db:
        accounts.set_active(db, _person(db, email).id, active, actor=_terminal())


def _keep(db: Work, account_id: int, digest: str) -> None:
    from cityinfo.features import logins

    if digest:
        logins.set_password(db, account_id, digest, actor=_terminal())


def _person(db: Work, email: str) -> Account:
    from cityinfo.features import accounts
    from cityinfo.kernel.errors import NotFound

    account = accounts.account_of(db, email)
    if account is None:
        raise NotFound(
            "account.unknown",
            say("Nobody has the e-mail address {email}; add them with: cityinfo users create", email=email),
        )
    return account


def _everyone(database: Database) -> list[tuple[Account, list[tuple[str, Membership]]]]:
    from cityinfo.features import accounts, tenants
    from cityinfo.kernel.db import NO_TENANT

    with database.unit_of_work(NO_TENANT) as db:
        people = list(accounts.accounts(db))
        cities = {tenant.id: tenant.slug for tenant in tenants.directory(db)}
    found: dict[int, list[tuple[str, Membership]]] = {}
    for city, slug in cities.items():
        with database.unit_of_work(city) as db:
            for one in accounts.people(db):
                found.setdefault(one.account.id, []).append((slug, one.membership))
    return [(account, found.get(account.id, [])) for account in people]


def _states(account: Account) -> list[str]:
    return [*(["platform staff"] if account.staff else []), *([] if account.active else ["locked"])]


def _reach(row: Membership) -> str:
    said = [
        *([" ".join(row.languages)] if row.languages else []),
        *([f"pages {' '.join(map(str, row.subtree))}"] if row.subtree else []),
        *([f"organization {row.organization_id}"] if row.organization_id else []),
        *(["may publish"] if row.may_publish else []),
        *([f"until {row.expires_at:%Y-%m-%d}"] if row.expires_at else []),
    ]
    return f" ({', '.join(said)})" if said else ""

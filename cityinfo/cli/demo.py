"""`cityinfo demo`: invented cities to look at, one of them made from the template."""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import cityinfo
from cityinfo.settings import Settings

from .importer import tenant_id
from .tenants import opened_library, report_lines

if TYPE_CHECKING:
    from cityinfo.features.accounts import MembershipDraft
    from cityinfo.features.media import Library
    from cityinfo.features.placeholders import Asked
    from cityinfo.kernel.db import Database, Work

TENANTS = Path(cityinfo.__file__).parent.parent / "tenants"
FOLDER, TEMPLATE = TENANTS / "musterstadt", TENANTS / "municipality-de"
CLONED, CLONED_NAME = "neustadt", "Neustadt"
_SAID = Path(__file__).parent / "neustadt.toml"
# Who works in the invented city, as what. The addresses lead nowhere (RFC 2606).
PEOPLE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("manager", "Mira Manager", {}),
    ("editor", "Emil Editor", {}),
    ("author", "Ayşe Author", {}),
    ("translator", "Tarek Translator", {"languages": ["ar", "en"]}),
)

OFFERED = "müll"  # by the cloned town to others
CURATOR = ("curator", "Clara Curator")


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing when there is a city already.")
@click.option("--alone", is_flag=True, help="Only Musterstadt: without the template and the town that is made from it.")
def demo(*, if_empty: bool, alone: bool) -> None:
    """Create or update the invented town Musterstadt. Safe to repeat. In development it gets people who work there.

    Beside it the template for municipalities, hidden, and Neustadt, which is cloned from it and follows it.
    """
    from cityinfo.features import archives

    settings = Settings.from_environment()
    with opened_library() as library:
        if if_empty and _has_cities(library.database):
            return
        folders = (FOLDER,) if alone else (FOLDER, TEMPLATE)
        reports = [archives.apply(library, archives.read_folder(one)) for one in folders]
        if not alone:
            _clone(library)
        cities = () if alone else (CLONED, TEMPLATE.name)
        password = "" if settings.production else _hire(library.database, cities)
        if not settings.production:
            _list_municipalities(library.database)
    for line in (line for report in reports for line in report_lines(report)):
        click.echo(line)
    if password:
        roles = ", ".join(role for role, *_ in PEOPLE)
        if not alone:
            click.echo(f"curator@musterstadt.example manages the template and {CLONED_NAME}, with the same password.")
        click.echo(f"People who work there ({roles}) log in as ROLE@musterstadt.example with the password {password}")


def _clone(library: Library) -> None:
    """A town made from the template, filled in and live. Once it is there it is left as it is."""
    from cityinfo.features import onboarding, placeholders, tenants
    from cityinfo.kernel.facts import SYSTEM

    from .cloning import bring

    city = onboarding.CityDraft(slug=CLONED, name=CLONED_NAME, prefix="Stadt", postal_codes=("00003",))
    library.database.wake = None  # done here
    asked = onboarding.request(library.database, TEMPLATE.name, city, actor=SYSTEM)
    if asked.known:
        return
    bring(library, asked)
    with library.database.unit_of_work(asked.tenant_id, write=True) as db:
        placeholders.fill(db, dict(_said(placeholders.asked(db))), actor=SYSTEM)
        tenants.set_status(db, tenants.ACTIVE, actor=SYSTEM)
    with library.database.unit_of_work(asked.tenant_id, write=True) as db:
        _offer(db)


def _offer(db: Work) -> None:
    """The town gives one of its pages to other cities."""
    from cityinfo.features import commons, content, tenants
    from cityinfo.kernel.facts import SYSTEM

    page = content.entry_at(db, commons.KIND, "de", OFFERED)
    if page is not None:
        terms = commons.Terms(licence="CC-BY-4.0", attribution=tenants.own(db).full_name)
        commons.offer(db, page, terms, actor=SYSTEM)


def _said(asked: Iterable[Asked]) -> Iterator[tuple[tuple[str, str], str]]:
    """What the town says to each question, by fact and language."""
    known = tomllib.loads(_SAID.read_text("utf-8"))
    for number, one in enumerate(asked, start=1):
        key, office = one.placeholder.key, one.placeholder.key.partition(".")[0].replace("_", "-")
        said = known.get(key, known["by_kind"].get(one.placeholder.kind, ""))
        for language in one.languages:
            value = said[language] if isinstance(said, dict) else said
            yield (key, language), value.format(number=number, office=office)


def _hire(database: Database, curated: Sequence[str]) -> str:
    """Let people work in the cities; returns their password, or nothing when they were there before."""
    from cityinfo.features import accounts
    from cityinfo.features.accounts import MembershipDraft
    from cityinfo.kernel.db import NO_TENANT

    password, city = secrets.token_urlsafe(12), tenant_id(database, FOLDER.name)
    with database.unit_of_work(NO_TENANT) as db:
        if accounts.account_of(db, _address(PEOPLE[0][0])):
            return ""
    for role, name, reach in PEOPLE:
        _let_work(database, role, name, password, {city: MembershipDraft(role=role, **reach)})
    if curated:
        of = {tenant_id(database, slug): MembershipDraft(role=accounts.MANAGER) for slug in curated}
        _let_work(database, *CURATOR, password, of)
    return password


def _let_work(database: Database, address: str, name: str, password: str, roles: Mapping[int, MembershipDraft]) -> None:
    """A new person with a role in each of these cities."""
    from cityinfo.features import accounts, logins
    from cityinfo.kernel.db import NO_TENANT
    from cityinfo.kernel.facts import SYSTEM

    digest = logins.passwords.digest_of(password)
    with database.unit_of_work(NO_TENANT, write=True) as db:
        account = accounts.create_account(db, _address(address), name=name, actor=SYSTEM)
        logins.set_password(db, account.id, digest, actor=SYSTEM)
        account_id = account.id
    for city, draft in roles.items():
        with database.unit_of_work(city, write=True) as db:
            accounts.grant_membership(db, account_id, draft, actor=SYSTEM)


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

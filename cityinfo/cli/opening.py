"""`cityinfo tenants facts` and `tenants live`: a new city filled in and shown from the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

from .importer import opened_database, tenant_id

if TYPE_CHECKING:
    from cityinfo.features.opening import Checklist
    from cityinfo.features.placeholders import Asked


@click.command()
@click.argument("slug")
@click.argument("said", nargs=-1, metavar="[KEY[:LANGUAGE]=VALUE]...")
@click.option("--missing", is_flag=True, help="List only what readers need and nobody has said.")
def facts(*, slug: str, said: Sequence[str], missing: bool) -> None:
    """Say what texts ask of the city SLUG, such as youth_office.phone="030 2312500" or youth_office.name:de=Jugendamt.

    Texts that name a fact say so at once. An empty value takes it back. Without any, all that is asked is listed.
    """
    from cityinfo.features import placeholders
    from cityinfo.kernel.facts import Actor

    wanted = dict(_fact(one) for one in said)
    with opened_database() as database:
        city = tenant_id(database, slug)
        if wanted:
            with database.unit_of_work(city, write=True) as db:
                changed = placeholders.fill(db, wanted, actor=Actor("terminal"))
            click.echo(f"{slug}: {len(changed)} facts are new")
        with database.unit_of_work(city) as db:
            asked = placeholders.asked(db)
    for one in asked if missing or not wanted else ():
        if one.is_missing or not missing:
            click.echo(_line(one))
    click.echo(f"{sum(one.is_missing for one in asked)} facts that readers need are missing")


@click.command()
@click.argument("slug")
@click.option("--dry-run", is_flag=True, help="Only say what the city still lacks.")
def live(*, slug: str, dry_run: bool) -> None:
    """Show the city SLUG to readers. What it still lacks is said and stops nobody."""
    from cityinfo.features import opening, tenants
    from cityinfo.kernel.facts import Actor

    with opened_database() as database:
        city = tenant_id(database, slug)
        with database.unit_of_work(city) as db:
            for line in _lacks(opening.checklist(db)):
                click.echo(line)
        if not dry_run:
            with database.unit_of_work(city, write=True) as db:
                tenants.set_status(db, tenants.ACTIVE, actor=Actor("terminal"))
            click.echo(f"{slug}: live")


def _fact(said: str) -> tuple[tuple[str, str], str]:
    name, sign, value = said.partition("=")
    key, _, language = name.partition(":")
    if not sign or not key:
        raise Invalid("placeholder.said", say("“{said}” says nothing; write KEY=VALUE.", said=said[:100]))
    return (key, language), value


def _line(one: Asked) -> str:
    named = {
        language: f"{one.placeholder.key}:{language}" if language else one.placeholder.key for language in one.languages
    }
    values = "  ".join(f"{name}={one.values.get(language, '')}" for language, name in named.items())
    return f"{'!' if one.is_missing else ' '} {one.placeholder.kind:<8} {values}"


def _lacks(found: Checklist) -> Iterator[str]:
    """What a person would still do before readers come, one line each."""
    from cityinfo.features import opening

    words = {
        opening.FACTS: f"{found.facts_missing} facts that readers need are missing",
        opening.IMPRINT: "there is no imprint in every language",
        opening.MANAGERS: f"{found.managers} managers have a login; there should be two",
        opening.LANGUAGES: "pages are missing in languages that readers are offered",
        opening.TEST: "nobody has looked at it on a phone",
    }
    yield from (f"Not done yet: {words[step]}" for step in found.left)

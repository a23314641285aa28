"""`cityinfo webhooks`: servers elsewhere that are told what is new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from cityinfo.settings import Settings

from .cities import opened

if TYPE_CHECKING:
    from cityinfo.features.webhooks import Webhook
    from cityinfo.kernel.facts import Actor


@click.group()
def webhooks() -> None:
    """Servers elsewhere that are told, signed and in order, what readers of a city see anew."""


@webhooks.command()
@click.argument("tenant")
@click.argument("address")
@click.option("--kind", "kinds", multiple=True, help="Only of this kind of content, such as page. Repeatable.")
@click.option("--language", "languages", multiple=True, help="Only in this language. Repeatable.")
def add(tenant: str, address: str, kinds: Sequence[str], languages: Sequence[str]) -> None:
    """Tell ADDRESS what is new in a city; prints the number and the secret, which is shown only now."""
    from cityinfo.app import open_safe
    from cityinfo.features import webhooks as features
    from cityinfo.registry import CONTENT_TYPES

    draft = features.WebhookDraft(address=address, kinds=kinds, languages=languages)
    known = [one.kind for one in CONTENT_TYPES]
    safe = open_safe(Settings.from_environment())
    with opened(tenant) as (database, (city,)), database.unit_of_work(city.id, write=True) as db:
        webhook, secret = features.create(db, draft, known_kinds=known, safe=safe, actor=_actor())
    click.echo(f"{webhook.id} {secret}")


@webhooks.command("list")
@click.argument("tenant")
def list_webhooks(tenant: str) -> None:
    """The webhooks of a city: number, state, last number told, filters, address, what went wrong last."""
    from cityinfo.features import webhooks as features

    with opened(tenant) as (database, (city,)), database.unit_of_work(city.id) as db:
        for webhook in features.webhooks(db):
            last = next(iter(features.deliveries(db, webhook.id, limit=1)), None)
            click.echo(_line(webhook, last.failure if last else ""))


@webhooks.command()
@click.argument("tenant")
@click.argument("number", type=int)
@click.option("--since", type=int, default=0, show_default=True, help="The last number that need not be told again.")
def replay(tenant: str, number: int, since: int) -> None:
    """Tell a webhook once more everything that came after a number."""
    from cityinfo.features import webhooks as features

    with opened(tenant) as (database, (city,)), database.unit_of_work(city.id, write=True) as db:
        features.replay(db, number, since=since, actor=_actor())


@webhooks.command()
@click.argument("tenant")
@click.argument("number", type=int)
def rotate(tenant: str, number: int) -> None:
    """Sign with a new secret, which is shown only now; the present one signs besides for one more day."""
    from cityinfo.app import open_safe
    from cityinfo.features import webhooks as features

    safe = open_safe(Settings.from_environment())
    with opened(tenant) as (database, (city,)), database.unit_of_work(city.id, write=True) as db:
        secret = features.rotate(db, number, safe=safe, actor=_actor())
    click.echo(secret)


@webhooks.command()
@click.argument("tenant")
@click.argument("number", type=int)
def remove(tenant: str, number: int) -> None:
    """Tell a webhook nothing any more."""
    from cityinfo.features import webhooks as features

    with opened(tenant) as (database, (city,)), database.unit_of_work(city.id, write=True) as db:
        features.delete(db, number, actor=_actor())


def _actor() -> Actor:
    from cityinfo.kernel.facts import Actor

    return Actor("terminal")


def _line(webhook: Webhook, failure: str) -> str:
    state = "on" if webhook.active else f"off ({webhook.note})" if webhook.note else "off"
    wanted = f"{','.join(webhook.kinds) or 'all kinds'}; {','.join(webhook.languages) or 'all languages'}"
    trouble = f"; {failure}" if failure else ""
    return f"{webhook.id}  {state:<14} {webhook.seq:>8}  {webhook.address} ({wanted}{trouble})"

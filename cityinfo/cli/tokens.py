"""`cityinfo tokens`: machines that work in a city over the API."""

from __future__ import annotations

from datetime import timedelta

import click

from .importer import opened_database, tenant_id


@click.group()
def tokens() -> None:
    """Tokens with which machines work in a city over the API."""


@tokens.command()
@click.argument("tenant")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, help="Such as page:write; may be repeated.")
@click.option("--days", type=int, default=90, show_default=True, help="How long it is valid, at most 400.")
@click.option("--kind", "kinds", multiple=True, help="Only entries of this kind; may be repeated.")
@click.option("--page", "subtree", type=int, multiple=True, help="Only this page and all below it; may be repeated.")
@click.option("--reviewed", is_flag=True, help="What it publishes waits for a review.")
@click.option("--per-minute", type=int, default=120, show_default=True, help="Requests a minute.")
def create(tenant: str, name: str, *, days: int, **draft: object) -> None:
    """Make a token for whoever NAME says. Its secret is shown once and never again."""
    from cityinfo.features import tokens
    from cityinfo.features.tokens import TokenDraft
    from cityinfo.kernel import clock
    from cityinfo.kernel.facts import Actor

    expires_at = clock.now() + timedelta(days=days)
    wanted = TokenDraft(name=name, expires_at=expires_at, **draft)  # type: ignore[arg-type]
    with opened_database() as database, database.unit_of_work(tenant_id(database, tenant), write=True) as db:
        token, secret = tokens.create(db, wanted, actor=Actor("terminal"))
    click.echo(
        f"Token {token.id}, valid until {expires_at:%Y-%m-%d}. Keep the secret, it is not shown again:", err=True
    )
    click.echo(secret)


@tokens.command("list")
@click.argument("tenant")
def list_tokens(tenant: str) -> None:
    """The tokens of a city: number, name, what they may do, when they end and were used last."""
    from cityinfo.features import tokens

    with opened_database() as database, database.unit_of_work(tenant_id(database, tenant)) as db:
        for token in tokens.tokens(db):
            end = f"revoked {token.revoked_at:%Y-%m-%d}" if token.revoked_at else f"until {token.expires_at:%Y-%m-%d}"
            used = f"used {token.used_at:%Y-%m-%d %H:%M}" if token.used_at else "never used"
            click.echo(f"{token.id:<18} {token.name:<24} {end}, {used}: {' '.join(token.scopes)}")


@tokens.command()
@click.argument("tenant")
@click.argument("number", type=int)
def revoke(tenant: str, number: int) -> None:
    """Let a token be worth nothing from now on."""
    from cityinfo.features import tokens
    from cityinfo.kernel.facts import Actor

    with opened_database() as database, database.unit_of_work(tenant_id(database, tenant), write=True) as db:
        tokens.revoke(db, number, actor=Actor("terminal"))

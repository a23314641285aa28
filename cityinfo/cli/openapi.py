"""The description of the API."""

from __future__ import annotations

import click


@click.command()
def openapi() -> None:
    """Print the description of `/api/v1` (OpenAPI 3.1, JSON)."""
    import orjson

    from cityinfo.app import create_app
    from cityinfo.settings import Settings

    app = create_app(Settings.from_environment())
    click.echo(orjson.dumps(app.extensions["openapi"](), option=orjson.OPT_INDENT_2).decode())

"""`cityinfo settings`: what can be chosen, and what is."""

from __future__ import annotations

import click

from cityinfo.settings import Settings, described, shown


@click.command()
def settings() -> None:
    """Show every setting: its name, the value in force and what it is for."""
    in_force = dict(shown(Settings.from_environment()))
    for name, _default, help_text in described():
        click.echo(f"{name}={in_force[name]}")
        click.echo(f"    {help_text}")

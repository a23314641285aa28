"""The terminal: `cityinfo --help`. Bad input ends with one clear line and a status that is not zero."""

from __future__ import annotations

import errno
from typing import NoReturn

import click

from cityinfo.kernel.errors import Problem

from . import (
    audit,
    calendars,
    cloning,
    closing,
    db,
    demo,
    importer,
    location_importer,
    moving,
    municipalities,
    openapi,
    opening,
    published,
    serve,
    settings,
    tenants,
    tokens,
    translations,
    upstream,
    users,
    webhooks,
    worker,
)

# Modules are imported when `cityinfo` starts, so they import features and libraries inside their commands.
COMMANDS: tuple[click.Command, ...] = (
    serve.serve,
    serve.web,
    worker.worker,
    settings.settings,
    db.db,
    demo.demo,
    importer.importing,
    tenants.tenants,
    upstream.templates,
    municipalities.municipalities,
    calendars.calendars,
    users.users,
    tokens.tokens,
    published.published,
    audit.audit,
    webhooks.webhooks,
    openapi.openapi,
    translations.translations,
)
importer.importing.add_command(location_importer.locations)
tenants.tenants.add_command(cloning.clone)
tenants.tenants.add_command(cloning.undo_clone)
tenants.tenants.add_command(closing.delete_tenant)
tenants.tenants.add_command(closing.restore_tenant)
tenants.tenants.add_command(moving.move_in)
tenants.tenants.add_command(moving.switch)
tenants.tenants.add_command(opening.facts)
tenants.tenants.add_command(opening.live)


class Refused(click.ClickException):
    """One line for a person, on stderr."""

    def show(self, file: object = None) -> None:  # noqa: ARG002 - the signature is click's
        click.echo(f"error: {self.message}", err=True)


class Misused(Refused):
    """The command line itself was wrong."""

    exit_code = 2


class CommandLine(click.Group):
    """Turns what goes wrong into one line; with `--debug` the traceback stays."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            raise Misused(_usage(error)) from None
        except Exception as error:
            if ctx.params["debug"]:
                raise
            _refuse(error)


@click.group(cls=CommandLine, commands=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback when something goes wrong.")
@click.version_option(package_name="cityinfo", message="%(prog)s %(version)s")
def main(*, debug: bool) -> None:
    """City information for newcomers: one service, many municipalities, every language."""


def _usage(error: click.UsageError) -> str:
    path = error.ctx.command_path if error.ctx else "cityinfo"
    return f"{error.format_message()} See: {path} --help"


def _refuse(error: Exception) -> NoReturn:
    message = _in_one_line(error)
    if message is None:
        raise error
    raise Refused(message) from error


def _in_one_line(error: Exception) -> str | None:
    """What a person can act on; None for what only a programmer can."""
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    if isinstance(error, Problem):
        return error.message
    if isinstance(error, DBAPIError):
        return f"The database refused: {_first_line(error.orig)}"  # the whole would show the values that were sent
    if isinstance(error, SQLAlchemyError):
        return f"The database cannot be used: {_first_line(error)}"
    if isinstance(error, OSError) and error.errno != errno.EPIPE:  # click ends quietly when the reader has gone
        return ": ".join(part for part in (error.strerror or str(error), error.filename) if part)
    return None


def _first_line(error: object) -> str:
    return str(error).strip().partition("\n")[0]

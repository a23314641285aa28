"""What the log looks like, and what never reaches it. Everything else logs with the standard library."""

from __future__ import annotations

import logging
import re
import sys
from contextlib import AbstractContextManager
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say
from cityinfo.settings import Settings

HIDDEN = "(hidden)"

_SECRET = re.compile(r"password|token|authorization|secret|cookie|key", re.IGNORECASE)
_WHAT_PEOPLE_SENT = frozenset({"args", "body", "data", "form", "json", "payload", "query", "query_string"})
_QUERY = re.compile(r"(?<=[\w/.%~-])\?[^\s\"'<>]*=[^\s\"'<>]*")
_CHATTY = ("alembic", "httpx", "huey", "werkzeug")


def configure(settings: Settings) -> None:
    """Send all logging to stderr: JSON lines in production, readable text in development. Safe to repeat."""
    shared = _shared_processors()
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(shared, readable=not settings.production))
    logging.basicConfig(handlers=[handler], level=_level(settings.log_level), force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))


def about(**facts: object) -> AbstractContextManager[None]:
    """Everything logged inside carries these facts: `request_id`, `tenant`, `job`."""
    return structlog.contextvars.bound_contextvars(**facts)


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Cover the values of keys that look like secrets, at any depth."""
    return {key: HIDDEN if _SECRET.search(key) else _without_secrets(value) for key, value in event.items()}


def drop_what_people_sent(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Leave out bodies and query strings: they hold searches, feedback and addresses of people."""
    return {key: _without_query(value) for key, value in event.items() if key not in _WHAT_PEOPLE_SENT}


def _shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        drop_what_people_sent,
        hide_secrets,
    ]


def _formatter(shared: list[Processor], *, readable: bool) -> logging.Formatter:
    # Tracebacks are text without local variables: those hold what people wrote.
    renderers: list[Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback, colors=sys.stderr.isatty())]
        if readable
        else [
            structlog.processors.format_exc_info,
            drop_what_people_sent,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
    )


def _level(name: str) -> int:
    levels = logging.getLevelNamesMapping()
    if name.upper() not in levels:
        raise Invalid(
            "settings.log_level",
            say("CITYINFO_LOG_LEVEL is {name}; choose DEBUG, INFO, WARNING or ERROR.", name=f"{name!r}"),
        )
    return levels[name.upper()]


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: HIDDEN if _SECRET.search(str(key)) else _without_secrets(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_secrets(inner) for inner in value]
    return value


def _without_query(value: Any) -> Any:
    return _QUERY.sub("", value) if isinstance(value, str) else value

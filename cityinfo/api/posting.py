"""What readers send, through whichever face: found out for whom it is, limited in size, kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import current_app, request

from cityinfo.features import feedback, tenants
from cityinfo.kernel.db import NO_TENANT, Database
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import say
from cityinfo.web.visitors import client_address

MOST_BYTES = 100_000


def find_tenant(tenant: str, language: str) -> int:
    """The city that speaks this language; `NotFound` otherwise."""
    with _database().unit_of_work(NO_TENANT) as db:
        found = tenants.find(db, tenant)
        if language.lower() not in found.active_languages:
            raise NotFound(
                "language.unknown", say("This city does not speak “{language}” here.", language=language[:50])
            )
        return found.id


def send_feedback(tenant: str, language: str, said: Mapping[str, Any]) -> str:
    """Keep what a reader says, in the words of `feedback.Message`; returns the ticket."""
    message = feedback.Message(**said)
    settings = current_app.config["SETTINGS"]
    with _database().unit_of_work(find_tenant(tenant, language), write=True, numbered=False) as db:
        keep = timedelta(days=settings.feedback_days)
        return feedback.send(db, message, language=language.lower(), address=client_address(), keep=keep)


def find_feedback(tenant: str, language: str, ticket: str) -> feedback.Feedback:
    """What the reader with this ticket sent; `NotFound` otherwise."""
    with _database().unit_of_work(find_tenant(tenant, language)) as db:
        return feedback.by_ticket(db, ticket)


def limit_size() -> None:
    """Refuse what is larger than any form or comment, before it is read."""
    request.max_content_length = MOST_BYTES
    request.max_form_memory_size = MOST_BYTES


def _database() -> Database:
    database: Database = current_app.extensions["database"]
    return database

"""Feedback: what readers tell a city, and its reply."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import Response, current_app, request
from marshmallow import fields, validate

from cityinfo.api.http import json_bytes
from cityinfo.api.posting import find_feedback, limit_size, send_feedback
from cityinfo.features import feedback
from cityinfo.web.limits import address, limited

from .operations import Body, operation, section

blueprint = section("Feedback", "Tell a city what is missing, and read its reply with the ticket.")
blueprint.before_request(limit_size)


class FeedbackSchema(Body):
    """What a reader says. A rating, a comment or a query is needed."""

    topic = fields.String(
        required=True, validate=validate.OneOf(list(feedback.TOPICS)), metadata={"description": "About what."}
    )
    slug = fields.String(
        load_default="",
        validate=validate.Length(max=1000),
        metadata={"description": "Of the one page, event or the like it is about.", "example": "arbeitsuche"},
    )
    rating = fields.String(load_default="", validate=validate.OneOf(feedback.RATINGS))
    comment = fields.String(load_default="", metadata={"description": "Plain text."})
    contact = fields.String(load_default="", metadata={"description": "Where to answer, if not here."})
    query = fields.String(load_default="", metadata={"description": "What was searched for."})
    technical = fields.Boolean(
        load_default=False, metadata={"description": "About the app itself, not about what the city tells."}
    )
    rule: ClassVar = {
        "anyOf": [{"required": [one], "properties": {one: {"minLength": 1}}} for one in ("rating", "comment", "query")]
    }


class TicketSchema(Body):
    """How to find the reply."""

    ticket = fields.String(required=True, metadata={"description": "Keep it: it is told only once."})


class ReplySchema(Body):
    """What became of feedback."""

    sent_at = fields.DateTime(required=True)
    delete_at = fields.DateTime(required=True, metadata={"description": "When it is deleted, the reply with it."})
    reply = fields.String(required=True, allow_none=True, metadata={"description": "Plain text."})
    replied_at = fields.DateTime(required=True, allow_none=True)


@operation(blueprint, "/tenants/<tenant>/<language>/feedback", answer=TicketSchema, body=FeedbackSchema)
@limited("30/minute", by=address)
def send_feedback_to_city(said: dict[str, Any], tenant: str, language: str) -> Response:
    """Send feedback.

    At most ten within ten minutes.
    """
    return _unstored({"ticket": send_feedback(tenant, language, said)}, status=201)


@operation(blueprint, "/tenants/<tenant>/<language>/feedback/<ticket>", answer=ReplySchema)
def get_reply(tenant: str, language: str, ticket: str) -> Response:
    """Read the reply to feedback."""
    found = find_feedback(tenant, language, ticket)
    body = {
        "sent_at": found.created_at,
        "delete_at": found.delete_at,
        "reply": found.reply or None,
        "replied_at": found.replied_at,
    }
    response = _unstored(body)
    response.add_etag()
    response.make_conditional(request)
    return response


def _unstored(body: dict[str, Any], *, status: int = 200) -> Response:
    """For one reader alone: no cache keeps it."""
    response = current_app.response_class(json_bytes(body), status=status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response

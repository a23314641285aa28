"""What readers told the city: reading, replying, passing on, putting away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from cityinfo.api.v1.operations import Body
from cityinfo.features import feedback

from .drafts import list_schema
from .editing import Editing, Outcome, editing, record, section
from .entries import HERE
from .lists import NewestFirst, portion
from .values import Choice, Sent

blueprint = section("Editing: feedback", "What readers told the city, and its reply.")
ONE = f"{HERE}/feedback/<int:feedback_id>"
FACTS = (
    *("id", "created_at", "delete_at", "language", "topic", "entry_id", "subject", "rating", "comment", "contact"),
    *("query", "technical", "spam_score", "reply", "replied_at", "replied_by", "read_at", "read_by", "archived_at"),
    *("forwarded_at", "forwarded_to"),
)


class FeedbackDetailSchema(Body):
    """Feedback with what became of it."""

    id = fields.Integer(required=True)
    created_at = fields.DateTime(required=True)
    delete_at = fields.DateTime(required=True)
    language = fields.String(required=True, metadata={"example": "ar"})
    topic = fields.String(required=True, metadata={"example": "page"})
    entry_id = fields.Integer(required=True, allow_none=True)
    subject = fields.String(required=True, metadata={"description": "Slug of the one it is about."})
    rating = fields.String(required=True, metadata={"description": "`up`, `down` or empty."})
    comment = fields.String(required=True)
    contact = fields.String(required=True, metadata={"description": "Where the reader would like an answer."})
    query = fields.String(required=True)
    technical = fields.Boolean(required=True)
    spam_score = fields.Integer(required=True, metadata={"description": f"From {feedback.SPAM} on taken for spam."})
    reply = fields.String(required=True)
    replied_at = fields.DateTime(required=True, allow_none=True)
    replied_by = fields.String(required=True)
    read_at = fields.DateTime(required=True, allow_none=True)
    read_by = fields.String(required=True)
    archived_at = fields.DateTime(required=True, allow_none=True)
    forwarded_at = fields.DateTime(required=True, allow_none=True)
    forwarded_to = fields.String(required=True)


class FeedbackFilter(NewestFirst):
    """Which feedback."""

    topic = Choice("", *feedback.TOPICS, load_default="")
    archived = Choice("no", "yes", load_default="no")
    spam = Choice("no", "yes", "both", load_default="no")
    technical = Choice("no", "yes", "both", load_default="both")


class AnswerSchema(Sent):
    """What the reader will find with the ticket."""

    words = fields.String(
        required=True, validate=validate.Length(min=1, max=10_000), metadata={"example": "Am Markt 1."}
    )


class ForwardingSchema(Sent):
    """Whom it was passed on to."""

    to = fields.String(
        required=True,
        validate=validate.Length(min=1, max=200),
        metadata={"description": "An e-mail address.", "format": "email", "example": "caritas@example.org"},
    )


FeedbackDetailList = list_schema(FeedbackDetailSchema, "FeedbackDetailList")
_ASKED = {"no": False, "yes": True, "both": None}


@editing(blueprint, f"{HERE}/feedback", needs=["feedback:read"], answer=FeedbackDetailList, query=FeedbackFilter)
def list_feedback(editor: Editing, query: Mapping[str, Any]) -> Outcome:
    """List feedback, newest first."""
    wanted = {name: _ASKED[query[name]] for name in ("spam", "technical")}
    archived = query["archived"] == "yes"

    def read(before: int | None, most: int) -> Any:
        return feedback.listed(editor.db, topic=query["topic"], archived=archived, before=before, most=most, **wanted)

    return portion(read, _written, query)


@editing(blueprint, f"{HERE}/feedback.csv", needs=["feedback:read"], answer="text/csv", name="exportFeedback")
def export_feedback(editor: Editing) -> Outcome:
    """Export all feedback that is not archived, as a table. Readers' own addresses stay here."""
    table = feedback.as_csv(feedback.listed(editor.db))
    return Outcome(table, content_type="text/csv; charset=utf-8")


@editing(blueprint, ONE, needs=["feedback:read"], answer=FeedbackDetailSchema)
def get_feedback(editor: Editing, feedback_id: int) -> Outcome:
    """Read one piece of feedback."""
    return record(_written(feedback.find(editor.db, feedback_id)))


def _step(verb: str, rule: str, *, name: str, body: type[Sent] | None = None) -> Any:
    return editing(
        blueprint,
        f"{ONE}/{rule}",
        method="POST",
        needs=[f"feedback:{verb}"],
        body=body,
        answer=FeedbackDetailSchema,
        if_match=True,
        name=name,
    )


@_step("edit", "reply", name="replyToFeedback", body=AnswerSchema)
def reply(editor: Editing, body: Mapping[str, Any], feedback_id: int) -> Outcome:
    """Reply. The reader finds it with the ticket; a later reply takes the place of an earlier one."""
    _compare(editor, feedback_id, body)
    feedback.reply(editor.db, feedback_id, body["words"], actor=editor.actor)
    return record(_written(feedback.find(editor.db, feedback_id)))


@_step("edit", "forward", name="forwardFeedback", body=ForwardingSchema)
def forward(editor: Editing, body: Mapping[str, Any], feedback_id: int) -> Outcome:
    """Note that someone else has been told."""
    _compare(editor, feedback_id, body)
    feedback.forward(editor.db, feedback_id, to=body["to"], actor=editor.actor)
    return record(_written(feedback.find(editor.db, feedback_id)))


@_step("edit", "read", name="markFeedbackRead")
def mark_read(editor: Editing, feedback_id: int) -> Outcome:
    """Note that someone has looked at it."""
    _compare(editor, feedback_id, {})
    feedback.mark_read(editor.db, feedback_id, actor=editor.actor)
    return record(_written(feedback.find(editor.db, feedback_id)))


@_step("archive", "archive", name="archiveFeedback")
def archive(editor: Editing, feedback_id: int) -> Outcome:
    """Put it out of the way."""
    _compare(editor, feedback_id, {})
    feedback.archive(editor.db, feedback_id, actor=editor.actor)
    return record(_written(feedback.find(editor.db, feedback_id)))


@_step("archive", "restore", name="restoreFeedback")
def restore(editor: Editing, feedback_id: int) -> Outcome:
    """Bring it back into the list."""
    _compare(editor, feedback_id, {})
    feedback.restore(editor.db, feedback_id, actor=editor.actor)
    return record(_written(feedback.find(editor.db, feedback_id)))


def _compare(editor: Editing, feedback_id: int, yours: Mapping[str, Any]) -> None:
    editor.compare(_written(feedback.find(editor.db, feedback_id)), yours)


def _written(row: feedback.Feedback) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FACTS}

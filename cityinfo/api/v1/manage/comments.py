"""Comments on texts of whatever kind: what colleagues say to each other before readers see anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from cityinfo.api.v1.operations import Body, Query
from cityinfo.features import comments
from cityinfo.features.comments import Comment, CommentDraft, Conversation, Passage, Thread
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import say

from .editing import Editing, Outcome, editing, record, section
from .entries import all_needing, opened
from .lists import whole_list
from .texts import TEXT
from .values import Choice, Line, Sent

blueprint = section("Editing: comments", "What colleagues say to each other about a text. Readers never see it.")
HERE = f"{TEXT}/comments"
ONE = f"{HERE}/<int:comment_id>"
_ASKED = {"open": False, "resolved": True, "all": None}


class WordsOfCommentSchema(Sent):
    """What someone says, in plain text."""

    words = fields.String(
        required=True,
        validate=validate.Length(min=1, max=comments.MOST_WORDS),
        metadata={"description": "`@` and a colleague's whole name sends them a letter.", "example": "Stimmt das?"},
    )
    mentions = fields.List(
        Line(100),
        load_default=list,
        validate=validate.Length(max=50),
        metadata={"description": "Colleagues it is meant for, as `author` names them.", "example": []},
    )


class CommentDraftSchema(WordsOfCommentSchema):
    """What someone says about a text, or about a passage of it."""

    quote = Line(
        comments.MOST_QUOTE,
        load_default="",
        metadata={"description": "Words of the text; empty for the whole of it.", "example": "am Montag"},
    )
    before = Line(200, load_default="", metadata={"description": "What stands right before them.", "example": "auf"})
    after = Line(200, load_default="", metadata={"description": "What stands right after them.", "example": "um acht"})


class CommentFilter(Query):
    """Which threads."""

    state = Choice(*_ASKED, load_default="open")


class CommentSchema(Body):
    """What someone said."""

    id = fields.Integer(required=True)
    author = fields.String(required=True, metadata={"example": "person:52776558133248"})
    words = fields.String(required=True, metadata={"description": "Plain text."})
    created_at = fields.DateTime(required=True)
    changed_at = fields.DateTime(required=True, allow_none=True)
    mentions = fields.List(fields.String(), required=True)


class ThreadSchema(Body):
    """A comment with its answers, under the identity of the comment that opened it."""

    id = fields.Integer(required=True)
    quote = fields.String(required=True, metadata={"description": "The passage; empty for the whole text."})
    before = fields.String(required=True)
    after = fields.String(required=True)
    stands = fields.Boolean(
        required=True, metadata={"description": "False when the newest version no longer has the passage."}
    )
    resolved_at = fields.DateTime(required=True, allow_none=True)
    resolved_by = fields.String(required=True)
    comments = fields.List(fields.Nested(CommentSchema), required=True)


ThreadList = whole_list(ThreadSchema, "ThreadList")


@editing(blueprint, HERE, needs=all_needing("comment"), answer=ThreadList, query=CommentFilter)
def list_comments(editor: Editing, query: Mapping[str, Any], kind: str, entry_id: int, language: str) -> Outcome:
    """List what is said about a text, oldest first."""
    opened(editor, "comment", kind, entry_id)
    found = comments.conversations(editor.db, entry_id, language, resolved=_ASKED[query["state"]])
    return Outcome({"items": [_written(one) for one in found]})


@editing(
    blueprint,
    HERE,
    method="POST",
    needs=all_needing("comment"),
    body=CommentDraftSchema,
    answer=ThreadSchema,
    status=201,
    name="writeComment",
)
def write(editor: Editing, body: Mapping[str, Any], kind: str, entry_id: int, language: str) -> Outcome:
    """Say something about a text, or about a passage of it."""
    opened(editor, "comment", kind, entry_id)
    passage = Passage(body["quote"], body["before"], body["after"])
    made = comments.write(editor.db, entry_id, language, _draft(body), passage=passage, actor=editor.actor)
    location = f"/api/v1/manage/{editor.tenant}/{kind}/{entry_id}/texts/{language}/comments/{made.id}"
    return record(_now(editor, made), status=201, location=location)


@editing(blueprint, ONE, needs=all_needing("comment"), answer=ThreadSchema)
def get_comment(editor: Editing, kind: str, entry_id: int, language: str, comment_id: int) -> Outcome:
    """Read a comment with its answers, by the identity of any of them."""
    return record(_now(editor, _thread(editor, kind, entry_id, language, comment_id)))


@editing(
    blueprint,
    f"{ONE}/answers",
    method="POST",
    needs=all_needing("comment"),
    body=WordsOfCommentSchema,
    answer=ThreadSchema,
    status=201,
    name="answerComment",
)
def answer(
    editor: Editing, body: Mapping[str, Any], kind: str, entry_id: int, language: str, comment_id: int
) -> Outcome:
    """Answer. What was resolved is open again then."""
    thread = _thread(editor, kind, entry_id, language, comment_id)
    comments.answer(editor.db, thread.id, _draft(body), actor=editor.actor)
    return record(_now(editor, thread), status=201)


@editing(
    blueprint,
    ONE,
    method="PATCH",
    needs=all_needing("comment"),
    body=WordsOfCommentSchema,
    answer=ThreadSchema,
    if_match=True,
    name="changeComment",
)
def change(
    editor: Editing, body: Mapping[str, Any], kind: str, entry_id: int, language: str, comment_id: int
) -> Outcome:
    """Say your own comment in other words."""
    thread = _seen(editor, kind, entry_id, language, comment_id)
    comments.change(editor.db, comment_id, _draft(body), actor=editor.actor)
    return record(_now(editor, thread))


@editing(
    blueprint,
    ONE,
    method="DELETE",
    needs=all_needing("comment"),
    answer=None,
    status=204,
    if_match=True,
    name="deleteComment",
)
def delete(editor: Editing, kind: str, entry_id: int, language: str, comment_id: int) -> Outcome:
    """Take your own comment back. Answers of others stay."""
    _seen(editor, kind, entry_id, language, comment_id)
    comments.delete(editor.db, comment_id, actor=editor.actor)
    return Outcome()


def _step(rule: str, name: str) -> Any:
    return editing(
        blueprint,
        f"{ONE}/{rule}",
        method="POST",
        needs=all_needing("comment"),
        answer=ThreadSchema,
        if_match=True,
        name=name,
    )


@_step("resolve", "resolveComment")
def resolve(editor: Editing, kind: str, entry_id: int, language: str, comment_id: int) -> Outcome:
    """Note that it has been dealt with."""
    thread = _seen(editor, kind, entry_id, language, comment_id)
    comments.resolve(editor.db, thread.id, actor=editor.actor)
    return record(_now(editor, thread))


@_step("reopen", "reopenComment")
def reopen(editor: Editing, kind: str, entry_id: int, language: str, comment_id: int) -> Outcome:
    """Note that it has not been dealt with."""
    thread = _seen(editor, kind, entry_id, language, comment_id)
    comments.reopen(editor.db, thread.id, actor=editor.actor)
    return record(_now(editor, thread))


def _thread(editor: Editing, kind: str, entry_id: int, language: str, comment_id: int) -> Thread:
    opened(editor, "comment", kind, entry_id)
    thread = comments.find_thread(editor.db, comments.find(editor.db, comment_id).thread_id)
    if (thread.entry_id, thread.language) != (entry_id, language):
        raise NotFound("comment.unknown", say("There is no comment {comment_id}.", comment_id=comment_id))
    return thread


def _seen(editor: Editing, kind: str, entry_id: int, language: str, comment_id: int) -> Thread:
    """The thread, when nothing in it has changed since the caller looked."""
    thread = _thread(editor, kind, entry_id, language, comment_id)
    editor.compare(_now(editor, thread))
    return thread


def _draft(body: Mapping[str, Any]) -> CommentDraft:
    return CommentDraft(words=body["words"], mentions=body["mentions"])


def _now(editor: Editing, thread: Thread) -> dict[str, Any]:
    return _written(comments.conversation(editor.db, thread))


def _written(one: Conversation) -> dict[str, Any]:
    thread = one.thread
    return {
        "id": thread.id,
        "quote": thread.quote,
        "before": thread.words_before,
        "after": thread.words_after,
        "stands": one.stands,
        "resolved_at": thread.resolved_at,
        "resolved_by": thread.resolved_by,
        "comments": [_said(comment, one) for comment in one.comments],
    }


def _said(comment: Comment, within: Conversation) -> dict[str, Any]:
    names = ("id", "author", "words", "created_at", "changed_at")
    return {**{name: getattr(comment, name) for name in names}, "mentions": sorted(within.mentions.get(comment.id, ()))}

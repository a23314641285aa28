"""Texts of entries of whatever kind: saving, review, publishing, versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from cityinfo.api.v1.operations import Body
from cityinfo.features import content
from cityinfo.features.content import TextDraft
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import say

from .drafts import (
    EntryHeadSchema,
    TextWithAutosaveSchema,
    VersionHeadSchema,
    VersionSchema,
    text_outcome,
    written_version,
    written_versions,
)
from .editing import Editing, Outcome, editing
from .entries import HERE, LANGUAGE, FirstWordsSchema, all_needing, entry_action, head_outcome, opened, shared
from .kinds import Kind, kind_at
from .tags import tag_of
from .values import Flag, Identity, Line, Moment, Sent

TEXT = f"{HERE}/<kind>/<int:entry_id>/texts/<language>"


class WordsSchema(FirstWordsSchema):
    """What a text should say."""

    based_on = Identity(
        load_default=None,
        allow_none=True,
        metadata={"description": "The version of the source language you were shown; left out, as before."},
    )
    minor = Flag(load_default=False, metadata={"description": "Outdates no translation."})


class StillCorrectSchema(Sent):
    """A translation still says what its source says."""

    shown = Identity(required=True, metadata={"description": "The version of the source you compared it with."})


class SubmissionSchema(Sent):
    """Who should look at a text, and what to tell them."""

    message = Line(2_000, load_default="", metadata={"example": "Bitte die Öffnungszeiten prüfen."})
    assignee = Line(200, load_default="", metadata={"description": "As `author` of a version names them."})


class ReasonSchema(Sent):
    """Why something cannot be taken as it is."""

    reason = fields.String(
        required=True, validate=validate.Length(min=1, max=2_000), metadata={"example": "Bitte kürzer."}
    )


class ScheduleSchema(Sent):
    """When a text is published and taken offline by itself; null clears a moment."""

    publish_at = Moment(load_default=None, allow_none=True, metadata={"example": "2027-05-01T08:00:00+02:00"})
    offline_at = Moment(load_default=None, allow_none=True)


class LanguagesSchema(Sent):
    """Exactly these languages."""

    languages = fields.List(
        fields.String(validate=LANGUAGE),
        required=True,
        validate=validate.Length(min=1, max=100),
        metadata={"example": ["en"]},
    )


class MinorSchema(Sent):
    """How a version comes back."""

    minor = Flag(load_default=False, metadata={"description": "Outdates no translation."})


class VersionListSchema(Body):
    """All versions of a text, newest first."""

    items = fields.List(fields.Nested(VersionHeadSchema), required=True)


@editing(shared, TEXT, needs=all_needing("read"), answer=TextWithAutosaveSchema, name="getText")
def get_text(editor: Editing, kind: str, entry_id: int, language: str) -> Outcome:
    """Read a text: what editors see, what readers see, and your own unsaved words."""
    one = opened(editor, "read", kind, entry_id)
    return text_outcome(editor, one, entry_id, language)


@editing(
    shared,
    TEXT,
    method="PUT",
    needs=all_needing("write", "translate"),
    body=WordsSchema,
    answer=TextWithAutosaveSchema,
    if_match=True,
    name="saveText",
)
def save_text(editor: Editing, body: Mapping[str, Any], kind: str, entry_id: int, language: str) -> Outcome:
    """Save a new version of a text, the first one included. Readers see it once it is published.

    When someone saved in between, the answer is 412 with their words and yours; yours are kept as your `autosave`.
    """
    one = opened(editor, "write", kind, entry_id, language)
    draft = TextDraft(**body, revision=editor.seen.text(language))
    editor.rejected = lambda anew: _both_texts(anew, one, entry_id, language, draft)
    one.save_text(editor.db, entry_id, language, draft, actor=editor.actor)
    return text_outcome(editor, one, entry_id, language)


def text_action(verbs: str, rule: str, *, name: str, body: type[Sent] | None = None, also: tuple[int, ...] = ()) -> Any:
    """Declare a change of a text under an address below its own."""
    return editing(
        shared,
        f"{TEXT}/{rule}",
        method="POST",
        needs=all_needing(*verbs.split()),
        body=body,
        answer=TextWithAutosaveSchema,
        if_match=True,
        name=name,
        also=also,
    )


@text_action("publish", "publish", name="publishText", also=(202,))
def publish_text(editor: Editing, kind: str, entry_id: int, language: str) -> Outcome:
    """Show the newest version to readers; this approves what was submitted.

    With a token whose changes go to review it is submitted instead, and the answer is 202.
    """
    one = opened(editor, editor.publishes, kind, entry_id, language)
    return published(editor, one, entry_id, language, revision=editor.seen.text(language))


def published(editor: Editing, kind: Kind, entry_id: int, language: str, *, revision: int) -> Outcome:
    """The text published, or submitted where what the caller changes goes to review."""
    text = content.publish_text(editor.db, entry_id, language, revision=revision, actor=editor.actor)
    outcome = text_outcome(editor, kind, entry_id, language)
    waits = editor.actor.reviewed and text.review_state == content.REQUESTED
    return Outcome(outcome.body, outcome.tag, 202 if waits else 200)


@text_action("write translate", "confirm", name="confirmText", body=StillCorrectSchema)
def confirm_text(editor: Editing, body: Mapping[str, Any], kind: str, entry_id: int, language: str) -> Outcome:
    """Say that a translation still says what its source says."""
    one = opened(editor, "write", kind, entry_id, language)
    content.confirm_text(editor.db, entry_id, language, shown=body["shown"], **editor.text(language))
    return text_outcome(editor, one, entry_id, language)


@text_action("write translate", "submit", name="submitText", body=SubmissionSchema)
def submit_text(editor: Editing, body: Mapping[str, Any], kind: str, entry_id: int, language: str) -> Outcome:
    """Ask a colleague to look at a text before it is published."""
    one = opened(editor, "write", kind, entry_id, language)
    content.submit_text(editor.db, entry_id, language, **body, **editor.text(language))
    return text_outcome(editor, one, entry_id, language)


@text_action("publish", "return", name="returnText", body=ReasonSchema)
def return_text(editor: Editing, body: Mapping[str, Any], kind: str, entry_id: int, language: str) -> Outcome:
    """Give a submitted text back to its author, saying why."""
    one = opened(editor, "publish", kind, entry_id, language)
    content.return_text(editor.db, entry_id, language, reason=body["reason"], **editor.text(language))
    return text_outcome(editor, one, entry_id, language)


@text_action("publish", "schedule", name="scheduleText", body=ScheduleSchema)
def schedule_text(editor: Editing, body: Mapping[str, Any], kind: str, entry_id: int, language: str) -> Outcome:
    """Choose the moments at which a text is published and taken offline by itself."""
    one = opened(editor, "publish", kind, entry_id, language)
    content.schedule_text(editor.db, entry_id, language, **body, **editor.text(language))
    return text_outcome(editor, one, entry_id, language)


@entry_action("publish", "offline", name="takeOffline", body=LanguagesSchema, answer=EntryHeadSchema)
def take_offline(editor: Editing, body: Mapping[str, Any], kind: str, entry_id: int) -> Outcome:
    """Take the texts in exactly these languages out of public sight."""
    one = kind_at(kind)
    for language in body["languages"]:
        opened(editor, "publish", kind, entry_id, language)
        content.text_at(editor.db, entry_id, language, editor.seen.text(language))
    content.take_offline(editor.db, entry_id, body["languages"], actor=editor.actor)
    return head_outcome(editor, one, entry_id)


@editing(shared, f"{TEXT}/versions", needs=all_needing("read"), answer=VersionListSchema, name="listVersions")
def list_versions(editor: Editing, kind: str, entry_id: int, language: str) -> Outcome:
    """List the versions of a text, newest first."""
    opened(editor, "read", kind, entry_id)
    content.find_text(editor.db, entry_id, language)
    return Outcome({"items": written_versions(content.versions(editor.db, entry_id, language))})


@editing(
    shared, f"{TEXT}/versions/<int:version_id>", needs=all_needing("read"), answer=VersionSchema, name="getVersion"
)
def get_version(editor: Editing, kind: str, entry_id: int, language: str, version_id: int) -> Outcome:
    """Read what a text said in a version."""
    opened(editor, "read", kind, entry_id)
    text = content.find_text(editor.db, entry_id, language)
    version = content.version(editor.db, version_id)
    if version is None or version.text_id != text.id:
        raise NotFound(
            "version.unknown", say("Version {version_id} is no version of this text.", version_id=version_id)
        )
    return Outcome(written_version(version))


@text_action("write translate", "versions/<int:version_id>/restore", name="restoreVersion", body=MinorSchema)
def restore_version(
    editor: Editing, body: Mapping[str, Any], kind: str, entry_id: int, language: str, version_id: int
) -> Outcome:
    """Let a text say again what an earlier version said, as a new version."""
    one = opened(editor, "write", kind, entry_id, language)
    content.restore_version(editor.db, entry_id, language, version_id, minor=body["minor"], **editor.text(language))
    return text_outcome(editor, one, entry_id, language)


def _both_texts(editor: Editing, kind: Kind, entry_id: int, language: str, draft: TextDraft) -> dict[str, Any]:
    """What both sides have; the caller's words are kept for them."""
    content.autosave(editor.db, entry_id, language, draft, actor=editor.actor)
    text = content.text_of(editor.db, entry_id, language)
    current = content.version(editor.db, text.current_version_id) if text else None
    now = content.draft(editor.db, kind.content_type, entry_id)
    theirs = {"revision": text.revision if text else 0, "etag": tag_of(now)}
    names = ("title", "content", "author", "changed_at")
    theirs |= {name: getattr(current, name) if current else None for name in names}
    yours = {"title": draft.title, "content": draft.content, "revision": draft.revision}
    return {"yours": yours, "theirs": theirs}

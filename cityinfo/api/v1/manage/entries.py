"""What every kind of content can do, declared once: lists, single entries, creating, changing facts, archiving."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from cityinfo.api.v1.operations import Body, Paged, limit
from cityinfo.features import content, organizations, tenants
from cityinfo.features.content import Search, Stage, State, TextDraft
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say
from cityinfo.web.request import rights_of

from .drafts import (
    EntryHeadSchema,
    entry_outcome,
    entry_schema,
    list_schema,
    written_facts,
    written_head,
)
from .editing import Editing, Outcome, editing, section
from .kinds import Kind, kind_at
from .tags import tag_of
from .values import Choice, Line, Sent

HERE = "/manage/<tenant>"
LANGUAGE = validate.Length(min=1, max=20)


class FirstWordsSchema(Sent):
    """The first words of an entry in a language."""

    title = Line(content.MOST_TITLE, required=True, metadata={"example": "Arbeitsuche"})
    content = Line(content.MOST_CONTENT, load_default="", metadata={"description": "HTML, sanitised."})
    slug = Line(200, load_default=None, allow_none=True, metadata={"description": "Made from the title when left out."})


class DraftQuery(Paged):
    """Which entries. What is said of texts is asked of the one in `language`, without it of any."""

    q = Line(200, load_default="", metadata={"description": "Part of a title.", "example": "arbeit"})
    language = fields.String(load_default="", validate=validate.Length(max=20), metadata={"example": "en"})
    stage = Choice(*Stage, load_default=None, metadata={"description": "How far on its way to readers."})
    review = Choice("", content.REQUESTED, content.RETURNED, load_default="")
    state = Choice(*State, load_default=None, metadata={"description": "Against its source."})
    archived = Choice("no", "yes", "both", load_default="no")
    cursor = fields.String(
        validate=validate.Regexp("^[0-9]{1,16}$"),
        metadata={"description": "Go on after this place: `cursor` of the answer before."},
    )
    limit = limit(content.MOST_LISTED, default=50)


class UseSchema(Body):
    """Where an entry is named."""

    kind = fields.String(required=True, metadata={"example": "page"})
    id = fields.Integer(required=True)
    role = fields.String(required=True, metadata={"description": "`link`, or what shows it.", "example": "link"})


class UsesSchema(Body):
    """Everything that leads to an entry or shows it."""

    items = fields.List(fields.Nested(UseSchema), required=True)


def operations_of(kind: Kind, description: str) -> Blueprint:
    """The operations of one kind, under a heading of their own."""
    blueprint = section(f"Editing: {kind.plural}", description)
    _declare_reading(blueprint, kind)
    if kind.create is not None:
        _declare_creating(blueprint, kind)
    if kind.change is not None and kind.facts is not None:
        _declare_changing(blueprint, kind)
    _declare_deleting(blueprint, kind)
    return blueprint


def all_needing(*verbs: str) -> list[str]:
    """The permissions to any of these for any kind; which kind it is about is asked behind the door."""
    return [f"{kind}:{verb}" for kind in CONTENT for verb in verbs]


CONTENT = ("page", "event", "location", "contact", "offer", "organization", "media", "news", "imprint")


def _declare_reading(blueprint: Blueprint, kind: Kind) -> None:
    noun = kind.noun.capitalize()
    listed = list_schema(EntryHeadSchema, f"{noun}DraftList")

    @editing(
        blueprint,
        f"{HERE}/{kind.plural}",
        needs=[f"{kind.name}:read"],
        answer=listed,
        query=DraftQuery,
        name=f"list{noun}Drafts",
    )
    def list_drafts(editor: Editing, query: Mapping[str, Any]) -> Outcome:
        """List entries, whether public or not."""
        return _listed(editor, kind, query)

    @editing(
        blueprint,
        f"{HERE}/{kind.plural}/<int:entry_id>",
        needs=[f"{kind.name}:read"],
        answer=entry_schema(kind),
        name=f"get{noun}Draft",
    )
    def get_draft(editor: Editing, entry_id: int) -> Outcome:
        """Read an entry with its facts and all its texts."""
        editor.check("read", kind.name, entry_id=entry_id)
        return entry_outcome(editor, kind, entry_id)


def _declare_creating(blueprint: Blueprint, kind: Kind) -> None:
    create = kind.create
    assert create is not None

    @editing(
        blueprint,
        f"{HERE}/{kind.plural}",
        method="POST",
        needs=[f"{kind.name}:create"],
        body=_creation_schema(kind),
        answer=entry_schema(kind),
        status=201,
        name=f"create{kind.noun.capitalize()}",
    )
    def create_entry(editor: Editing, body: Mapping[str, Any]) -> Outcome:
        """Create an entry, with its first words if there are any. Readers see it once a text is published."""
        entry_id = create(editor.db, body["facts"], editor.actor)
        save_first_words(editor, kind, entry_id, body["texts"])
        location = f"/api/v1/manage/{editor.tenant}/{kind.plural}/{entry_id}"
        return entry_outcome(editor, kind, entry_id, status=201, location=location)


def _declare_changing(blueprint: Blueprint, kind: Kind) -> None:
    change, facts = kind.change, kind.facts
    assert change is not None
    assert facts is not None

    @editing(
        blueprint,
        f"{HERE}/{kind.plural}/<int:entry_id>",
        method="PATCH",
        needs=[f"{kind.name}:edit"],
        body=_change_schema(kind, facts),
        answer=entry_schema(kind),
        if_match=True,
        name=f"change{kind.noun.capitalize()}",
    )
    def change_facts(editor: Editing, body: Mapping[str, Any], entry_id: int) -> Outcome:
        """Change facts of an entry. Those that are not named stay as they are."""
        editor.check("edit", kind.name, entry_id=entry_id)
        content.find_entry(editor.db, entry_id, kind.name)
        editor.rejected = lambda anew: _both_facts(anew, kind, entry_id, body)
        change(editor.db, entry_id, body, **editor.entry)
        return entry_outcome(editor, kind, entry_id)


def _declare_deleting(blueprint: Blueprint, kind: Kind) -> None:
    @editing(
        blueprint,
        f"{HERE}/{kind.plural}/<int:entry_id>",
        method="DELETE",
        needs=[f"{kind.name}:delete"],
        answer=None,
        status=204,
        if_match=True,
        name=f"delete{kind.noun.capitalize()}",
    )
    def delete_entry(editor: Editing, entry_id: int) -> Outcome:
        """Delete an archived entry for good."""
        editor.check("delete", kind.name, entry_id=entry_id)
        content.find_entry(editor.db, entry_id, kind.name)
        kind.delete(editor.db, entry_id, **editor.entry)
        return Outcome()


def save_first_words(editor: Editing, kind: Kind, entry_id: int, texts: Mapping[str, Mapping[str, Any]]) -> None:
    """Words of a new entry, sources before what is translated from them."""
    known = list(tenants.tree(editor.db))
    for language in sorted(texts, key=lambda one: known.index(one) if one in known else len(known)):
        kind.save_text(editor.db, entry_id, language, TextDraft(**texts[language]), actor=editor.actor)


def _change_schema(kind: Kind, facts: type[Sent]) -> Sent:
    members = {"__doc__": "Facts that shall be different; the others stay."}
    change: type[Sent] = type(f"{kind.noun.capitalize()}Change", (facts,), members)
    return change(partial=True)


def _creation_schema(kind: Kind) -> Sent:
    facts = kind.created or kind.facts or Sent
    needed = any(field.required for field in facts().fields.values())
    options: dict[str, Any] = {"required": True} if needed else {"load_default": facts().load({})}
    members: dict[str, Any] = {
        "facts": fields.Nested(facts, metadata={"example": dict(kind.example)}, **options),
        "texts": fields.Dict(
            keys=fields.String(validate=LANGUAGE),
            values=fields.Nested(FirstWordsSchema),
            load_default=dict,
            metadata={"example": {"de": {"title": "Neu", "content": "<p>Guten Tag.</p>"}}},
        ),
        "__doc__": "A new entry: what stands beside its words, and its first words by language.",
    }
    creation: type[Sent] = type(f"{kind.noun.capitalize()}Creation", (Sent,), members)
    return creation()


def _listed(editor: Editing, kind: Kind, query: Mapping[str, Any]) -> Outcome:
    search = Search(
        q=query["q"],
        language=query["language"],
        stage=Stage(query["stage"]) if query["stage"] else None,
        review=query["review"],
        state=State(query["state"]) if query["state"] else None,
        archived={"no": False, "yes": True, "both": None}[query["archived"]],
        among=_reachable(editor, kind),
        after=int(query.get("cursor") or 0),
        most=query["limit"],
    )
    if search.language and search.language not in tenants.tree(editor.db):
        raise Invalid("language.unknown", say("This city does not write in “{language}”.", language=search.language))
    found, after = content.listing(editor.db, kind.content_type, search)
    cursor = None if after is None else str(after)
    return Outcome({"items": [written_head(one) for one in found], "cursor": cursor, "more": after is not None})


def _reachable(editor: Editing, kind: Kind) -> set[int] | None:
    """Entries that someone who sees only those of an organization may see; None when all."""
    confined = rights_of(editor.actor).confined_to(f"{kind.name}:read")
    return None if confined is None else organizations.with_belongings(editor.db, confined)


def _both_facts(editor: Editing, kind: Kind, entry_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    draft = content.draft(editor.db, kind.content_type, entry_id)
    theirs = {"facts": written_facts(kind.read(editor.db, entry_id)), "revision": draft.entry.revision}
    theirs |= {"changed_at": draft.entry.changed_at, "etag": tag_of(draft)}
    return {"yours": {"facts": dict(body)}, "theirs": theirs}


shared = section("Editing: entries", "What is the same for every kind: `kind` is the word in the addresses of lists.")


def entry_action(verb: str, rule: str, *, name: str, body: type[Sent] | None = None, answer: type[Schema]) -> Any:
    """Declare a change of an entry of whatever kind, under its own address."""
    return editing(
        shared,
        f"{HERE}/<kind>/<int:entry_id>/{rule}",
        method="POST",
        needs=all_needing(verb),
        body=body,
        answer=answer,
        if_match=True,
        name=name,
    )


class ArchivedSchema(EntryHeadSchema):
    """The entry as it is now."""


@entry_action("archive", "archive", name="archiveEntry", answer=ArchivedSchema)
def archive(editor: Editing, kind: str, entry_id: int) -> Outcome:
    """Take an entry out of public sight, in all languages."""
    one = opened(editor, "archive", kind, entry_id)
    one.archive(editor.db, entry_id, **editor.entry)
    return head_outcome(editor, one, entry_id)


@entry_action("archive", "restore", name="restoreEntry", answer=ArchivedSchema)
def restore(editor: Editing, kind: str, entry_id: int) -> Outcome:
    """Bring an archived entry back as it was."""
    one = opened(editor, "archive", kind, entry_id)
    one.restore(editor.db, entry_id, **editor.entry)
    return head_outcome(editor, one, entry_id)


@editing(
    shared,
    f"{HERE}/<kind>/<int:entry_id>/uses",
    needs=all_needing("read"),
    answer=UsesSchema,
    name="listUses",
)
def list_uses(editor: Editing, kind: str, entry_id: int) -> Outcome:
    """List what leads to an entry or shows it."""
    opened(editor, "read", kind, entry_id)
    found = content.uses(editor.db, entry_id)
    return Outcome({"items": [{"kind": name, "id": user, "role": role} for name, user, role in found]})


def opened(editor: Editing, verb: str, kind: str, entry_id: int, language: str = "") -> Kind:
    """The kind, when the caller may do this to the entry and it is there."""
    one = kind_at(kind)
    editor.check(verb, one.name, entry_id=entry_id, language=language)
    content.find_entry(editor.db, entry_id, one.name)
    return one


def head_outcome(editor: Editing, kind: Kind, entry_id: int) -> Outcome:
    """The entry as a list shows it, under its tag."""
    draft = content.draft(editor.db, kind.content_type, entry_id)
    return Outcome(written_head(draft), tag_of(draft))

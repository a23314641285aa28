"""Editing pages: the tree, and what stands beside a page's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from marshmallow import fields, validate

from cityinfo.api.v1.operations import Body
from cityinfo.features import pages
from cityinfo.features.pages import PageFacts, Place
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor

from . import entries
from .drafts import EntryHeadSchema
from .editing import Editing, Outcome, editing
from .kinds import Kind, add
from .values import Choice, Flag, Identity, Line, Sent


class PageFactsSchema(Sent):
    """What stands beside a page's words, its place aside."""

    thumbnail = Line(2_000, load_default="", metadata={"description": "Address of a picture."})
    organization = Identity(load_default=None, allow_none=True, metadata={"description": "Who is responsible."})
    embedded_offers = fields.List(
        Line(50),
        load_default=list,
        validate=validate.Length(max=50),
        metadata={"description": "Offers of other systems that apps show on the page, by alias."},
    )
    mirrors = Identity(
        load_default=None, allow_none=True, metadata={"description": "The page whose live text is shown too."}
    )
    mirrored_first = Flag(load_default=False, metadata={"description": "Before the page's own text."})


class PlaceSchema(Sent):
    """Where a page stands."""

    under = Identity(
        load_default=None, allow_none=True, metadata={"description": "Page above; null on the first level."}
    )
    after = Identity(load_default=None, allow_none=True, metadata={"description": "The sibling it stands after."})
    place = Choice(
        "first", "last", load_default="last", metadata={"description": "Among its siblings, without `after`."}
    )


class NewPageSchema(PageFactsSchema, PlaceSchema):
    """The facts of a new page, and where it stands."""


class ShownPageSchema(PageFactsSchema):
    """The facts of a page as they are."""

    under = fields.Integer(required=True, allow_none=True, metadata={"description": "Page above."})


class NodeSchema(Body):
    """A page in the tree, without its words."""

    id = fields.Integer(required=True)
    under = fields.Integer(required=True, allow_none=True, metadata={"description": "Page above."})
    revision = fields.Integer(required=True)
    archived = fields.Boolean(required=True)
    mirrors = fields.Integer(required=True, allow_none=True)
    titles = fields.Dict(
        keys=fields.String(), values=fields.String(), required=True, metadata={"example": {"de": "Arbeit"}}
    )


class TreeSchema(Body):
    """All pages, parents before children and siblings in order."""

    items = fields.List(fields.Nested(NodeSchema), required=True)


def _create(db: Work, facts: Mapping[str, Any], actor: Actor) -> int:
    given = dict(facts)
    place = {"under": given.pop("under"), "after": _after(given.pop("after"), given.pop("place"))}
    page = pages.plant(db, **place, actor=actor)
    wanted = {name: value for name, value in given.items() if value != getattr(PageFacts(), name)}
    pages.change(db, page.id, wanted, revision=1, actor=actor)
    return page.id


def _after(sibling: int | None, place: str) -> int | Place:
    return Place(place) if sibling is None else sibling


KIND = add(
    Kind(
        content_type=pages.PAGES,
        plural="pages",
        noun="page",
        facts=PageFactsSchema,
        created=NewPageSchema,
        shown=ShownPageSchema,
        read=lambda db, page_id: {**asdict(pages.facts_of(db, page_id)), "under": pages.find(db, page_id).parent_id},
        create=_create,
        change=pages.change,
        archive=pages.archive,
        restore=pages.restore,
        delete=pages.delete,
        save_text=pages.save_text,
        example={"organization": None, "thumbnail": ""},
    )
)
blueprint = entries.operations_of(KIND, "The tree of pages as editors have it.")


@editing(blueprint, f"{entries.HERE}/pages/tree", needs=["page:read"], answer=TreeSchema)
def get_page_tree(editor: Editing) -> Outcome:
    """Read the whole tree, archived pages included."""
    nodes = pages.tree(editor.db)
    titles = pages.titles(editor.db)
    items = [
        {
            "id": node.id,
            "under": node.parent_id,
            "revision": node.revision,
            "archived": node.archived,
            "mirrors": node.mirrors_id,
            "titles": titles.get(node.id, {}),
        }
        for node in nodes
    ]
    return Outcome({"items": items})


@editing(
    blueprint,
    f"{entries.HERE}/pages/<int:entry_id>/move",
    method="POST",
    needs=["page:edit"],
    body=PlaceSchema,
    answer=EntryHeadSchema,
    if_match=True,
)
def move_page(editor: Editing, body: Mapping[str, Any], entry_id: int) -> Outcome:
    """Hang a page, with all below it, elsewhere."""
    entries.opened(editor, "edit", KIND.plural, entry_id)
    move(editor, entry_id, body, revision=editor.seen.entry)
    return entries.head_outcome(editor, KIND, entry_id)


def move(editor: Editing, page_id: int, place: Mapping[str, Any], *, revision: int) -> None:
    after = _after(place["after"], place["place"])
    pages.move(editor.db, page_id, under=place["under"], after=after, revision=revision, actor=editor.actor)

"""Categories of locations: those that every city has, and those of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from cityinfo.api.v1.operations import Body
from cityinfo.features import locations
from cityinfo.features.locations import Category
from cityinfo.kernel.errors import Conflict, NotFound
from cityinfo.kernel.i18n import say

from .editing import Editing, Outcome, editing, record, section
from .entries import HERE
from .lists import whole_list
from .values import Choice, Line, Sent

blueprint = section("Editing: categories", "What locations are.")
ONE = f"{HERE}/categories/<slug>"


class CategoryDraftSchema(Sent):
    """How a category is called and drawn."""

    names = fields.Dict(
        keys=fields.String(validate=validate.Length(min=1, max=20)),
        values=Line(100),
        required=True,
        metadata={"minProperties": 1, "example": {"de": "Eulen", "en": "Owls"}},
    )
    icon = Choice(*locations.ICONS, required=True)
    color = Choice(*locations.COLORS, required=True)


class CategoryDetailSchema(Body):
    """A category with its names in all languages."""

    slug = fields.String(required=True, metadata={"example": "advice"})
    number = fields.Integer(required=True, metadata={"description": "Its identity for apps."})
    names = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    icon = fields.String(required=True)
    color = fields.String(required=True)
    own = fields.Boolean(required=True, metadata={"description": "Of this city alone; others cannot be changed."})


CategoryDetailList = whole_list(CategoryDetailSchema, "CategoryDetailList")


@editing(blueprint, f"{HERE}/categories", needs=["location:read"], answer=CategoryDetailList)
def list_categories(editor: Editing) -> Outcome:
    """List all categories, the city's own last."""
    return Outcome({"items": [_written(one) for one in locations.all_categories(editor.db).values()]})


@editing(blueprint, ONE, needs=["location:read"], answer=CategoryDetailSchema)
def get_category(editor: Editing, slug: str) -> Outcome:
    """Read a category."""
    return record(_written(_found(editor, slug)))


@editing(
    blueprint,
    ONE,
    method="POST",
    needs=["settings:manage"],
    body=CategoryDraftSchema,
    answer=CategoryDetailSchema,
    status=201,
)
def add_category(editor: Editing, body: Mapping[str, Any], slug: str) -> Outcome:
    """Add a category of the city's own under this word."""
    if slug in locations.all_categories(editor.db):
        raise Conflict(
            "category.slug_taken", say("“{slug}” is a category already; choose another word.", slug=slug[:60])
        )
    made = locations.save_category(editor.db, slug, **body, actor=editor.actor)
    return record(_written(made), status=201)


@editing(
    blueprint,
    ONE,
    method="PUT",
    needs=["settings:manage"],
    body=CategoryDraftSchema,
    answer=CategoryDetailSchema,
    if_match=True,
)
def change_category(editor: Editing, body: Mapping[str, Any], slug: str) -> Outcome:
    """Call or draw a category of the city's own otherwise; whatever is in it follows."""
    editor.compare(_written(_found(editor, slug)), body)
    return record(_written(locations.save_category(editor.db, slug, **body, actor=editor.actor)))


@editing(blueprint, ONE, method="DELETE", needs=["settings:manage"], answer=None, status=204, if_match=True)
def delete_category(editor: Editing, slug: str) -> Outcome:
    """Remove a category of the city's own that no location is in."""
    editor.compare(_written(_found(editor, slug)))
    locations.delete_category(editor.db, slug, actor=editor.actor)
    return Outcome()


def _found(editor: Editing, slug: str) -> Category:
    found = locations.all_categories(editor.db).get(slug)
    if found is None:
        raise NotFound("category.unknown", say("There is no category “{slug}”.", slug=slug[:60]))
    return found


def _written(category: Category) -> dict[str, Any]:
    names = ("slug", "number", "names", "icon", "color", "own")
    return {name: getattr(category, name) for name in names}

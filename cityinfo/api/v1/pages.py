"""Pages: the tree of a city in one language, and single pages by identity or path."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, url_for
from marshmallow import fields, validate

from cityinfo.api.http import Page, PageTree, absolute_media, ids_below, local_time
from cityinfo.features import pages
from cityinfo.features.publishing import OutlineNode
from cityinfo.kernel.errors import NotFound, Problem
from cityinfo.kernel.i18n import say
from cityinfo.web.bodies import Answer, Reading, serve

from .operations import Body, Paged, PagedAnswer, Query, answer, limit, operation, portion, section
from .places import Places

MOST_PATH = 4_000  # characters
KINDS = (pages.KIND,)
EXAMPLE = 52776558133248
blueprint = section("Pages", "What a city tells its people: a tree of pages, the same in all languages.")


class PathSchema(Body):
    """Where a page stands in one language."""

    path = fields.String(required=True, metadata={"example": "arbeit/arbeitsuche"})


class ExternalOfferSchema(Body):
    """An offer of another system."""

    alias = fields.String(required=True, metadata={"example": "sprungbrett"})
    name = fields.String(required=True)
    url = fields.String(required=True, metadata={"description": "May be empty when `post` says where it leads."})
    thumbnail = fields.String(required=True, metadata={"description": "Address of a picture."})
    post = fields.Dict(
        required=True, allow_none=True, metadata={"description": "What to send along when it is opened."}
    )


class CreditSchema(Body):
    """Whose words a page began with. They are named below its content as well."""

    attribution = fields.String(required=True, metadata={"example": "Landkreis Augsburg"})
    licence = fields.String(required=True, metadata={"description": "As SPDX names it.", "example": "CC-BY-4.0"})
    licence_url = fields.String(required=True, metadata={"example": "https://creativecommons.org/licenses/by/4.0/"})


class PageSchema(Body):
    """A page as the public sees it."""

    id = fields.Integer(required=True, metadata={"description": "The same in all languages.", "example": EXAMPLE})
    kind = fields.String(required=True, metadata={"example": "page"})
    language = fields.String(required=True, metadata={"example": "de"})
    parent = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Page above; null on the first level."}
    )
    order = fields.Integer(required=True, metadata={"description": "Rank among its siblings, from 0."})
    slug = fields.String(required=True, metadata={"example": "arbeitsuche"})
    path = fields.String(
        required=True,
        metadata={"description": "Slugs from the first level down.", "example": "arbeit/arbeitsuche"},
    )
    title = fields.String(required=True, metadata={"description": "Plain text.", "example": "Arbeitsuche"})
    content = fields.String(
        required=True,
        metadata={"description": "Sanitised HTML, links to other pages written out.", "example": "<p>Guten Tag.</p>"},
    )
    excerpt = fields.String(required=True, metadata={"description": "Beginning of the text, without markup."})
    thumbnail = fields.String(required=True, allow_none=True, metadata={"description": "Address of a picture."})
    changed_at = fields.DateTime(
        required=True,
        metadata={"description": "In the city's time zone.", "example": "2026-11-19T14:06:57.529+01:00"},
    )
    origin = fields.String(
        required=True,
        metadata={"description": "`human`, `machine` or `imported`: how the text came about.", "example": "human"},
    )
    organization = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Who is responsible for the page."}
    )
    credit = fields.Nested(
        CreditSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Set where the page began with words of another city."},
    )
    languages = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(PathSchema),
        required=True,
        metadata={
            "description": "Every language the page can be read in, this one included.",
            "example": {"de": {"path": "arbeit/arbeitsuche"}, "en": {"path": "work/job-search"}},
        },
    )

    embedded_offers = fields.List(
        fields.Nested(ExternalOfferSchema),
        required=True,
        metadata={"description": "Offers of other systems that belong to the page."},
    )


class PageListSchema(PagedAnswer):
    """A portion of a page tree."""

    items = fields.List(fields.Nested(PageSchema), required=True)


class PageQuery(Paged):
    """Which part of the tree."""

    parent = fields.Integer(
        metadata={"description": "Only what hangs below this page; without it the whole tree.", "example": EXAMPLE}
    )
    depth = fields.Integer(
        validate=validate.Range(min=1, max=100),
        metadata={"description": "Levels below `parent`, or below the root; without it all.", "example": 1},
    )
    limit = limit(5000, default=None)


@operation(blueprint, "/tenants/<tenant>/<language>/pages", answer=PageListSchema, query=PageQuery, also=[410])
def list_pages(query: dict[str, Any], tenant: str, language: str) -> Response:
    """List pages in the order of their tree.

    Parents before children, siblings in order. A page is public only if all pages above it are.
    """
    return serve(
        "v1.pages",
        tenant=tenant,
        language=language.lower(),
        params=Query.canonical(query),
        kinds=KINDS,
        build=lambda reading: _list(reading, query),
    )


@operation(blueprint, "/tenants/<tenant>/<language>/pages/<int:page_id>", answer=PageSchema)
def get_page(tenant: str, language: str, page_id: int) -> Response:
    """Read one page."""
    return serve(
        "v1.page",
        tenant=tenant,
        language=language.lower(),
        params={"id": str(page_id)},
        kinds=KINDS,
        build=lambda reading: _single(reading, _node(reading, page_id)),
    )


@operation(blueprint, "/tenants/<tenant>/<language>/pages/by-path/<path:path>", answer=PageSchema, also=[301])
def get_page_by_path(tenant: str, language: str, path: str) -> Response:
    """Read the page under a path.

    A path is looked up by its last segment. A path from before the page was moved or renamed answers 301 with the
    present one.
    """
    asked = _normal(path)
    try:
        return serve(
            "v1.page_by_path",
            tenant=tenant,
            language=language.lower(),
            params={"path": asked},
            kinds=KINDS,
            build=lambda reading: _single(reading, _node_at(reading, asked)),
        )
    except _Moved as moved:
        return _redirect(tenant, language, moved.path)


class _Moved(Problem):
    """The page stands elsewhere now. A problem, because those are not kept as answers."""

    def __init__(self, path: str) -> None:
        super().__init__("page.moved", "This page has another address now.", path=path)
        self.path = path


def _redirect(tenant: str, language: str, path: str) -> Response:
    target = url_for(".get_page_by_path", tenant=tenant, language=language, path=path)
    response = Response(status=301, headers={"Location": target})
    # A page may move back one day; browsers that kept both redirects for ever would go round in a circle.
    response.headers["Cache-Control"] = "no-cache"
    return response


def _normal(path: str) -> str:
    segments = unicodedata.normalize("NFC", path).lower().split("/")
    return "/".join(segment for segment in segments if segment)


def _node(reading: Reading, page_id: int) -> OutlineNode:
    """The page; `NotFound` when it is not public in this language."""
    outline = reading.outline(pages.KIND)
    node = outline.node(page_id)
    if node is None or outline.path(node.id, reading.language) is None:
        raise NotFound("page.unknown", say("There is no page {page_id} in this language.", page_id=page_id))
    return node


def _node_at(reading: Reading, path: str) -> OutlineNode:
    """The page at a path; `_Moved` when the path is not the present one."""
    outline = reading.outline(pages.KIND)
    slug = path.rpartition("/")[2]
    node = outline.find(pages.KIND, reading.language, slug) if len(path) <= MOST_PATH else None
    present = outline.path(node.id, reading.language) if node else None
    if node is None or present is None:
        raise NotFound("page.unknown", say("There is no page under “{path}”.", path=path[:200]))
    if present != path:
        raise _Moved(present)
    return node


def _list(reading: Reading, query: dict[str, Any]) -> Answer:
    parent, depth = query.get("parent"), query.get("depth")
    if parent is not None:
        _node(reading, parent)
    whole = parent is None and depth is None
    ids = None if whole else ids_below(reading.outline(pages.KIND), reading.language, parent, depth=depth)
    tree = PageTree(reading, around=ids)
    found = list(tree.below(parent, depth=depth))
    items, cursor = portion(found, lambda page: page["id"], limit=query["limit"], cursor=query.get("cursor"))
    return answer({"items": _written(reading, tree, items), "cursor": cursor, "more": cursor is not None}, reading)


def _single(reading: Reading, node: OutlineNode) -> Answer:
    tree = PageTree(reading, around=[node.id])
    return answer(_written(reading, tree, [tree.page(node.id)])[0], reading)


def _written(reading: Reading, tree: PageTree, wanted: Iterable[Page]) -> list[dict[str, Any]]:
    writer = _Writer(reading, tree)
    return [writer.page(page) for page in wanted]


class _Writer:
    """Writes published pages as `PageSchema` describes them. What is the same for all pages is prepared once."""

    def __init__(self, reading: Reading, tree: PageTree) -> None:
        self._reading = reading
        self._tree = tree
        self._places = Places(reading, pages.KIND)
        self._zone = ZoneInfo(reading.tenant.time_zone)

    def page(self, page: Page) -> dict[str, Any]:
        return {
            "id": page["id"],
            "kind": page["kind"],
            "language": page["language"],
            "parent": page["parent"],
            "order": self._tree.ranks[page["id"]],
            "slug": page["slug"],
            "path": self._tree.paths[page["id"]],
            "title": page["title"],
            "content": self._places.with_links(page["content"]),
            "excerpt": page["excerpt"],
            "thumbnail": absolute_media(self._reading, page["thumbnail"]) if page["thumbnail"] else None,
            "changed_at": local_time(datetime.fromisoformat(page["changed_at"]), self._zone),
            "origin": page["origin"],
            "organization": page["organization"] and page["organization"]["id"],
            "credit": page.get("credit"),
            "languages": self._places.languages(page["id"]),
            "embedded_offers": page.get("offers", []),
        }

"""Pages, called categories in the apps: all of a language, a part of the tree, the way up, or a single one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from flask import Response, request

from cityinfo.api.http import Page, PageTree, ids_below, local_time
from cityinfo.features import pages as features
from cityinfo.features.publishing import OutlineNode
from cityinfo.kernel import html
from cityinfo.kernel.errors import Invalid, NotFound
from cityinfo.web.bodies import Answer, Reading, serve
from cityinfo.web.guard import public

from .answers import answer

_ORIGIN = re.compile(r"^https?://[^/?#]*", re.IGNORECASE)
_LONGEST = 1_000  # characters of a segment; no slug comes near, and no request shall fill the store of answers
_DEEPEST = 100  # levels; no tree comes near
_ROOT = {"id": 0, "url": None, "path": None}

Place = dict[str, Any]
Places = dict[int, dict[str, Place]]

Wanted = dict[str, str]  # how a request names a page: by `slug` or by `id`, or not at all


@public
def pages(tenant: str, language: str) -> Response:
    """Every public page of the language, parents before children and siblings in order."""
    return _serve("v3.pages", tenant, language, {}, _pages)


@public
def children(tenant: str, language: str) -> Response:
    """A page and what hangs below it down to `depth`; without `url` and `id` what hangs below the root.

    The page comes first, even if it was asked for under an address from before: apps go on to the address they find.
    """
    depth = _depth(request.args.get("depth"))
    wanted = _wanted(tenant, language)
    params = {**wanted, "depth": str(depth)}
    return _serve("v3.children", tenant, language, params, lambda reading: _children(reading, wanted, depth))


@public
def parents(tenant: str, language: str) -> Response:
    """What stands above a page, first level first."""
    wanted = _named(_wanted(tenant, language))
    return _serve("v3.parents", tenant, language, wanted, lambda reading: _parents(reading, wanted))


@public
def page(tenant: str, language: str) -> Response:
    """One page."""
    wanted = _named(_wanted(tenant, language))
    return _serve("v3.page", tenant, language, wanted, lambda reading: _page(reading, wanted))


def _serve(route: str, tenant: str, language: str, params: Wanted, build: Callable[[Reading], Answer]) -> Response:
    return serve(route, tenant=tenant, language=language.lower(), params=params, kinds=(features.KIND,), build=build)


def _wanted(tenant: str, language: str) -> Wanted:
    """The page a request names; `url` may be a path or an absolute address, percent-encoded or not."""
    number, url = request.args.get("id"), request.args.get("url")
    if number:
        return {"id": _whole_number("id", number)}
    segments = _segments(url or "")
    if segments[:2] == [tenant.lower(), language.lower()]:
        segments = segments[2:]
    if not segments:
        return {}
    if segments[0] in features.RESERVED_SLUGS or len(segments[-1]) > _LONGEST:
        raise _not_found()
    return {"slug": segments[-1]}


def _segments(url: str) -> list[str]:
    path = re.split("[?#]", _ORIGIN.sub("", url), maxsplit=1)[0]
    return [segment for segment in unicodedata.normalize("NFC", unquote(path)).lower().split("/") if segment]


def _named(wanted: Wanted) -> Wanted:
    if not wanted:
        raise Invalid("page.not_named", "Either the id or the url parameter is required.")
    return wanted


def _depth(text: str | None) -> int:
    return min(int(_whole_number("depth", text)), _DEEPEST) if text is not None else 1


def _whole_number(name: str, text: str) -> str:
    if not re.fullmatch("[0-9]{1,100}", text):
        raise Invalid("request.number", f"{name} must be a whole number, not “{text[:60]}”.")
    return str(int(text))


def _pages(reading: Reading) -> Answer:
    tree = PageTree(reading)
    return _written(reading, tree, tree.below(None))


def _children(reading: Reading, wanted: Wanted, depth: int) -> Answer:
    top = _find(reading, wanted).id if wanted else None
    ids = ids_below(reading.outline(), reading.language, top, depth=depth)
    tree = PageTree(reading, around=ids if top is None else ids | {top})
    first = [tree.page(top)] if top is not None else []
    return _written(reading, tree, [*first, *tree.below(top, depth=depth)])


def _parents(reading: Reading, wanted: Wanted) -> Answer:
    above = [node.id for node in reading.outline().ancestors(_find(reading, wanted).id)]
    tree = PageTree(reading, around=above)
    return _written(reading, tree, [tree.page(page_id) for page_id in above])


def _page(reading: Reading, wanted: Wanted) -> Answer:
    found = _find(reading, wanted)
    tree = PageTree(reading, around=[found.id])
    return answer(_Writer(reading, tree).page(tree.page(found.id)), reading)


def _written(reading: Reading, tree: PageTree, wanted: Iterable[Page]) -> Answer:
    writer = _Writer(reading, tree)
    return answer([writer.page(one) for one in wanted], reading)


def _find(reading: Reading, wanted: Wanted) -> OutlineNode:
    """The page under its address of now or from before; `NotFound` when it is not public in this language."""
    outline = reading.outline()
    if "id" in wanted:
        node = _find_by_number(reading, int(wanted["id"]))
    else:
        node = outline.find(features.KIND, reading.language, wanted["slug"])
    if node is None or outline.path(node.id, reading.language) is None:
        raise _not_found()
    return node


def _find_by_number(reading: Reading, number: int) -> OutlineNode | None:
    """By the number of the page, else by that of its translation: apps see both, as `parent.id` and as `id`."""
    documents = reading.documents(features.KIND)
    for name in ("entry_id", "id"):
        for document in documents:
            if document["v3"][name] == number:
                return reading.outline().node(document["id"])
    return None


def _not_found() -> NotFound:
    return NotFound("page.unknown", "No matching page translation found for url.")


class _Writer:
    """Writes published pages as the apps expect them. What is the same for all pages is prepared once."""

    def __init__(self, reading: Reading, tree: PageTree) -> None:
        tenant = reading.tenant
        self._tree = tree
        self._outline = reading.outline()
        self._language = reading.language
        self._others = [language for language in tenant.active_languages if language != reading.language]
        self._prefixes = {language: f"/{tenant.slug}/{language}/" for language in tenant.active_languages}
        self._site = reading.settings.public_url
        # Most of the work of writing a tree. Apart by what addresses begin with.
        self._places: Places = self._outline.notes((__name__, self._site, *self._prefixes.values()))
        self._app = tenant.app_url or ""
        self._zone = ZoneInfo(tenant.time_zone)

    def page(self, page: Page) -> dict[str, Any]:
        place = self._place(page["id"], self._language) or {}
        changed = datetime.fromisoformat(page["changed_at"])
        return {
            "id": page["v3"]["id"],
            "url": place["url"],
            "path": place["path"],
            "title": page["title"],
            "modified_gmt": local_time(changed, UTC)[:-6] + "Z",
            "last_updated": local_time(changed, self._zone),
            "excerpt": page["excerpt"],
            "content": html.resolve_references(page["content"], self._address),
            "parent": self._parent(page),
            "order": self._tree.ranks[page["id"]],
            "available_languages": self._other_languages(page["id"]),
            "thumbnail": page["thumbnail"],
            "organization": None,
            "hash": None,
            "embedded_offers": [],
        }

    def _parent(self, page: Page) -> dict[str, Any]:
        parent = self._tree.get(page["parent"])
        place = self._place(parent["id"], self._language) if parent else None
        return {**place, "id": parent["v3"]["entry_id"]} if parent and place else _ROOT

    def _other_languages(self, page_id: int) -> dict[str, Place]:
        places = self._places_of(page_id)
        return {language: places[language] for language in self._others if language in places}

    def _address(self, entry_id: int, language: str) -> str | None:
        """Where a link leads: into the app, in the reader's language unless the link names another."""
        place = self._place(entry_id, language or self._language)
        return self._app + place["path"] if place else None

    def _place(self, page_id: int, language: str) -> Place | None:
        """Where a page stands in a language; None when it cannot be seen there."""
        return self._places_of(page_id).get(language)

    def _places_of(self, page_id: int) -> dict[str, Place]:
        known = self._places.get(page_id)
        if known is None:
            known = self._places[page_id] = self._new_places(self._outline.node(page_id))
        return known

    def _new_places(self, node: OutlineNode | None) -> dict[str, Place]:
        if node is None:
            return {}
        places: dict[str, Place] = {}
        for language, slugs in self._outline.paths(node.id).items():
            if language in self._prefixes:
                path = f"{self._prefixes[language]}{slugs}/"
                places[language] = {"id": node.texts[language].v3_id, "url": self._site + path, "path": path}
        return places


ROUTES = (
    ("/<tenant>/<language>/pages/", pages),
    ("/<tenant>/<language>/children/", children),
    ("/<tenant>/<language>/parents/", parents),
    ("/<tenant>/<language>/page/", page),
    ("/<tenant>/<language>/post/", page),
)

"""Pages, called categories in the apps: all of a language, a part of the tree, the way up, or a single one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote

from flask import Response, request

from cityinfo.api.http import Page, PageTree, absolute_media, ids_below
from cityinfo.features import pages as features
from cityinfo.features.publishing import OutlineNode
from cityinfo.kernel.errors import Invalid, NotFound
from cityinfo.kernel.i18n import say
from cityinfo.web.bodies import Answer, Reading, serve
from cityinfo.web.guard import public

from .answers import answer, changed
from .organizations import organization
from .places import Places

_ORIGIN = re.compile(r"^https?://[^/?#]*", re.IGNORECASE)
_LONGEST = 1_000  # characters of a segment; no slug comes near, and no request shall fill the store of answers
_DEEPEST = 100  # levels; no tree comes near
_ROOT = {"id": 0, "url": None, "path": None}

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
    wanted = wanted_page(tenant, language)
    params = {**wanted, "depth": str(depth)}
    return _serve("v3.children", tenant, language, params, lambda reading: _children(reading, wanted, depth))


@public
def parents(tenant: str, language: str) -> Response:
    """What stands above a page, first level first."""
    wanted = _named(wanted_page(tenant, language))
    return _serve("v3.parents", tenant, language, wanted, lambda reading: _parents(reading, wanted))


@public
def page(tenant: str, language: str) -> Response:
    """One page."""
    wanted = _named(wanted_page(tenant, language))
    return _serve("v3.page", tenant, language, wanted, lambda reading: _page(reading, wanted))


def _serve(route: str, tenant: str, language: str, params: Wanted, build: Callable[[Reading], Answer]) -> Response:
    return serve(route, tenant=tenant, language=language.lower(), params=params, kinds=(features.KIND,), build=build)


def wanted_page(tenant: str, language: str) -> Wanted:
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
        raise Invalid("request.number", say("{name} must be a whole number, not “{text}”.", name=name, text=text[:60]))
    return str(int(text))


def _pages(reading: Reading) -> Answer:
    tree = PageTree(reading)
    return _written(reading, tree, tree.below(None))


def _children(reading: Reading, wanted: Wanted, depth: int) -> Answer:
    top = find(reading, wanted).id if wanted else None
    ids = ids_below(reading.outline(features.KIND), reading.language, top, depth=depth)
    tree = PageTree(reading, around=ids if top is None else ids | {top})
    first = [tree.page(top)] if top is not None else []
    return _written(reading, tree, [*first, *tree.below(top, depth=depth)])


def _parents(reading: Reading, wanted: Wanted) -> Answer:
    above = [node.id for node in reading.outline(features.KIND).ancestors(find(reading, wanted).id)]
    tree = PageTree(reading, around=above)
    return _written(reading, tree, [tree.page(page_id) for page_id in above])


def _page(reading: Reading, wanted: Wanted) -> Answer:
    found = find(reading, wanted)
    tree = PageTree(reading, around=[found.id])
    return answer(_Writer(reading, tree).page(tree.page(found.id)), reading)


def _written(reading: Reading, tree: PageTree, wanted: Iterable[Page]) -> Answer:
    writer = _Writer(reading, tree)
    return answer([writer.page(one) for one in wanted], reading)


def find(reading: Reading, wanted: Wanted) -> OutlineNode:
    """The page under its address of now or from before; `NotFound` when it is not public in this language."""
    outline = reading.outline(features.KIND)
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
                return reading.outline(features.KIND).node(document["id"])
    return None


def _not_found() -> NotFound:
    return NotFound("page.unknown", "No matching page translation found for url.")


class _Writer:
    """Writes published pages as the apps expect them. What is the same for all pages is prepared once."""

    def __init__(self, reading: Reading, tree: PageTree) -> None:
        self._reading = reading
        self._tree = tree
        self._places = Places(reading, features.KIND)
        self._zone = reading.tenant.time_zone

    def page(self, page: Page) -> dict[str, Any]:
        place = self._places.place(page["id"])
        return {
            "id": page["v3"]["id"],
            "url": place.url,
            "path": place.path,
            "title": page["title"],
            **changed(page["changed_at"], self._zone),
            "excerpt": page["excerpt"],
            "content": self._places.with_links(page["content"]),
            "parent": self._parent(page),
            "order": self._tree.ranks[page["id"]],
            "available_languages": self._places.other_languages(page["id"]),
            "thumbnail": absolute_media(self._reading, page["thumbnail"]) if page["thumbnail"] else None,
            "organization": organization(self._reading, page["organization"]),
            "hash": None,
            "embedded_offers": page.get("offers", []),
        }

    def _parent(self, page: Page) -> dict[str, Any]:
        parent = self._tree.get(page["parent"])
        if parent is None:
            return _ROOT
        place = self._places.place(parent["id"])
        return {"id": parent["v3"]["entry_id"], "url": place.url, "path": place.path}


ROUTES = (
    ("/<tenant>/<language>/pages/", pages),
    ("/<tenant>/<language>/children/", children),
    ("/<tenant>/<language>/parents/", parents),
    ("/<tenant>/<language>/page/", page),
    ("/<tenant>/<language>/post/", page),
)

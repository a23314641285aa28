"""The screens of the page tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences, states, waiting
from cityinfo.cms.layout import address, blueprint, go, notice, render, screen, wants_part
from cityinfo.cms.words import kind_names
from cityinfo.features import content, pages, tenants
from cityinfo.features.pages import Place, Way
from cityinfo.features.tenants import Language
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid, Problem
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _, ngettext
from cityinfo.web.guard import guarded

from .finding import Sheet, elsewhere, found
from .rows import tree_rows

MOST_OPEN = 200
_CHOSEN = re.compile(r"[0-9]{1,16}:[0-9]{1,9}")  # a page and its revision
_ASKED = ("q", "language", "state", "waits", "mine")
_KEPT = ("open", *_ASKED)


@blueprint.get("/<tenant>/pages")
@guarded("page:read")
def list_pages(tenant: str) -> AnyResponse:
    """The tree; or, when something is looked for, the pages it stands in."""
    with screen() as (db, actor):
        looked_for = {name: request.args.get(name, "").strip() for name in _ASKED}
        is_tree = not any(looked_for.values())
        sheet = Sheet(tree_rows(db, _opened())) if is_tree else found(db, looked_for, after=_after(), actor=actor)
        shown: dict[str, Any] = {**_around(db), "rows": sheet.rows, "is_tree": is_tree}
        if wants_part():
            return render("pages/rows.html", **shown)
        shown |= {"looked_for": looked_for, "sheet": sheet, "total": pages.count(db), "signs": states.words()}
        shown |= {"elsewhere": elsewhere(db, looked_for, actor=actor), "kind_names": kind_names()}
        return render("pages/list.html", **shown, reasons=waiting.reasons(looked_for["waits"]))


@blueprint.post("/<tenant>/pages/<int:page_id>/move")
@guarded("page:edit")
def move_page(tenant: str, page_id: int) -> AnyResponse:
    """One step (`way`), or to a certain place (`under`, `after`)."""
    way = request.values.get("way")
    step = _step(page_id, Way(way)) if way in list(Way) else _place(page_id)
    with screen(write=True) as (db, actor):
        under, after = pages.place_of(db, page_id)
        moved = step(db, actor)
        revision = content.find_entry(db, page_id).revision
        title = _title(db, page_id)
    if not moved:
        return _done(tenant, _("“{title}” cannot go further that way.", title=title))
    back = {"under": under or "", "after": after or Place.FIRST.value, "revision": revision}
    undo = address("move_page", tenant=tenant, page_id=page_id, **back)
    return _done(tenant, _("“{title}” has been moved.", title=title), undo=undo)


@blueprint.post("/<tenant>/pages/<int:page_id>/archive")
@guarded("page:archive")
def archive_page(tenant: str, page_id: int) -> AnyResponse:
    """Take a page and all below it out of sight."""
    with screen(write=True) as (db, actor):
        pages.archive(db, page_id, revision=_revision(), actor=actor)
        revision = content.find_entry(db, page_id).revision
        title = _title(db, page_id)
    undo = address("restore_page", tenant=tenant, page_id=page_id, revision=revision)
    return _done(tenant, _("“{title}” has been archived.", title=title), undo=undo)


@blueprint.post("/<tenant>/pages/<int:page_id>/restore")
@guarded("page:archive")
def restore_page(tenant: str, page_id: int) -> AnyResponse:
    """Bring an archived page back."""
    with screen(write=True) as (db, actor):
        pages.restore(db, page_id, revision=_revision(), actor=actor)
        title = _title(db, page_id)
    return _done(tenant, _("“{title}” is back.", title=title))


def _after() -> int:
    """The page that a sheet goes on after."""
    return request.args.get("after", 0, type=int)


def _opened() -> list[int]:
    """The branches that are open, as the address says."""
    return [int(one) for one in request.values.get("open", "").split(".") if one.isdecimal()][:MOST_OPEN]


def _around(db: Work) -> dict[str, Any]:
    """What rows need to know of the city."""
    return {"languages": _languages(db), "titles_in": tenants.root_language(db)}


def _languages(db: Work) -> list[Language]:
    registry = tenants.languages(db)
    return [registry[slug] for slug, row in tenants.tree(db).items() if row.active]


def _step(page_id: int, way: Way) -> Callable[[Work, Actor], bool]:
    return lambda db, actor: pages.shift(db, page_id, way, revision=_revision(), actor=actor)


def _place(page_id: int) -> Callable[[Work, Actor], bool]:
    under = request.values.get("under", type=int)
    behind = request.values.get("after", Place.LAST.value)
    after = int(behind) if behind.isdecimal() else Place(behind)

    def move(db: Work, actor: Actor) -> bool:
        pages.move(db, page_id, under=under, after=after, revision=_revision(), actor=actor)
        return True

    return move


def _revision() -> int:
    return request.values.get("revision", 0, type=int)


def _title(db: Work, page_id: int) -> str:
    """How a page is called in a sentence: in the city's own language, or in another one it is written in."""
    title, _language = content.name(content.titles(db, page_id), tenants.root_language(db))
    return title or _("(without words yet)")


def _done(tenant: str, sentence: str, *, undo: str = "") -> AnyResponse:
    """Back to the list, where it is said; a script is given the rows and says it itself."""
    if not wants_part():
        if sentence:
            notice(sentence, undo=undo)
        kept = {name: request.values[name] for name in _KEPT if name in request.values}
        return go("list_pages", tenant=tenant, **kept)
    with screen() as (db, _actor):
        response = render("pages/rows.html", **_around(db), rows=tree_rows(db, _opened()), is_tree=True)
    response.headers["X-Said"] = quote(sentence)
    response.headers["X-Undo"] = undo
    return response


@blueprint.post("/<tenant>/pages/bulk")
@guarded("page:edit", "page:publish", "page:archive")
def change_pages(tenant: str) -> AnyResponse:
    """The same for several pages; each is asked for by itself, and those that fail are named with the reason."""
    name, chosen = request.values.get("action", ""), request.values.getlist("page")
    action = _BULK.get(name)
    if action is None:
        raise Invalid("pages.action", _("Choose what to do with these pages."))
    failed = {one: sentence for one in chosen if (sentence := _tried(one, action))}
    if failed:
        notice(_("Not everything could be done."), " ".join(failed.values()), kind="warning")
    done = [one for one in chosen if one not in failed]
    undo = _bring_back(tenant, done) if done and name == "archive" else ""
    said = ngettext("Done for one page.", "Done for {number} pages.", len(done)) if done else ""
    return _done(tenant, said, undo=undo)


def _bring_back(tenant: str, archived: Sequence[str]) -> str:
    """The address that brings pages back which have just been archived."""
    with screen() as (db, _actor):
        ids = [_chosen(one)[0] for one in archived]
        pages_now = [f"{one}:{content.find_entry(db, one).revision}" for one in ids]
    return address("change_pages", tenant=tenant, action="restore", page=pages_now)


def _tried(value: str, action: Callable[[Work, int, int, Actor], object]) -> str:
    """Empty when it was done; else a sentence that names the page. In a unit of work of its own."""
    title = ""
    try:
        page_id, revision = _chosen(value)
        with screen(write=True) as (db, actor):
            title = _title(db, page_id)
            action(db, page_id, revision, actor)
    except Problem as problem:  # some are told only at the end of the unit of work
        reason = sentences.said(problem)
        return _("“{title}”: {reason}", title=title, reason=reason) if title else reason
    return ""


def _chosen(value: str) -> tuple[int, int]:
    """A page and its revision as a row of the list sends them."""
    if not _CHOSEN.fullmatch(value):
        raise Invalid("pages.chosen", _("This choice cannot be read; open the list anew and choose again."))
    page_id, revision = value.split(":")
    return int(page_id), int(revision)


_BULK: dict[str, Callable[[Work, int, int, Actor], object]] = {
    "archive": lambda db, page_id, revision, actor: pages.archive(db, page_id, revision=revision, actor=actor),
    "restore": lambda db, page_id, revision, actor: pages.restore(db, page_id, revision=revision, actor=actor),
    "publish": lambda db, page_id, _revision, actor: _publish_all(db, page_id, actor),
}


def _publish_all(db: Work, page_id: int, actor: Actor) -> None:
    """Every text of the page that has something new and that this person may publish."""
    for text in content.texts(db, page_id):
        if text.current_version_id != text.public_version_id:
            pages.publish(db, page_id, text.language, revision=text.revision, actor=actor)

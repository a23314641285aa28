"""The comments on a text. With scripts they stand beside it; without, this is a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.kinds import of_any, readable_kind
from cityinfo.cms.layout import blueprint, go, render, screen, wants_part
from cityinfo.cms.writing.desk import city_languages, spoken_here
from cityinfo.features import accounts, comments, content, tenants
from cityinfo.features.comments import CommentDraft, Passage
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Forbidden, Invalid, NotFound, Problem
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

HERE = "/<tenant>/texts/<int:entry_id>/<language>/comments"
ONE = f"{HERE}/<int:comment_id>"
RESOLVED, NEW = "resolved", 0
Step = Callable[[Work, Actor], object]


@blueprint.get(HERE)
@guarded(*of_any("comment"))
def list_comments(tenant: str, entry_id: int, language: str) -> AnyResponse:
    """What is open; with `show`, what was resolved."""
    with screen() as (db, actor):
        return _show(db, actor, entry_id, language)


@blueprint.post(HERE)
@guarded(*of_any("comment"))
def write_comment(tenant: str, entry_id: int, language: str) -> AnyResponse:
    """Say something about the text, or about a passage of it."""
    passage = Passage(*(request.form.get(name, "") for name in ("quote", "before", "after")))

    def step(db: Work, actor: Actor) -> object:
        return comments.write(db, entry_id, language, _draft(), passage=passage, actor=actor)

    return _do(entry_id, language, step, typed=NEW)


@blueprint.post(f"{ONE}/answer")
@guarded(*of_any("comment"))
def answer_comment(tenant: str, entry_id: int, language: str, comment_id: int) -> AnyResponse:
    """Answer in its thread."""
    return _do(
        entry_id, language, lambda db, actor: comments.answer(db, comment_id, _draft(), actor=actor), about=comment_id
    )


@blueprint.post(f"{ONE}/change")
@guarded(*of_any("comment"))
def change_comment(tenant: str, entry_id: int, language: str, comment_id: int) -> AnyResponse:
    """Say one's own comment in other words."""
    return _do(
        entry_id, language, lambda db, actor: comments.change(db, comment_id, _draft(), actor=actor), about=comment_id
    )


@blueprint.post(f"{ONE}/delete")
@guarded(*of_any("comment"))
def delete_comment(tenant: str, entry_id: int, language: str, comment_id: int) -> AnyResponse:
    """Take one's own comment back."""
    return _do(entry_id, language, lambda db, actor: comments.delete(db, comment_id, actor=actor), about=comment_id)


@blueprint.post(f"{ONE}/resolve")
@guarded(*of_any("comment"))
def resolve_comment(tenant: str, entry_id: int, language: str, comment_id: int) -> AnyResponse:
    """Note that it has been dealt with."""
    return _do(entry_id, language, lambda db, actor: comments.resolve(db, comment_id, actor=actor), about=comment_id)


@blueprint.post(f"{ONE}/reopen")
@guarded(*of_any("comment"))
def reopen_comment(tenant: str, entry_id: int, language: str, comment_id: int) -> AnyResponse:
    """Note that it has not been dealt with."""
    return _do(entry_id, language, lambda db, actor: comments.reopen(db, comment_id, actor=actor), about=comment_id)


def _do(entry_id: int, language: str, step: Step, *, about: int | None = None, typed: int | None = None) -> AnyResponse:
    """Do it and show the list as it is then; what cannot be taken comes back as it was typed."""
    try:
        with screen(write=True) as (db, actor):
            _check(db, actor, entry_id, language, about)
            step(db, actor)
    except (Invalid, Forbidden) as problem:
        with screen() as (db, actor):
            return _show(db, actor, entry_id, language, problem=problem, typed=about if typed is None else typed)
    if wants_part():
        with screen() as (db, actor):
            return _show(db, actor, entry_id, language)
    shown = RESOLVED if _shows_resolved() else None
    return go("list_comments", tenant=request.view_args["tenant"], entry_id=entry_id, language=language, show=shown)  # type: ignore[index]


def _check(db: Work, actor: Actor, entry_id: int, language: str, comment_id: int | None = None) -> None:
    """Whether this person may comment here, and whether the comment is one on this text."""
    readable_kind(db, entry_id, language, actor, verb="comment")
    if comment_id is None:
        return
    thread = comments.find_thread(db, comments.find(db, comment_id).thread_id)
    if (thread.entry_id, thread.language) != (entry_id, language):
        raise NotFound("comment.unknown", "This comment is about another text.")


def _show(
    db: Work, actor: Actor, entry_id: int, language: str, *, problem: Problem | None = None, typed: int | None = None
) -> AnyResponse:
    _check(db, actor, entry_id, language)
    said = sentences.said(problem) if problem else ""
    shown = {**_about(db, actor, entry_id, language), "problem": said, "typed": typed, "sent": request.form}
    template = "comments/part.html" if wants_part() else "comments/list.html"
    return render(template, status=422 if problem else 200, **shown, limits=comments)


def _about(db: Work, actor: Actor, entry_id: int, language: str) -> dict[str, Any]:
    """The comments with all that is said around them. A fixed number of statements."""
    entry = content.find_entry(db, entry_id)
    spoken = city_languages(db)
    of_page = comments.count_open(db, [entry_id]).get(entry_id, {})
    resolved = _shows_resolved()
    return {
        "entry_id": entry_id,
        "language": spoken_here(spoken, language),
        "others": [one for slug, one in spoken.items() if slug == language or of_page.get(slug)],
        "open": of_page,
        "resolved": resolved,
        "conversations": comments.conversations(db, entry_id, language, resolved=resolved),
        "colleagues": _without(comments.colleagues(db, entry), str(actor)),
        "called": partial(_called, accounts.names(db)),
        "own": str(actor),
        "title": content.name(content.titles(db, entry_id), language, tenants.root_language(db))[0],
    }


def _called(names: Mapping[str, str], person: str) -> str:
    """Who it is; of people who have left the city no more than that."""
    return names.get(person, _("A colleague"))


def _without(people: Mapping[str, str], own: str) -> dict[str, str]:
    return {person: name for person, name in people.items() if person != own}


def _draft() -> CommentDraft:
    chosen = request.form.get("mention", "")
    return CommentDraft(words=request.form.get("words", ""), mentions=[chosen] if chosen else ())


def _shows_resolved() -> bool:
    return request.values.get("show") == RESOLVED

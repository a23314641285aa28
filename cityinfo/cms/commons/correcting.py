"""Telling the city that a page came from what it should say."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.entries.words import as_html, block_by_block
from cityinfo.cms.layout import Form, blueprint, go, notice, render, screen
from cityinfo.cms.proposals.differences import words_now
from cityinfo.cms.writing.desk import city_languages, spoken_here
from cityinfo.cms.writing.merging import readable
from cityinfo.features import corrections, tenants
from cityinfo.features.content import Wording
from cityinfo.features.corrections import CorrectionDraft
from cityinfo.features.upstream import Owner
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid, NotFound, Problem
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded
from cityinfo.web.problems import status_of

HERE = "/<tenant>/commons/corrections/<int:entry_id>/<language>"
FIELDS = {"text.title": "title", "correction.message": "message", "proposal.message": "message"}


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose page it was, and what it said there when that was last decided about here."""

    owner: Owner
    city: str
    theirs: Wording


@blueprint.get(HERE)
@guarded("page:write")
def write_correction(tenant: str, entry_id: int, language: str) -> AnyResponse:
    """What they say beside a form that begins with what is said here."""
    with screen() as (db, _actor):
        ours = words_now(db, entry_id, language)[0] or _origin(db, entry_id, language).theirs
        return _show(db, entry_id, language, Form({"title": ours.title, "content": block_by_block(ours.content)}))


@blueprint.post(HERE)
@guarded("page:write")
def send_correction(tenant: str, entry_id: int, language: str) -> AnyResponse:
    """Send it; what is refused comes back as it was typed, even where there is nobody any more to send it to."""
    typed = {name: request.form.get(name, "") for name in ("title", "content", "message")}
    draft = CorrectionDraft(
        language=language,
        title=typed["title"].strip(),
        content=as_html(typed["content"]),
        message=typed["message"],
    )
    try:
        with screen(write=True) as (db, actor):
            city = _origin(db, entry_id, language).city
            corrections.send(db, entry_id, draft, actor=actor)
    except (Invalid, NotFound) as problem:
        with screen() as (db, _actor):
            return _show(db, entry_id, language, Form(typed).refuse(problem, FIELDS), problem)
    notice(_("Your correction is on its way to {city}.", city=city), _("What they decide stands here below."))
    return go("list_taken", tenant=tenant, _anchor="sent")


def _show(db: Work, entry_id: int, language: str, form: Form, problem: Problem | None = None) -> AnyResponse:
    is_lost = isinstance(problem, NotFound)
    came = None if is_lost else _origin(db, entry_id, language)
    return render(
        "commons/correction.html",
        status=status_of(problem) if problem else 200,
        entry_id=entry_id,
        language=spoken_here(city_languages(db), language),
        came=came,
        words=readable(came.theirs.content) if came else "",
        form=form,
    )


def _origin(db: Work, entry_id: int, language: str) -> Origin:
    owner, theirs = corrections.what_came(db, entry_id, language)
    name = tenants.full_names(db, [owner.source_id]).get(owner.source_id, owner.source)
    return Origin(owner, name, theirs)

"""What other cities offer, one of their pages as readers there see it, and having it come here."""

from __future__ import annotations

from flask import g, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import choices
from cityinfo.cms.layout import Form, beside, blueprint, go, notice, render, screen, skipped
from cityinfo.features import commons, onboarding, tenants, upstream
from cityinfo.features.commons import Looked, Offered
from cityinfo.kernel import html
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict, Forbidden, Invalid, Problem
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded
from cityinfo.web.problems import status_of
from cityinfo.web.request import request_work

from .parts import DOOR, SHOWN, around, database, named

HERE = "/<tenant>/commons/<int:source_id>/<int:entry_id>"
DRAFT, LIVE = "draft", "live"
FIELDS = {"commons.place": "under"}
_ASKED = ("q", "language", "licence")


@blueprint.get("/<tenant>/commons")
@guarded(*DOOR)
def list_commons(tenant: str) -> AnyResponse:
    """What other cities offer, newest first: with these words, in this language, under this licence."""
    asked = {name: request.args.get(name, "").strip() for name in _ASKED}
    skip = skipped()
    with screen() as (db, actor):
        own, said = db.tenant_id, around(db, actor)
    looked = Looked(words=asked["q"], language=asked["language"], licence=asked["licence"], without=own)
    found, number = commons.catalogue(database(), looked, most=SHOWN, skip=skip)
    with request_work() as (db, _actor):
        here = upstream.had(db, [one.entry_id for one in found])
    return render(
        "commons/list.html",
        found=found,
        number=number,
        here=here,
        asked=asked,
        spoken=said["by_name"](said["languages"]),
        **beside(skip, SHOWN, has_more=number > skip + SHOWN),
        **said,
    )


@blueprint.get(HERE)
@guarded(*DOOR)
def show_shared_page(tenant: str, source_id: int, entry_id: int) -> AnyResponse:
    """A page that another city offers, in one of its languages, and on which terms."""
    return _show(commons.find(database(), source_id, entry_id), Form({"under": "", "how": DRAFT}))


@blueprint.post(HERE)
@guarded("page:create")
def take_page(tenant: str, source_id: int, entry_id: int) -> AnyResponse:
    """Have it come here, below a page of ours: as a draft, or shown as it is shown there (`how`)."""
    wanted = commons.find(database(), source_id, entry_id)
    try:
        with screen(write=True) as (db, actor):
            here, by_itself = upstream.had(db, [entry_id]).get(entry_id), request.form.get("how") == LIVE
            under = None if here and here.entry_id else _place(db, actor)
            upstream.subscribe(db, wanted, under=under, by_itself=by_itself, actor=actor)
    except (Conflict, Forbidden, Invalid) as problem:
        return _show(wanted, Form(request.form.to_dict()).refuse(problem, FIELDS), problem)
    if here:
        notice(_("What is new there comes again."))
    else:
        then = _("It is a draft then; publish it once it suits your city.")
        notice(_("The page comes within a minute."), _("Readers see it then.") if by_itself else then)
    return go("list_taken", tenant=tenant)


def _show(wanted: Offered, form: Form, problem: Problem | None = None) -> AnyResponse:
    with screen() as (db, actor):
        said, own = around(db, actor), db.tenant_id
        here = upstream.had(db, [wanted.entry_id]).get(wanted.entry_id)
        places = choices.places(db, actor) if g.me.may("page:create") else {}
        order = list(tenants.tree(db))
    asked = request.args.get("language", "")
    language = asked if asked in wanted.titles else named(wanted.titles, order)[1]
    return render(
        "commons/show.html",
        status=status_of(problem) if problem else 200,
        page=wanted,
        language=language,
        words=_readable(wanted, language),
        here=here,
        is_own=wanted.source_id == own,
        places=places,
        tongues=order,
        form=form,
        **said,
    )


def _readable(wanted: Offered, language: str) -> Markup:
    """The words without links into their city, and without what would be fetched."""
    found = commons.words(database(), wanted.source_id, wanted.entry_id, language)
    quiet = html.without_embedded(onboarding.rewritten(found.content, {}, ())) if found else ""
    return Markup(quiet)  # noqa: S704 - sanitised when it was saved there


def _place(db: Work, actor: Actor) -> int | None:
    """The page it is to hang below; none is the first level."""
    under = request.form.get("under", "")
    if under not in choices.places(db, actor):
        raise Invalid("commons.place", _("Choose where it is to stand."))
    return int(under) if under else None

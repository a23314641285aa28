"""What all screens share: how they are opened and rendered, what they say at their top, and how one fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, session, url_for
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.features import accounts, announcements, content, upstream
from cityinfo.features.accounts import Account
from cityinfo.features.tenants import Tenant
from cityinfo.kernel import clock, i18n
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound, Problem
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _
from cityinfo.web import security
from cityinfo.web.guard import public
from cityinfo.web.problems import status_of
from cityinfo.web.request import request_work, rights_of

from . import sentences, words
from .assets import asset, send_asset

blueprint = Blueprint("cms", __name__, url_prefix="/cms", template_folder="templates")
LOCALE = "cms_locale"
CSRF_COOKIE = "csrf_access_token"
NOTICES = "notices"
SAVED = "saved_form"
LOCALES = {"de": "Deutsch", "en": "English"}
THEME = "cms_theme"
THEMES = ("", "light", "dark")  # empty: as the system wants it


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to say once, at the top of the next screen. `undo` is an address that takes it back."""

    kind: str
    first: str
    rest: str = ""
    undo: str = ""


@dataclass(slots=True)
class Form:
    """What was typed, and what is wrong with it: sentences by field, and one about the whole."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    problem: str = ""

    def refuse(self, problem: Problem, fields: Mapping[str, str]) -> Form:
        """Say why it cannot be taken: beside the field that the problem's code leads to, else of the whole."""
        name = fields.get(problem.code)
        if name is None:
            self.problem = sentences.said(problem)
        else:
            self.errors[name] = sentences.said(problem)
        return self


@dataclass(frozen=True, slots=True)
class Me:
    """Whoever is at the screen. Who is confined sees nothing but what belongs to their organization."""

    name: str
    permissions: frozenset[str]
    is_confined: bool = False
    account: str = ""

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    def may(self, *permissions: str) -> bool:
        return any(permission in self.permissions for permission in permissions)


@contextmanager
def screen(*, write: bool = False) -> Iterator[tuple[Work, Actor]]:
    """The unit of work of a screen in a city. What stands around every screen is read in it."""
    with request_work(write=write) as (db, actor):
        g.city = db.get(Tenant, db.tenant_id)
        g.me = _me(accounts.account(db, int(actor.name)), actor)
        if not write:
            announce(db, int(actor.name))
            count_updates(db)
        if g.me.is_confined:
            _check_reading(db, actor)
        yield db, actor


def announce(db: Work, account_id: int) -> None:
    """Let the screen show what the platform tells this person. Parts of a screen stand below it already."""
    g.announcements = [] if wants_part() else announcements.shown(db, account_id)


def count_updates(db: Work) -> None:
    """Let the menu say how much waits from the template; None where the city follows nobody. Parts have no menu."""
    sees = g.me.may("page:write", "page:translate") and not wants_part()
    g.updates = upstream.inbox(db) if sees else None


def render(template: str, /, *, status: int = 200, **values: Any) -> Response:
    """A screen, or a part of one."""
    return Response(render_template(f"cms/{template}", **values), status=status, content_type="text/html")


def notice(first: str, rest: str = "", *, kind: str = "success", undo: str = "") -> None:
    """Say this at the top of the next screen."""
    session.setdefault(NOTICES, []).append({"kind": kind, "first": first, "rest": rest, "undo": undo})
    session.modified = True


def note_saved() -> None:
    """Let the next screen say that what was sent to this address is kept, so that browsers need not keep it."""
    session[SAVED] = request.path


def go(endpoint: str, **values: Any) -> AnyResponse:
    """On to another screen, after something was done."""
    return redirect(url_for(f"cms.{endpoint}", **values), code=303)


def address(endpoint: str, **values: Any) -> str:
    """Where a screen is."""
    return url_for(f"cms.{endpoint}", **values)


def local(address: str) -> AnyResponse | None:
    """On to where someone wanted to go, if that is a screen of ours."""
    return redirect(address, code=303) if address.startswith("/cms/") and "\\" not in address else None


def skipped(name: str = "skip") -> int:
    """How much of a list comes before what is asked for."""
    return max(0, request.args.get(name, 0, type=int))


def beside(skip: int, most: int, *, has_more: bool) -> dict[str, Any]:
    """Where the portions of a list before and after this one begin, if there are any."""
    return {"earlier": max(0, skip - most) if skip else None, "following": skip + most if has_more else None}


def city_zone() -> ZoneInfo:
    """By which clocks in the city go."""
    return ZoneInfo(g.city.time_zone)


def show_pictures_from(origin: str) -> None:
    """Let this page show pictures from one place elsewhere."""
    g.pictures = origin


def wants_part() -> bool:
    """Whether a script asked, which shows the answer inside the screen that is open."""
    return "HX-Request" in request.headers or request.accept_mimetypes.best == "application/json"


@blueprint.get("/static/<name>")
@public
def show_asset(name: str) -> Response:
    """Something built, kept by browsers for good."""
    return send_asset(name)


@blueprint.before_request
def _begin() -> None:
    security.check_origin()
    g.speaking = i18n.speaking(_wanted_locale())
    g.speaking.__enter__()


@blueprint.teardown_request
def _end(_error: BaseException | None) -> None:
    speaking = g.pop("speaking", None)
    if speaking is not None:
        speaking.__exit__(None, None, None)


@blueprint.after_request
def _protect(response: Response) -> Response:
    return security.protect(response, pictures=g.get("pictures", ""), files=current_app.extensions["files_from"])


@blueprint.context_processor
def _around() -> dict[str, Any]:
    return {
        "_": _,
        "ngettext": i18n.ngettext,
        "announcements": lambda: g.get("announcements", ()),
        "asset": asset,
        "city": g.get("city"),
        "csrf": _csrf,
        "said": i18n.said,
        "said_again": i18n.said_again,
        "language_name": words.language_name,
        "locale": i18n.language,
        "locales": LOCALES,
        "me": g.get("me"),
        "notices": _notices,
        "saved_form": lambda: session.pop(SAVED, "") if SAVED in session else "",
        "moment": _moment,
        "when": _when,
        "for_field": lambda moment: words.for_field(moment, zone=city_zone()),
        "when_exactly": lambda moment: words.moment(moment, now=clock.now(), zone=city_zone()),
        "updates": lambda: g.get("updates"),
        "theme": lambda: request.cookies.get(THEME, ""),
    }


@blueprint.errorhandler(Problem)
def _fail(problem: Problem) -> AnyResponse:
    status = status_of(problem)
    if status == 401 and request.method == "GET" and not wants_part():
        return go("log_in", next=request.full_path.rstrip("?"))
    if status == 401 and request.form and not wants_part() and "tenant" in (request.view_args or {}):
        return render("login/send_again.html", status=status, to=request.full_path.rstrip("?"), typed=_typed())
    if problem.code == "second_factor.needed" and request.method == "GET" and not wants_part():
        return go("show_second_factor")
    part = "problem_part.html" if wants_part() else "problem.html"
    return render(part, status=status, sentence=sentences.said(problem))


def _typed() -> list[tuple[str, str]]:
    """What a form has sent, to be sent again by whoever has logged in anew."""
    return [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]


@blueprint.get("/<path:lost>")
@public
def show_nothing(lost: str) -> AnyResponse:
    """An address that leads nowhere ends on a page of ours, in the reader's language."""
    raise NotFound("address.unknown", _("There is nothing under this address."))


@blueprint.errorhandler(HTTPException)
def _fail_over_http(error: HTTPException) -> AnyResponse:
    status = error.code or 500
    return render("problem.html", status=status, sentence=_sentence(status))


def _sentence(status: int) -> str:
    if status == 404:
        return _("There is nothing under this address.")
    if status == 413:
        return _("This is more than can be taken at once; send less.")
    return _("This request cannot be used; go back and try again.")


def _wanted_locale() -> str:
    chosen = request.cookies.get(LOCALE)
    return chosen or request.accept_languages.best_match(i18n.LANGUAGES) or i18n.DEFAULT


def _me(account: Account, actor: Actor) -> Me:
    rights = rights_of(actor)
    is_confined = rights.may("page:read") and rights.confined_to("page:read") is not None
    return Me(account.name, rights.permissions(), is_confined=is_confined, account=str(actor))


def _check_reading(db: Work, actor: Actor) -> None:
    """Reading is told to nobody, so whoever sees only what is their organization's is asked here: of the text that the
    address names. A screen for those who read pages that names none shows something of all of them."""
    if "page:read" not in g.permissions:
        return
    named = request.view_args or {}
    entry_id = named.get("page_id") or named.get("entry_id") or 0
    kind = content.find_entry(db, entry_id).kind if entry_id else "page"
    rights_of(actor).check("read", kind, entry_id=entry_id, language="")


def _csrf() -> Markup:
    """The hidden field of a form. A script fills it anew, in case of another login in between."""
    value = request.cookies.get(CSRF_COOKIE, "")
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(value)


def _when(moment: datetime) -> str:
    """A moment as people of the city say it."""
    return words.when(moment, now=clock.now(), zone=city_zone())


def _moment(moment: datetime) -> str:
    """Day and time for what belongs to a person and no city."""
    return words.moment(moment, now=clock.now(), zone=words.NO_CITYS_ZONE)


def _notices() -> list[Notice]:
    return [Notice(**said) for said in session.pop(NOTICES, [])] if NOTICES in session else []

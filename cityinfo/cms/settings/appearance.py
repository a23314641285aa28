"""The screen where a manager says how readers' apps look in the city: two colours and a logo, seen before they hold."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.layout import Form, blueprint, go, notice, render, screen
from cityinfo.features import media, tenants
from cityinfo.features.tenants import PAPERS, Theme
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

PREVIEW = "preview"
MOST_PICTURES = 200
STANDARD = Theme(light="#2044aa", dark="#97afe1")  # what a field for a colour begins with


@dataclass(frozen=True, slots=True)
class Sample:
    """How a colour looks by day or by night, and how clear it is."""

    name: str
    paper: str
    words: str
    accent: str
    on_accent: str
    contrast: str


@blueprint.get("/<tenant>/settings/appearance")
@guarded("settings:manage")
def show_appearance(tenant: str) -> AnyResponse:
    """The colours and the logo, and what they look like."""
    with screen() as (db, _actor):
        now = tenants.theme(db)
        return _show(db, now, Form(_values(now)))


@blueprint.post("/<tenant>/settings/appearance")
@guarded("settings:manage")
def set_appearance(tenant: str) -> AnyResponse:
    """Let apps look so; or, when only a look is wanted (`do`), show it. What was chosen stays when it is refused."""
    form = Form({name: request.form.get(name, "") for name in ("own", "light", "dark", "logo")})
    try:
        with screen(write=True) as (db, actor):
            now, wanted = tenants.theme(db), _typed(db)
            if request.form.get("do") == PREVIEW:
                return _show(db, wanted, form)
            if request.form.get("seen") != _mark(now):
                form.problem = sentences.overtaken()
                return _show(db, wanted, form, status=409)
            tenants.set_theme(db, wanted, actor=actor)
    except Invalid as problem:
        fields = {code: str(problem.data.get("scheme", "light")) for code in ("theme.colour", "theme.contrast")}
        with screen() as (db, _actor):
            wanted = _typed(db, logo=False)
            return _show(db, wanted, form.refuse(problem, {**fields, "theme.logo": "logo"}), status=422)
    notice(_("Saved."), _("Readers' apps learn of it at once."))
    return go("show_appearance", tenant=tenant)


def _typed(db: Work, *, logo: bool = True) -> Theme:
    own, picture = bool(request.form.get("own")), request.form.get("logo", type=int)
    colours = {name: request.form.get(name, "").strip().lower() if own else "" for name in PAPERS}
    return Theme(**colours, logo=media.logo(db, picture) if logo and picture else None)


def _show(db: Work, shown: Theme, form: Form, *, status: int = 200) -> AnyResponse:
    pictures = media.listing(db, media.Search(mime="image/", most=MOST_PICTURES))
    now = tenants.theme(db)
    names = {str(one.id): one.name for one in pictures}
    if now.logo and str(now.logo["id"]) not in names:
        names[str(now.logo["id"])] = media.find(db, now.logo["id"]).name
    return render(
        "settings/appearance.html",
        status=status,
        form=form,
        seen=_mark(now),
        pictures=names,
        logo=shown.logo,
        samples=_samples(shown),
    )


def _samples(theme: Theme) -> list[Sample]:
    names, words = {"light": _("By day"), "dark": _("By night")}, {"light": "#131525", "dark": "#eaebef"}
    chosen = theme if theme.light and theme.dark else replace(theme, light=STANDARD.light, dark=STANDARD.dark)
    found = []
    for scheme, colour in chosen.colours().items():
        try:
            said = f"{tenants.contrast(colour, PAPERS[scheme]):.1f}"
            found.append(Sample(names[scheme], PAPERS[scheme], words[scheme], colour, tenants.ink_on(colour), said))
        except (ValueError, IndexError):  # no colour: the form says so
            continue
    return found


def _values(theme: Theme) -> dict[str, str]:
    own = bool(theme.light)
    colours = theme.colours() if own else STANDARD.colours()
    return {**colours, "own": "1" if own else "", "logo": str(theme.logo["id"]) if theme.logo else ""}


def _mark(theme: Theme) -> str:
    return digest(asdict(theme))

"""The screen where a manager says from whom the city's letters come and how they end."""

from __future__ import annotations

from dataclasses import asdict

from flask import g, request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.layout import Form, blueprint, go, notice, render, screen
from cityinfo.features import logins
from cityinfo.features.logins import Letter
from cityinfo.features.logins.style import MOST_SENDER, MOST_SIGNATURE, Style
from cityinfo.kernel import i18n
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

PREVIEW = "preview"
FIELDS = {"letters.sender": "sender", "letters.signature": "signature", "account.email": "reply_to"}


@blueprint.get("/<tenant>/settings/letters")
@guarded("settings:manage")
def show_letters(tenant: str) -> AnyResponse:
    """Sender, address for answers, signature, and a letter that has them."""
    with screen() as (db, _actor):
        now = logins.style.style(db)
        return _show(now, Form(asdict(now)), now)


@blueprint.post("/<tenant>/settings/letters")
@guarded("settings:manage")
def set_letters(tenant: str) -> AnyResponse:
    """Keep it; or, when only a look is wanted (`do`), show the letter as it would be. What was typed stays."""
    typed = Style(**{name: request.form.get(name, "") for name in asdict(Style())})
    form = Form(asdict(typed))
    try:
        with screen(write=True) as (db, actor):
            now, wanted = logins.style.style(db), logins.style.checked(typed)
            if request.form.get("do") == PREVIEW:
                return _show(wanted, form, now)
            if request.form.get("seen") != digest(asdict(now)):
                form.problem = sentences.overtaken()
                return _show(wanted, form, now, status=409)
            logins.style.set_style(db, wanted, actor=actor)
    except Invalid as problem:
        with screen() as (db, _actor):
            now = logins.style.style(db)
            return _show(now, form.refuse(problem, FIELDS), now, status=422)
    notice(_("Saved."), _("All further letters of the city say so."))
    return go("show_letters", tenant=tenant)


def _show(shown: Style, form: Form, now: Style, *, status: int = 200) -> AnyResponse:
    return render(
        "settings/letters.html",
        status=status,
        form=form,
        seen=digest(asdict(now)),
        letter=logins.style.styled(_sample(), shown),
        most_sender=MOST_SENDER,
        most_signature=MOST_SIGNATURE,
    )


def _sample() -> Letter:
    """An invitation, in the language of whoever is at the screen."""
    city = g.city.full_name
    words = (
        _("Hello {name},", name=g.me.name),
        _("you have been invited to work on what {city} tells its newcomers.", city=city),
        _("Choose your password here within seven days:") + "\n…",
    )
    return Letter(
        to="",
        subject=_("Your access to {city}", city=city),
        text="\n\n".join(words) + "\n",
        language=i18n.language(),
        reference="",
    )

"""The profile: name, language, theme, password, and where one is logged in."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import LOCALE, THEME, THEMES, Form, blueprint, go, notice, render
from cityinfo.cms.login.entering import entrance, keep, who
from cityinfo.features import accounts, logins
from cityinfo.kernel import i18n
from cityinfo.kernel.errors import Forbidden, Invalid, Limited, Problem
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import signed_in
from cityinfo.web.request import account_work, caller_session

from .screen import SHOWN, again, myself, values


@blueprint.get("/profile")
@signed_in
def show_profile() -> AnyResponse:
    """One's own account."""
    return render(SHOWN, form=Form(), **values())


@blueprint.post("/profile")
@signed_in
def change_profile() -> AnyResponse:
    """Another name, another language of the interface, another theme."""
    form = Form(request.form.to_dict())
    language, theme = i18n.known(form.values.get("language", "")), form.values.get("theme", "")
    try:
        with account_work(write=True) as (db, account, _session):
            accounts.describe(db, account.id, name=form.values.get("name", ""), language=language)
    except Invalid as problem:
        return again(problem, form, field="name")
    with i18n.speaking(language):
        notice(_("Saved."))
    response = go("show_profile")
    keep(response, LOCALE, language)
    keep(response, THEME, theme if theme in THEMES else "")
    return response


@blueprint.post("/profile/password")
@signed_in
def change_password() -> AnyResponse:
    """Another password. All other logins end."""
    form = Form(request.form.to_dict())
    current, new = form.values.get("current_password", ""), form.values.get("password", "")
    try:
        entrance().change_password(caller_session(), current=current, new=new, visitor=who())
    except (Invalid, Forbidden, Limited) as problem:
        return again(problem, form, field=_field_of(problem))
    notice(_("Your password is another one now."), _("All other logins have ended."))
    return go("show_profile")


@blueprint.post("/profile/sessions/<int:session_id>/end")
@signed_in
def end_session(session_id: int) -> AnyResponse:
    """End one login."""
    try:
        with account_work(write=True) as (db, account, _session):
            logins.sessions.end_one(db, account.id, session_id, actor=myself(account))
    except Problem as problem:
        return again(problem, Form())
    notice(_("The login has ended."))
    return go("show_profile")


@blueprint.post("/profile/sessions/end")
@signed_in
def end_other_sessions() -> AnyResponse:
    """End all logins but this one."""
    with account_work(write=True) as (db, account, session):
        logins.sessions.end_others(db, session, actor=myself(account))
    notice(_("All other logins have ended."))
    return go("show_profile")


def _field_of(problem: Problem) -> str:
    if isinstance(problem, Limited):
        return ""
    return "current_password" if isinstance(problem, Forbidden) else "password"

"""Second factors of one's own: an authenticator app, passkeys, recovery codes."""

from __future__ import annotations

import json

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.codes import qr_code
from cityinfo.cms.layout import Form, blueprint, go, notice, render
from cityinfo.cms.login.entering import answer_of, entrance, refused
from cityinfo.features import logins
from cityinfo.features.accounts import Account
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Problem, Unauthenticated
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import signed_in
from cityinfo.web.request import account_work

from .screen import again, confirm, myself, profile


@blueprint.get("/profile/second-factor")
@signed_in
def show_second_factor() -> AnyResponse:
    """Set up a second factor, because a city asks for one."""
    return render("profile/second_factor.html", form=Form(), profile=profile())


@blueprint.post("/profile/app")
@signed_in
def prepare_app() -> AnyResponse:
    """The secret for an authenticator app. It counts once the app has shown a right code."""
    try:
        confirm()
        with account_work(write=True) as (db, account, _session):
            app = logins.factors.prepare_app(db, entrance().site, account)
    except Problem as problem:
        return _refused(problem)
    form = Form({"secret": app.secret, "address": app.address})
    return render("profile/app.html", form=form, picture=qr_code(app.address))


@blueprint.post("/profile/app/confirm")
@signed_in
def confirm_app() -> AnyResponse:
    """Let the app count, because it shows the right code."""
    form = Form(request.form.to_dict())
    try:
        with account_work(write=True) as (db, account, session):
            code = form.values.get("code", "")
            logins.factors.confirm_app(db, entrance().site, session, code, actor=myself(account))
            codes = _first_codes(db, account)
    except Problem as problem:
        picture = qr_code(form.values.get("address", ""))
        return refused(problem, "profile/app.html", form, field="code", picture=picture)
    notice(_("The authenticator app counts from now on."))
    return render("profile/codes.html", codes=codes) if codes else go("show_profile")


@blueprint.post("/profile/app/remove")
@signed_in
def remove_app() -> AnyResponse:
    """Let the authenticator app count no longer."""
    try:
        confirm()
        with account_work(write=True) as (db, account, _session):
            logins.factors.remove_app(db, account.id, actor=myself(account))
    except Problem as problem:
        return _refused(problem)
    notice(_("The authenticator app counts no longer."))
    return go("show_profile")


@blueprint.post("/profile/passkeys/question")
@signed_in
def ask_for_new_passkey() -> Response:
    """What the browser is asked for a new passkey."""
    confirm()
    with account_work() as (db, account, _session):
        options, challenge = logins.factors.ask_for_new_passkey(db, entrance().site, account)
    return Response(json.dumps({"challenge": challenge, "options": options}), content_type="application/json")


@blueprint.post("/profile/passkeys")
@signed_in
def add_passkey() -> AnyResponse:
    """Keep a passkey that the browser made."""
    token, name = request.form.get("challenge", ""), request.form.get("name", "")
    try:
        answer = answer_of(request.form.get("passkey", ""))
        with account_work(write=True) as (db, account, session):
            logins.factors.add_passkey(
                db, entrance().site, session, token=token, answer=answer, name=name, actor=myself(account)
            )
            codes = _first_codes(db, account)
    except Problem as problem:
        return _refused(problem)
    notice(_("The passkey counts from now on."))
    return render("profile/codes.html", codes=codes) if codes else go("show_profile")


@blueprint.post("/profile/passkeys/<int:passkey_id>/remove")
@signed_in
def remove_passkey(passkey_id: int) -> AnyResponse:
    """Let a passkey prove nothing any more."""
    try:
        confirm()
        with account_work(write=True) as (db, account, _session):
            logins.factors.remove_passkey(db, account.id, passkey_id, actor=myself(account))
    except Problem as problem:
        return _refused(problem)
    notice(_("The passkey counts no longer."))
    return go("show_profile")


@blueprint.post("/profile/recovery-codes")
@signed_in
def make_recovery_codes() -> AnyResponse:
    """A new sheet of recovery codes; those of before are worth nothing."""
    try:
        confirm()
        with account_work(write=True) as (db, account, _session):
            codes = logins.factors.make_recovery_codes(db, entrance().site, account.id, actor=myself(account))
    except Problem as problem:
        return _refused(problem)
    return render("profile/codes.html", codes=codes)


def _first_codes(db: Work, account: Account) -> list[str]:
    """A sheet of recovery codes for whoever has none yet: nobody shall be locked out by a lost phone."""
    if logins.factors.recovery_codes_left(db, account.id):
        return []
    return logins.factors.make_recovery_codes(db, entrance().site, account.id, actor=myself(account))


def _refused(problem: Problem) -> AnyResponse:
    if isinstance(problem, Unauthenticated):
        raise problem
    return again(problem, Form(request.form.to_dict()))

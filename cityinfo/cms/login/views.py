"""Logging in, with one factor or two, and logging out."""

from __future__ import annotations

import json

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import LOCALE, Form, blueprint, go, local, render
from cityinfo.features import logins
from cityinfo.kernel import i18n
from cityinfo.kernel.errors import Invalid, Problem
from cityinfo.web import identity
from cityinfo.web.guard import public, signed_in
from cityinfo.web.limits import limit_logins
from cityinfo.web.request import account_work

from .entering import answer_of, entrance, keep, let_in, proof, refused, who


@blueprint.get("/login")
@public
def log_in() -> AnyResponse:
    """The ways in."""
    return render("login/password.html", form=Form({"next": request.args.get("next", "")}))


@blueprint.post("/login")
@public
def log_in_with_password() -> AnyResponse:
    """Log in with e-mail address and password; a second factor is asked for in a second step."""
    form = Form(request.form.to_dict())
    try:
        limit_logins()
        session = entrance().log_in(form.values.get("email", ""), form.values.get("password", ""), who())
    except Problem as problem:
        return refused(problem, "login/password.html", form)
    return let_in(session, form.values.get("next", ""))


@blueprint.post("/login/second-factor")
@public
def answer_second_factor() -> AnyResponse:
    """The second step of a login: a code of an app, a recovery code or a passkey."""
    form = Form(request.form.to_dict())
    try:
        limit_logins()
        method, answer = proof(dict(form.values))
        session = entrance().answer(form.values.get("challenge", ""), method, answer, who())
    except Invalid as problem:
        # What was asked is over: only another login asks anew.
        return refused(problem, "login/password.html", Form({"next": form.values.get("next", "")}))
    except Problem as problem:
        return refused(problem, "login/second_factor.html", form)
    return let_in(session, form.values.get("next", ""))


@blueprint.post("/login/passkey/question")
@public
def ask_for_passkey() -> Response:
    """What the browser asks whoever holds a passkey."""
    limit_logins()
    options, challenge = entrance().passkey_question()
    return Response(json.dumps({"challenge": challenge, "options": options}), content_type="application/json")


@blueprint.post("/login/passkey")
@public
def log_in_with_passkey() -> AnyResponse:
    """Log in with a passkey alone."""
    form = Form(request.form.to_dict())
    try:
        limit_logins()
        answer = answer_of(form.values.get("passkey", ""))
        session = entrance().log_in_with_passkey(form.values.get("challenge", ""), answer, who())
    except Problem as problem:
        return refused(problem, "login/password.html", form)
    return let_in(session, form.values.get("next", ""))


@blueprint.post("/logout")
@signed_in
def log_out() -> AnyResponse:
    """End this login."""
    with account_work(write=True) as (db, _account, session):
        logins.sessions.end(db, session.id)
    response = go("log_in")
    identity.sign_out(response)
    return response


@blueprint.get("/locale/<locale>")
@public
def choose_locale(locale: str) -> AnyResponse:
    """Speak another language in the interface from now on."""
    response = local(request.args.get("next", "")) or go("choose_city")
    keep(response, LOCALE, i18n.known(locale))
    return response


@blueprint.get("/login/again")
@signed_in
def logged_in_again() -> AnyResponse:
    """Says who logged in, for a screen that stayed open above which this was done."""
    with account_work() as (_db, account, _session):
        return render("login/again.html", account=account)

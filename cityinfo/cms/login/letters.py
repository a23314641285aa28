"""Ways in by letter: an invitation, and a new password for who forgot theirs."""

from __future__ import annotations

from collections.abc import Callable

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import Form, blueprint, render
from cityinfo.features.logins import LoginSession, Visitor, links
from cityinfo.kernel.errors import Problem
from cityinfo.web.guard import public
from cityinfo.web.limits import limit_logins

from .entering import entrance, let_in, over, refused, who

NEW_PASSWORD = "login/new_password.html"  # noqa: S105 - a template


@blueprint.get("/password/")
@public
def forget_password() -> AnyResponse:
    """Ask for a letter with a way to a new password."""
    return render("login/forgotten.html", form=Form())


@blueprint.post("/password/")
@public
def send_password_letter() -> AnyResponse:
    """The answer is the same whether the address has an account or not."""
    form = Form(request.form.to_dict())
    try:
        limit_logins()
        entrance().forgot(form.values.get("email", ""), who())
    except Problem as problem:
        return refused(problem, "login/forgotten.html", form)
    return render("login/letter_sent.html", form=form)


@blueprint.get("/password/<token>")
@public
def show_reset(token: str) -> AnyResponse:
    """Choose a new password."""
    return _show(token, links.PASSWORD)


@blueprint.post("/password/<token>")
@public
def reset_password(token: str) -> AnyResponse:
    """Keep the new password; all other logins end."""
    return _choose(token, links.PASSWORD, entrance().reset)


@blueprint.get("/invitation/<token>")
@public
def show_invitation(token: str) -> AnyResponse:
    """Who is invited where, and their first password."""
    return _show(token, links.INVITATION)


@blueprint.post("/invitation/<token>")
@public
def accept_invitation(token: str) -> AnyResponse:
    """Keep the first password, and come in."""
    return _choose(token, links.INVITATION, entrance().accept)


def _show(token: str, purpose: str) -> AnyResponse:
    try:
        email, city = _about(token, purpose)
    except Problem as problem:
        return over(problem)
    return render(NEW_PASSWORD, form=Form(), email=email, city=city, purpose=purpose)


def _choose(token: str, purpose: str, choose: Callable[[str, str, Visitor], LoginSession]) -> AnyResponse:
    form = Form(request.form.to_dict())
    email = city = ""
    try:
        email, city = _about(token, purpose)
        limit_logins()
        session = choose(token, form.values.get("password", ""), who())
    except Problem as problem:
        if not problem.code.startswith(("password.", "second_factor.", "limit.")):
            return over(problem)
        return refused(problem, NEW_PASSWORD, form, field="password", email=email, city=city, purpose=purpose)
    return let_in(session)


def _about(token: str, purpose: str) -> tuple[str, str]:
    """Whose letter it is, and the city that it names."""
    account, link = entrance().whose(token, purpose)
    return account.email, link.city

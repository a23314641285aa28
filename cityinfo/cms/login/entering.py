"""What every way in has in common: who stands at the door, what they are handed, and when they are asked for more."""

from __future__ import annotations

import json
from typing import Any

from flask import current_app, request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import LOCALE, Form, go, local, render
from cityinfo.cms.sentences import said
from cityinfo.features import accounts
from cityinfo.features.logins import Entrance, LoginSession, Visitor, factors
from cityinfo.kernel.db import NO_TENANT, Database
from cityinfo.kernel.errors import Invalid, Problem
from cityinfo.kernel.i18n import _
from cityinfo.web import identity
from cityinfo.web.problems import status_of
from cityinfo.web.visitors import visitor

DEVICE = "cms_device"
YEAR = 365 * 24 * 3600  # seconds
REQUIRED = "second_factor.required"


def entrance() -> Entrance:
    found: Entrance = current_app.extensions["entrance"]
    return found


def database() -> Database:
    found: Database = current_app.extensions["database"]
    return found


def who() -> Visitor:
    """Whoever is at the door. A browser that was let in before is known by what it was handed then."""
    return visitor(request.cookies.get(DEVICE, ""))


def let_in(session: LoginSession, wanted: str = "") -> AnyResponse:
    """On to where someone wanted to go, logged in."""
    response = local(wanted) or go("choose_city")
    identity.sign_in(response, session)
    keep(response, DEVICE, entrance().device_token(session), path="/cms")
    if LOCALE not in request.cookies:
        keep(response, LOCALE, _language_of(session))
    return response


def keep(response: AnyResponse, name: str, value: str, *, path: str = "/") -> None:
    """Let the browser remember something that opens nothing."""
    secure = current_app.config["JWT_COOKIE_SECURE"]
    response.set_cookie(name, value, max_age=YEAR, path=path, secure=secure, httponly=True, samesite="Lax")


def refused(problem: Problem, template: str, form: Form, *, field: str = "", **values: Any) -> AnyResponse:
    """The same form again with what is wrong, beside its field if it is of one; or the question for a second factor."""
    if problem.code == REQUIRED:
        return ask_for_second_factor(problem, form.values.get("next", ""))
    if field:
        form.errors[field] = said(problem)
    else:
        form.problem = said(problem)
    response = render(template, form=form, status=_status(problem), **values)
    if "retry_after" in problem.data:
        response.headers["Retry-After"] = str(problem.data["retry_after"])
    return response


def ask_for_second_factor(problem: Problem, wanted: str) -> AnyResponse:
    """The next step of a login. What the server must know again travels with the form, signed."""
    passkey = json.dumps(problem.data["passkey"]) if "passkey" in problem.data else ""
    methods = " ".join(problem.data["methods"])
    form = Form({"challenge": problem.data["challenge"], "question": passkey, "methods": methods, "next": wanted})
    return render("login/second_factor.html", form=form)


def proof(values: dict[str, str]) -> tuple[str, Any]:
    """What someone answers to the question for a second factor, and by which method."""
    method = next((name for name in factors.METHODS if values.get(name)), factors.TOTP)
    return method, answer_of(values[method]) if method == factors.PASSKEY else values.get(method, "")


def answer_of(text: str) -> dict[str, Any]:
    """What a passkey answered, as the browser's script writes it."""
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise Invalid("passkey.refused", "This passkey could not be checked; start again, or choose another way.")
    return answer


def over(problem: Problem) -> AnyResponse:
    """A link of a letter that opens nothing any more, with the way to another one."""
    title = _("This link is over") if problem.code.startswith("link.") else _("This did not work")
    return render("login/link_over.html", status=_status(problem), sentence=said(problem), title=title)


def _status(problem: Problem) -> int:
    status = status_of(problem, otherwise=422)
    return 422 if status == 401 else status


def _language_of(session: LoginSession) -> str:
    with database().unit_of_work(NO_TENANT) as db:
        return accounts.account(db, session.account_id).language

"""Someone leaves: who takes over what waits for them, and the end of all their roles here."""

from __future__ import annotations

from flask import current_app, request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import Form, blueprint, go, notice, render, screen
from cityinfo.cms.words import kind_names, role_name
from cityinfo.features import accounts, content, handover, tenants
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import _, ngettext
from cityinfo.web.guard import guarded

SHOWN = 50  # texts that are named
HERE = "/<tenant>/people/<int:membership_id>/leave"


@blueprint.get(HERE)
@guarded("people:manage")
def show_leaving(tenant: str, membership_id: int) -> AnyResponse:
    """What waits for the person, and who could take it over."""
    with screen() as (db, _actor):
        return _show(db, membership_id, Form())


@blueprint.post(HERE)
@guarded("people:manage")
def let_leave(tenant: str, membership_id: int) -> AnyResponse:
    """Hand over, revoke the tokens that were ticked, end all roles: at once or, when something is refused, not at
    all."""
    form = Form(request.form.to_dict())
    try:
        with screen(write=True) as (db, actor):
            person = accounts.account(db, accounts.membership(db, membership_id).account_id)
            name, to = person.name, request.form.get("to", type=int)
            revoked = [int(one) for one in request.form.getlist("token") if one.isdecimal()]
            places = current_app.extensions["places"]
            done = handover.hand_over(db, person.id, to=to, revoked=revoked, places=places, actor=actor)
            successor = accounts.account(db, to).name if to else ""
            is_me = actor.name == str(person.id)
    except Invalid as problem:
        with screen() as (db, _actor):
            return _show(db, membership_id, form.refuse(problem, {"handover.colleague": "to"}), status=422)
    rest = _("{name} takes over what waited.", name=successor) if successor and done.waits else ""
    notice(_("{name} no longer works in this city.", name=name), rest)
    return go("choose_city") if is_me else go("list_people", tenant=tenant)


def _show(db: Work, membership_id: int, form: Form, *, status: int = 200) -> AnyResponse:
    person = accounts.account(db, accounts.membership(db, membership_id).account_id)
    burden = handover.burden_of(db, person.id)
    return render(
        "people/leave.html",
        status=status,
        membership_id=membership_id,
        person=person,
        roles=[role_name(row.role) for row in accounts.memberships(db, person.id)],
        burden=burden,
        texts=burden.texts[:SHOWN],
        more=max(0, len(burden.texts) - SHOWN),
        threads=ngettext("One conversation", "{number} conversations", burden.threads) if burden.threads else "",
        reasons=_reasons(),
        kinds=kind_names(),
        languages=tenants.languages(db),
        colleagues={str(one): name for one, name in handover.successors(db, person.id).items()},
        chosen=request.form.getlist("token"),
        form=form,
    )


def _reasons() -> dict[str, str]:
    return {
        content.REQUESTED: _("waits for their review"),
        content.RETURNED: _("was returned to them"),
        content.KEPT: _("has words of theirs that are not saved"),
    }

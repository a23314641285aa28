"""One person's role: how far it reaches, and why they may do something, or not."""

from __future__ import annotations

from flask import current_app, request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import choices, sentences
from cityinfo.cms.layout import Form, blueprint, city_zone, go, notice, render, screen
from cityinfo.cms.words import for_field, kind_names, role_name
from cityinfo.cms.writing.forms import moment
from cityinfo.features import accounts, content, logins, pages, tenants
from cityinfo.features.accounts import Explanation, Membership, MembershipDraft
from cityinfo.features.organizations import ORGANIZATIONS
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid, Problem
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

VERBS = ("read", "write", "translate", "edit", "publish", "archive")
CHOICES = ("role", "organization", "may_publish", "expires_at")


@blueprint.get("/<tenant>/people/<int:membership_id>")
@guarded("people:read")
def show_person(tenant: str, membership_id: int) -> AnyResponse:
    """The role with its reach; with `permission` and `language` also whether they may do that, and why."""
    with screen() as (db, _actor):
        row = accounts.membership(db, membership_id)
        return _show(db, row, Form(_values(row)), chosen=_kept(row))


@blueprint.post("/<tenant>/people/<int:membership_id>")
@guarded("people:manage")
def change_person(tenant: str, membership_id: int) -> AnyResponse:
    """Another role or reach; it holds from their next click on. What was typed stays when it is refused."""
    try:
        with screen(write=True) as (db, actor):
            accounts.change_membership(db, membership_id, _draft(), actor=actor)
    except Invalid as problem:
        with screen() as (db, _actor):
            row = accounts.membership(db, membership_id)
            typed = {name: request.form.get(name, "") for name in CHOICES}
            chosen = {name: request.form.getlist(name) for name in ("languages", "subtree")}
            return _show(db, row, Form(typed), chosen=chosen, problem=problem)
    notice(_("Saved."), _("It holds from the next click on."))
    return go("show_person", tenant=tenant, membership_id=membership_id)


def _draft() -> MembershipDraft:
    organization = request.form.get("organization", type=int)
    role = request.form.get("role", "")
    return MembershipDraft(
        role=role,
        languages=request.form.getlist("languages"),
        subtree=[int(one) for one in request.form.getlist("subtree") if one.isdecimal()],
        organization=organization if role == accounts.CONTRIBUTOR else None,
        may_publish="may_publish" in request.form,
        expires_at=moment("expires_at"),
    )


def _show(
    db: Work, row: Membership, form: Form, *, chosen: dict[str, list[str]], problem: Problem | None = None
) -> AnyResponse:
    if problem is not None:
        form.problem = sentences.said(problem)
    registry, root = tenants.languages(db), tenants.root_language(db)
    return render(
        "people/show.html",
        status=200 if problem is None else 422,
        row=row,
        person=accounts.account(db, row.account_id),
        factors=logins.factors.methods(db, row.account_id),
        form=form,
        chosen=chosen,
        roles={role: role_name(role) for role in accounts.ROLES},
        languages={code: registry[code] for code in tenants.tree(db)},
        chapters=_chapters(db, root, chosen["subtree"]),
        organizations=choices.entries(db, ORGANIZATIONS),
        kinds=kind_names(),
        verbs=_verbs(),
        why=_why(db, row),
    )


def _why(db: Work, row: Membership) -> Explanation | None:
    """The answer to what was asked; to no entry in particular."""
    permission = f"{request.args.get('kind', '')}:{request.args.get('verb', '')}"
    if permission not in accounts.PERMISSIONS:
        return None
    language, places = request.args.get("language", ""), current_app.extensions["places"]
    return accounts.explain(db, row.account_id, permission, language=language, places=places)


def _values(row: Membership) -> dict[str, str]:
    return {
        "role": row.role,
        "organization": str(row.organization_id or ""),
        "may_publish": "1" if row.may_publish else "",
        "expires_at": for_field(row.expires_at, zone=city_zone()),
    }


def _kept(row: Membership) -> dict[str, list[str]]:
    return {"languages": list(row.languages), "subtree": [str(one) for one in row.subtree]}


def _chapters(db: Work, root: str, chosen: list[str]) -> dict[str, str]:
    """The pages of the first level, and those that are chosen wherever they stand, by their titles."""
    first = [branch.node.id for branch in pages.branches(db, ())]
    wanted = dict.fromkeys([*first, *(int(one) for one in chosen if one.isdecimal())])
    titles = content.titles_of(db, wanted)
    return {str(one): content.name(titles.get(one, {}), root)[0] for one in wanted}


def _verbs() -> dict[str, str]:
    words = {
        "read": _("read"),
        "write": _("write"),
        "translate": _("translate"),
        "edit": _("change facts"),
        "publish": _("publish"),
        "archive": _("archive"),
    }
    return {verb: words[verb] for verb in VERBS}

"""The screen where a city says what its texts ask of it: telephone numbers, addresses, names of its offices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.layout import Form, blueprint, go, notice, render, screen
from cityinfo.features import placeholders, tenants
from cityinfo.features.placeholders import EVERY, Asked
from cityinfo.kernel import i18n
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import ngettext
from cityinfo.web.guard import guarded

Values = Mapping[tuple[str, str], str]  # by key and language


@blueprint.get("/<tenant>/settings/placeholders")
@guarded("settings:manage")
def show_placeholders(tenant: str) -> AnyResponse:
    """Everything that texts ask for, with what is said so far."""
    with screen() as (db, _actor):
        asked, now = placeholders.asked(db), placeholders.values(db)
        return _show(db, asked, Form({_field(*one): value for one, value in now.items()}), now)


@blueprint.post("/<tenant>/settings/placeholders")
@guarded("settings:manage")
def set_placeholders(tenant: str) -> AnyResponse:
    """Say it; what names it is published anew. What was typed stays when one of it cannot be kept."""
    with screen(write=True) as (db, actor):
        asked, now = placeholders.asked(db), placeholders.values(db)
        typed = _typed(asked)
        form = Form({_field(*one): value for one, value in typed.items()}, _errors(asked, typed))
        if form.errors:
            return _show(db, asked, form, now, status=422)
        if request.form.get("seen") != digest(sorted(now.items())):
            form.problem = sentences.overtaken()
            return _show(db, asked, form, now, status=409)
        changed = placeholders.fill(db, typed, actor=actor)
    said = ngettext(
        "One fact is new; texts that name it say so now.",
        "{number} facts are new; texts that name them say so now.",
        len(changed),
    )
    notice(i18n._("Saved."), said if changed else "")
    return go("show_placeholders", tenant=tenant)


def _typed(asked: Sequence[Asked]) -> dict[tuple[str, str], str]:
    wanted = ((one.placeholder.key, language) for one in asked for language in one.languages)
    return {one: request.form.get(_field(*one), "").strip() for one in wanted}


def _errors(asked: Sequence[Asked], typed: Values) -> dict[str, str]:
    kinds = {one.placeholder.key: one.placeholder.kind for one in asked}
    found = {}
    for (key, language), value in typed.items():
        try:
            placeholders.check_value(kinds[key], value)
        except Invalid as problem:
            found[_field(key, language)] = sentences.said(problem)
    return found


def _field(key: str, language: str) -> str:
    return f"{key}-{language}" if language != EVERY else key


def _show(db: Work, asked: Sequence[Asked], form: Form, now: Values, *, status: int = 200) -> AnyResponse:
    return render(
        "settings/placeholders.html",
        status=status,
        form=form,
        offices=[list(facts) for _, facts in groupby(asked, key=_office)],
        languages=tenants.languages(db),
        missing=sum(one.is_missing for one in asked),
        said_in=_said_in,
        seen=digest(sorted(now.items())),
        types={"phone": "tel", "email": "email", "url": "url"},
    )


def _office(one: Asked) -> str:
    return one.placeholder.key.partition(".")[0]


def _said_in(words: Mapping[str, str]) -> str:
    """What the form asks, in the language of whoever reads it, else in any it has."""
    found = (words.get(one) for one in (i18n.language(), "de", "en", *words))
    return next((one for one in found if one), "")

"""Words to look for, the texts they stand in with what these would say, and what was replaced before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.entries.words import number
from cityinfo.cms.kinds import KINDS, kind_of, of_any
from cityinfo.cms.layout import Form, blueprint, go, notice, render, screen
from cityinfo.cms.words import kind_names
from cityinfo.cms.writing.desk import city_languages
from cityinfo.cms.writing.merging import readable
from cityinfo.features import accounts, content, replacements, tenants
from cityinfo.features.replacements import MOST_AT_ONCE, Chosen, Hit, Wanted
from cityinfo.kernel import blocks
from cityinfo.kernel.blocks import Change
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid, Problem
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _, ngettext
from cityinfo.web.guard import guarded

FIELDS = ("words", "instead", "match_case", "parts", "language", "minor")
SHOWN = 10  # of those before


@dataclass(frozen=True, slots=True)
class Shown:
    """A text in which the words stand, and the passages that would change."""

    hit: Hit
    title: str
    passages: Sequence[Markup]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many texts say it now, how many of them readers see, and why others do not."""

    changed: int
    public: int
    failed: Sequence[str]


@blueprint.get("/<tenant>/replacements")
@guarded(*of_any("write", "translate"))
def list_replacements(tenant: str) -> AnyResponse:
    """The form; with `words` the texts in which they stand, a sheet at a time."""
    values = {"minor": "1", **{name: request.args[name] for name in FIELDS if name in request.args}}
    if "words" in request.args:
        values["minor"] = request.args.get("minor", "")
    with screen() as (db, actor):
        return _show(db, actor, Form(values))


@blueprint.post("/<tenant>/replacements")
@guarded(*of_any("write", "translate"))
def replace_words(tenant: str) -> AnyResponse:
    """Replace in the texts that were chosen (`text`, each with its revision)."""
    values = {name: request.form.get(name, "") for name in FIELDS}
    wanted, chosen = _wanted(values), request.form.getlist("text")[:MOST_AT_ONCE]
    try:
        if not chosen:
            raise Invalid("replacement.texts", _("Choose at least one text."))
        with screen(write=True) as (db, actor):
            replacement_id = replacements.begin(db, wanted, actor=actor).id
    except Invalid as problem:
        with screen() as (db, actor):
            return _show(db, actor, Form(values, problem=sentences.said(problem)), status=422)
    outcome = _all_of(chosen, lambda db, actor, text: _replace(db, actor, replacement_id, text, wanted, values))
    _say(outcome)
    return go("list_replacements", tenant=tenant)


@blueprint.post("/<tenant>/replacements/<int:replacement_id>/undo")
@guarded(*of_any("write", "translate"))
def undo_replacement(tenant: str, replacement_id: int) -> AnyResponse:
    """Let every text say again what it said, but those that someone has changed since."""
    with screen() as (db, _actor):
        changed = [str(text_id) for text_id in replacements.replaced(db, replacement_id)]
    outcome = _all_of(
        changed, lambda db, actor, text: replacements.take_back(db, replacement_id, number(text), actor=actor)
    )
    with screen(write=True) as (db, _actor):
        replacements.note_undone(db, replacement_id)
    _say(outcome)
    return go("list_replacements", tenant=tenant)


def _wanted(values: dict[str, str]) -> Wanted:
    return Wanted(
        words=values.get("words", "").strip(),
        instead=values.get("instead", "").strip(),
        match_case=bool(values.get("match_case")),
        whole_words=not values.get("parts"),
    )


def _show(db: Work, actor: Actor, form: Form, *, status: int = 200) -> AnyResponse:
    found, following, asked = _found(db, actor, form) if form.values.get("words") is not None else ([], None, False)
    return render(
        "replacements/list.html",
        status=status,
        form=form,
        found=found,
        following=following,
        asked=asked,
        languages=city_languages(db),
        kind_names=kind_names(),
        earlier=replacements.replacements(db, most=SHOWN),
        names=accounts.names(db),
        own=str(actor),
    )


def _found(db: Work, actor: Actor, form: Form) -> tuple[list[Shown], int | None, bool]:
    """The texts that this person may change; whether there was anything to look for."""
    try:
        wanted = _wanted(dict(form.values)).checked()
    except Invalid as problem:
        form.problem = form.problem or sentences.said(problem)
        return [], None, False
    after = request.args.get("after", 0, type=int)
    hits = replacements.found(db, wanted, list(KINDS), language=form.values.get("language", ""), after=after)
    sheet = hits[:MOST_AT_ONCE]
    titles, root = content.titles_of(db, {hit.text.entry_id for hit in sheet}), tenants.root_language(db)
    shown = [
        Shown(hit, content.name(titles.get(hit.text.entry_id, {}), root)[0], _passages(hit))
        for hit in sheet
        if actor.may("write", hit.kind, entry_id=hit.text.entry_id, language=hit.text.language)
    ]
    return shown, sheet[-1].text.id if len(hits) > MOST_AT_ONCE else None, True


def _passages(hit: Hit) -> list[Markup]:
    """What would change, with what goes and what comes."""
    title = [readable(blocks.marked(escape(hit.before.title), escape(hit.title)))]
    steps = blocks.compare_texts(hit.before.content, hit.content)
    changed = [
        readable(blocks.marked("".join(step.before), "".join(step.after)))
        for step in steps
        if step.change is not Change.SAME
    ]
    return (title if hit.title != hit.before.title else []) + changed


def _replace(db: Work, actor: Actor, replacement_id: int, text: str, wanted: Wanted, values: dict[str, str]) -> bool:
    text_id, _colon, revision = text.partition(":")
    entry_id = content.text_by_id(db, number(text_id)).entry_id
    chosen = Chosen(number(text_id), number(revision), bool(values["minor"]))
    save = kind_of(db, entry_id).save_text
    return replacements.replace(db, replacement_id, chosen, wanted, save=save, actor=actor)


def _all_of(texts: Sequence[str], act: Any) -> Outcome:
    """Each in a unit of work of its own; those that fail are named with the reason."""
    changed = public = 0
    failed = []
    for text in texts:
        title = ""
        try:
            with screen(write=True) as (db, actor):
                title = _title(db, number(text.partition(":")[0]))
                public += act(db, actor, text)
                changed += 1
        except Problem as problem:
            failed.append(_("{title}: {sentence}", title=title, sentence=sentences.said(problem)))
    return Outcome(changed, public, failed)


def _title(db: Work, text_id: int) -> str:
    version = content.version(db, content.text_by_id(db, text_id).current_version_id)
    return version.title if version else ""


def _say(outcome: Outcome) -> None:
    if outcome.changed:
        first = ngettext("One text changed.", "{number} texts changed.", outcome.changed)
        waiting = outcome.changed - outcome.public
        rest = ngettext("One of them is not published.", "{number} of them are not published.", waiting)
        notice(first, rest if waiting else _("Readers see it now."))
    if outcome.failed:
        notice(_("Not everything could be done."), " ".join(outcome.failed), kind="warning")

"""What belongs to someone's organization, and the form in which they say what it should say instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.entries.words import as_html, as_text
from cityinfo.cms.layout import Form, blueprint, city_zone, go, notice, render, screen
from cityinfo.cms.words import kind_names
from cityinfo.cms.writing.desk import city_languages, spoken_here
from cityinfo.features import content, proposals, tenants
from cityinfo.features.content import Entry
from cityinfo.features.proposals import Draft, Proposal
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict, Invalid, Outdated, Problem
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded
from cityinfo.web.problems import status_of
from cityinfo.web.request import rights_of

from .differences import facts_now, flat, nested, title_of, typed_facts, words_now
from .fields import Field, fields_of, typed_as
from .views import PROPOSE

SHOWN = 50  # records on one sheet
HERE = "/<tenant>/records/<int:entry_id>"
FIELDS = {
    "text.title": "title",
    "proposal.message": "message",
    "location.postal_code": "fact-address-postal_code",
    "contact.email": "fact-email",
    "contact.phone": "fact-phone",
    "offer.cost": "fact-cost_from",
    "offer.age": "fact-age_from",
    "offer.deadline": "fact-deadline",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A record of the organization, and how many changes to it wait."""

    id: int
    kind: str
    title: str
    waiting: int


@blueprint.get("/<tenant>/records")
@guarded(*PROPOSE)
def list_records(tenant: str) -> AnyResponse:
    """Everything of the person's organization by title, a sheet at a time; `q` looks in titles."""
    wanted, start = request.args.get("q", "").strip(), max(request.args.get("from", 0, type=int), 0)
    with screen() as (db, actor):
        rows = [one for one in _rows(db, actor) if wanted.casefold() in one.title.casefold()]
        return render(
            "proposals/records.html",
            rows=rows[start : start + SHOWN],
            following=start + SHOWN if len(rows) > start + SHOWN else None,
            wanted=wanted,
            kinds=kind_names(),
        )


@blueprint.get(HERE)
@guarded(*PROPOSE)
def show_record(tenant: str, entry_id: int) -> AnyResponse:
    """The form with the record as it is, in a `language`; with `again` as an earlier proposal wanted it."""
    with screen() as (db, actor):
        entry, language = content.find_entry(db, entry_id), _language(db)
        values = _values(db, entry, language)
        earlier = _earlier(db, entry, actor)
        return _form(db, entry, language, Form(values | _proposed(entry, earlier) if earlier else values), actor=actor)


@blueprint.post(HERE)
@guarded(*PROPOSE)
def propose_change(tenant: str, entry_id: int) -> AnyResponse:
    """Put what was typed before the editors. What was typed stays when it is refused or someone was quicker."""
    try:
        with screen(write=True) as (db, actor):
            entry, language = content.find_entry(db, entry_id), _language(db)
            draft = _draft(db, entry, language)
            appliers = current_app.extensions["apply_facts"]
            made = proposals.propose(db, entry_id, draft, appliers=appliers, actor=actor).id
    except (Conflict, Invalid) as problem:
        return _again(entry_id, problem)
    notice(_("Proposed."), _("The editors look at it. Readers see it once it is accepted."))
    return go("show_proposal", tenant=tenant, proposal_id=made)


def _rows(db: Work, actor: Actor) -> list[Row]:
    confined = rights_of(actor).confined_to("organization:propose") or ()
    found, root = proposals.records(db, confined), tenants.root_language(db)
    titles = content.titles_of(db, [one.entry.id for one in found])
    rows = [
        Row(one.entry.id, one.entry.kind, content.name(titles.get(one.entry.id, {}), root)[0], one.waiting)
        for one in found
    ]
    return sorted(rows, key=lambda row: (proposals.KINDS.index(row.kind), row.title.casefold(), row.id))


def _draft(db: Work, entry: Entry, language: str) -> Draft:
    """Words only where they differ from those on the screen, facts likewise."""
    typed = request.form
    words, _revision = words_now(db, entry.id, language)
    title, body = typed.get("title", "").strip(), as_html(typed.get("content", ""))
    same = words is not None and (title, body) == (words.title, as_html(as_text(words.content)))
    empty = words is None and not title and not body
    facts = typed_facts(_asked(entry), facts_now(db, entry), typed, city_zone())
    return Draft(
        language="" if same or empty else language,
        title=title,
        content=body,
        text_revision=typed.get("text_revision", 0, type=int),
        facts=nested(facts),
        entry_revision=typed.get("entry_revision", 0, type=int),
        message=typed.get("message", ""),
    )


def _again(entry_id: int, problem: Problem) -> AnyResponse:
    """The form with what was typed. After a conflict it can be sent again, for the record as it is now."""
    with screen() as (db, actor):
        entry, language = content.find_entry(db, entry_id), _language(db)
        fresh = {name: _values(db, entry, language)[name] for name in ("text_revision", "entry_revision")}
        off = {one.key: "" for one in _asked(entry)}  # a box that is not ticked sends nothing
        form = Form({**off, **request.form.to_dict(), **fresh}).refuse(problem, FIELDS)
        if isinstance(problem, Outdated):
            form.problem = _("Not sent yet: someone changed this meanwhile. Your words are below; send them again.")
        return _form(db, entry, language, form, actor=actor, status=status_of(problem))


def _form(db: Work, entry: Entry, language: str, form: Form, *, actor: Actor, status: int = 200) -> AnyResponse:
    rights_of(actor).check("propose", entry.kind, entry_id=entry.id, language=language)
    spoken = city_languages(db)
    return render(
        "proposals/propose.html",
        status=status,
        entry=entry,
        kind=kind_names()[entry.kind],
        title=title_of(db, entry.id),
        language=spoken_here(spoken, language),
        languages=spoken,
        form=form,
        fields=_asked(entry),
        waiting=_waiting(db, entry, actor),
        most_message=proposals.MOST_MESSAGE,
    )


def _waiting(db: Work, entry: Entry, actor: Actor) -> Sequence[Proposal]:
    """What this person has proposed for it and nobody has decided."""
    return [one for one in proposals.of_entry(db, entry.id) if one.author == str(actor)]


def _values(db: Work, entry: Entry, language: str) -> dict[str, str]:
    """Everything the form shows of what is kept."""
    words, revision = words_now(db, entry.id, language)
    now, zone = facts_now(db, entry), city_zone()
    return {
        "title": words.title if words else "",
        "content": as_text(words.content) if words else "",
        "text_revision": str(revision),
        "entry_revision": str(entry.revision),
        "message": "",
        **{one.key: typed_as(one, now.get(one.name), zone) for one in _asked(entry)},
    }


def _earlier(db: Work, entry: Entry, actor: Actor) -> Proposal | None:
    """An earlier proposal of this person for the record, to begin from."""
    wanted = request.args.get("again", type=int)
    found = proposals.find(db, wanted) if wanted else None
    return found if found and (found.entry_id, found.author) == (entry.id, str(actor)) else None


def _proposed(entry: Entry, earlier: Proposal) -> dict[str, str]:
    wanted, zone = flat(earlier.facts), city_zone()
    words = {"title": earlier.title, "content": as_text(earlier.content)} if earlier.language else {}
    asked = [one for one in _asked(entry) if one.name in wanted]
    return {**words, "message": earlier.message, **{one.key: typed_as(one, wanted[one.name], zone) for one in asked}}


def _asked(entry: Entry) -> list[Field]:
    return [one for one in fields_of(entry.kind) if one.can_be_typed]


def _language(db: Work) -> str:
    return request.values.get("language") or tenants.root_language(db)

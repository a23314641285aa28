"""The list of events, the form of one, and its translations."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import choices, sentences
from cityinfo.cms.layout import Form, blueprint, city_zone, go, notice, render, screen
from cityinfo.cms.states import standing
from cityinfo.cms.writing.desk import city_languages
from cityinfo.features import content, events, organizations, tenants
from cityinfo.features.content import Search, TextDraft
from cityinfo.features.events import EVENTS, Event, EventFacts
from cityinfo.features.locations import LOCATIONS
from cityinfo.features.organizations import ORGANIZATIONS
from cityinfo.kernel import clock
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict, Invalid, Outdated, Problem
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded
from cityinfo.web.request import rights_of

from .dates import Preview, is_over, preview
from .forms import as_html, as_text, shown, typed, with_facts
from .repeating import DAILY, MONTHLY, ONCE, OTHER, WEEKLY, YEARLY, repeat_of
from .words import in_words

ON_A_SHEET = 50
PUBLISH, CONFIRM = "publish", "confirm"
FIELDS = {"text.title": "title", "event.day": "starts_on", "event.time": "starts_at", "event.end": "ends_at"}


@blueprint.get("/<tenant>/events")
@guarded("event:read")
def list_events(tenant: str) -> AnyResponse:
    """Newest first, a sheet at a time; `q` looks in titles, `archived` shows what was put away."""
    looked_for = {name: request.args.get(name, "") for name in ("q", "archived")}
    with screen() as (db, actor):
        search = Search(
            q=looked_for["q"],
            archived=bool(looked_for["archived"]),
            among=_readable(db, actor),
            after=request.args.get("after", 0, type=int),
            most=ON_A_SHEET,
        )
        drafts, following = content.listing(db, EVENTS, search)
        found, root = events.events(db, [draft.entry.id for draft in drafts]), tenants.root_language(db)
        return render(
            "events/list.html",
            rows=[_row(draft, found[draft.entry.id], root) for draft in drafts],
            languages=city_languages(db),
            following=following,
            looked_for=looked_for,
        )


@blueprint.get("/<tenant>/events/new")
@guarded("event:create")
def new_event(tenant: str) -> AnyResponse:
    """An empty form; next week at six, once."""
    with screen() as (db, actor):
        return _form(db, actor, None, None, Form(_beginning()))


@blueprint.post("/<tenant>/events/new")
@guarded("event:create")
def create_event(tenant: str) -> AnyResponse:
    """Make the event with its first text. What was typed stays when it is refused."""
    values = typed()
    try:
        with screen(write=True) as (db, actor):
            event_id = events.create(db, with_facts(None, values), actor=actor).id
            _save_words(db, event_id, values, actor)
            seen = _what_readers_see(db, event_id)
    except (Conflict, Invalid) as problem:
        return _again(None, values, problem)
    _say_what_was_done(seen)
    return go("edit_event", tenant=tenant, event_id=event_id)


@blueprint.get("/<tenant>/events/<int:event_id>")
@guarded("event:read")
def edit_event(tenant: str, event_id: int) -> AnyResponse:
    """When it takes place, where, and its words in the city's own language."""
    with screen() as (db, actor):
        _check_reading(actor, event_id)
        facts = _facts(db, event_id)
        return _form(db, actor, event_id, facts, Form(_values(db, event_id, facts)))


@blueprint.post("/<tenant>/events/<int:event_id>")
@guarded("event:edit")
def save_event(tenant: str, event_id: int) -> AnyResponse:
    """Save all of the form and, when asked for (`do`), publish its words. What was typed stays when it is refused."""
    values = typed()
    try:
        with screen(write=True) as (db, actor):
            before = _facts(db, event_id)
            wanted = with_facts(before, values)
            if wanted != before:
                events.change(db, event_id, wanted, revision=_number(values["revision"]), actor=actor)
            _save_words(db, event_id, values, actor)
            seen = _what_readers_see(db, event_id)
    except (Conflict, Invalid) as problem:
        return _again(event_id, values, problem)
    _say_what_was_done(seen)
    return go("edit_event", tenant=tenant, event_id=event_id)


@blueprint.post("/<tenant>/events/dates")
@guarded("event:read")
def show_dates(tenant: str) -> AnyResponse:
    """What the form as it is typed comes to: the sentence for readers and the next dates."""
    with screen() as (db, actor):
        event_id = request.form.get("event", type=int)
        _check_reading(actor, event_id)
        before = _facts(db, event_id) if event_id else None
        try:
            return render("events/dates.html", preview=preview(db, with_facts(before, typed())))
        except Invalid as problem:
            return render("events/dates.html", preview=None, problem=sentences.said(problem))


@blueprint.post("/<tenant>/events/<int:event_id>/copy")
@guarded("event:create")
def copy_event(tenant: str, event_id: int) -> AnyResponse:
    """A new event that says the same, not public yet."""
    try:
        with screen(write=True) as (db, actor):
            _check_reading(actor, event_id)
            twin_id = events.copy(db, event_id, actor=actor).id
    except Invalid as problem:
        notice(sentences.said(problem), kind="danger")
        return go("edit_event", tenant=tenant, event_id=event_id)
    notice(_("This is the copy."), _("Readers do not see it yet."))
    return go("edit_event", tenant=tenant, event_id=twin_id)


@blueprint.post("/<tenant>/events/<int:event_id>/archive")
@guarded("event:archive")
def archive_event(tenant: str, event_id: int) -> AnyResponse:
    """Out of sight, or back (`back`)."""
    back = bool(request.form.get("back"))
    with screen(write=True) as (db, actor):
        act = events.restore if back else events.archive
        act(db, event_id, revision=request.form.get("revision", 0, type=int), actor=actor)
    notice(_("It is back.") if back else _("Archived."))
    return go("edit_event" if back else "list_events", tenant=tenant, **({"event_id": event_id} if back else {}))


@blueprint.get("/<tenant>/events/<int:event_id>/<language>")
@guarded("event:read")
def show_event_words(tenant: str, event_id: int, language: str) -> AnyResponse:
    """Its words in another language beside those they are translated from."""
    with screen() as (db, actor):
        _check_reading(actor, event_id)
        return _words(db, actor, event_id, language, Form(_words_of(db, event_id, language)))


@blueprint.post("/<tenant>/events/<int:event_id>/<language>")
@guarded("event:write", "event:translate")
def save_event_words(tenant: str, event_id: int, language: str) -> AnyResponse:
    """Save a translation and, when asked for (`do`), publish it."""
    values = typed()
    try:
        with screen(write=True) as (db, actor):
            content.find_entry(db, event_id, events.KIND)
            _keep_words(db, event_id, language, values, actor)
    except (Conflict, Invalid) as problem:
        with screen() as (db, actor):
            fresh = _words_of(db, event_id, language)["text_revision"]
            form = _refused({**values, "text_revision": fresh}, problem)
            return _words(db, actor, event_id, language, form, status=_status(problem))
    _say_what_was_done(_("Readers do not see this version yet."))
    return go("show_event_words", tenant=tenant, event_id=event_id, language=language)


def _readable(db: Work, actor: Actor) -> Collection[int] | None:
    """The events that someone may see who sees only those of an organization; None for everyone else."""
    confined = rights_of(actor).confined_to("event:read")
    return None if confined is None else organizations.with_belongings(db, confined)


def _check_reading(actor: Actor, event_id: int | None) -> None:
    """Reading is told to nobody, so its right is asked here."""
    if event_id is not None:
        rights_of(actor).check("read", events.KIND, entry_id=event_id, language="")


def _save_words(db: Work, event_id: int, values: Mapping[str, str], actor: Actor) -> None:
    _keep_words(db, event_id, tenants.root_language(db), values, actor)


def _keep_words(db: Work, event_id: int, language: str, values: Mapping[str, str], actor: Actor) -> None:
    """A new version if anything changed; published when the form says so."""
    now = _words_of(db, event_id, language)
    revision, source = _number(values["text_revision"]), _number(values["shown"])
    title, body = values["title"].strip(), as_html(values["content"])
    if (title, body) != (now["title"], as_html(now["content"])) or not now["title"]:
        draft = TextDraft(title=title, content=body, revision=revision, based_on=source or None)
        content.save_text(db, event_id, language, draft, actor=actor)
    elif request.form.get("do") == CONFIRM:
        content.confirm_text(db, event_id, language, shown=source, revision=revision, actor=actor)
    text = content.find_text(db, event_id, language)
    if request.form.get("do") == PUBLISH and text.current_version_id != text.public_version_id:
        content.publish_text(db, event_id, language, revision=text.revision, actor=actor)


def _again(event_id: int | None, values: dict[str, str], problem: Problem) -> AnyResponse:
    """The form with what was typed. After a conflict it can be saved again, over what the other person wrote."""
    with screen() as (db, actor):
        values, facts = {**values, "days": ",".join(request.form.getlist("days"))}, None
        if event_id is not None:
            facts = _facts(db, event_id)
            values |= {name: _values(db, event_id, facts)[name] for name in ("revision", "text_revision")}
        return _form(db, actor, event_id, facts, _refused(values, problem), status=_status(problem))


def _refused(values: dict[str, str], problem: Problem) -> Form:
    if isinstance(problem, Outdated):
        return Form(values, problem=_overtaken())
    return Form(values).refuse(problem, FIELDS)


def _form(
    db: Work, actor: Actor, event_id: int | None, facts: EventFacts | None, form: Form, *, status: int = 200
) -> AnyResponse:
    draft = content.draft(db, EVENTS, event_id) if event_id else None
    root = tenants.root_language(db)
    spoken = city_languages(db)
    title = draft.texts[root].title if draft and root in draft.texts else ""
    return render(
        "events/edit.html",
        status=status,
        event_id=event_id,
        draft=draft,
        title=title,
        root=root,
        languages=spoken,
        standings={slug: standing(draft, slug) for slug in spoken} if draft else {},
        form=form,
        days=form.values.get("days", "").split(","),
        preview=_preview(db, facts, form),
        kept={name: request.form.getlist(name) for name in ("off", "plus")},
        locations=choices.entries(db, LOCATIONS),
        organizations=choices.entries(db, ORGANIZATIONS),
        often=_often(form.values.get("often", "")),
        may_write=event_id is None or actor.may("edit", events.KIND, entry_id=event_id, language=""),
        may_publish=actor.may("publish", events.KIND, entry_id=event_id or 0, language=root),
    )


def _preview(db: Work, facts: EventFacts | None, form: Form) -> Preview | None:
    """Of what was typed when the form comes back, else of what is kept."""
    try:
        if facts is not None and request.method == "GET":
            return preview(db, facts)
        return preview(db, with_facts(facts, form.values))
    except Invalid:
        return None


def _words(db: Work, actor: Actor, event_id: int, language: str, form: Form, *, status: int = 200) -> AnyResponse:
    spoken = city_languages(db)
    if language not in spoken or language == tenants.root_language(db):
        return go("edit_event", tenant=request.view_args["tenant"] if request.view_args else "", event_id=event_id)
    draft = content.draft(db, EVENTS, event_id)
    source = tenants.tree(db)[language].source or tenants.root_language(db)
    return render(
        "events/words.html",
        status=status,
        event_id=event_id,
        draft=draft,
        languages=spoken,
        language=language,
        source=source,
        source_words=_words_of(db, event_id, source),
        standings={slug: standing(draft, slug) for slug in spoken},
        root=tenants.root_language(db),
        form=form,
        may_write=actor.may("write", events.KIND, entry_id=event_id, language=language),
        may_publish=actor.may("publish", events.KIND, entry_id=event_id, language=language),
    )


def _row(draft: content.Draft, event: Event, root: str) -> dict[str, Any]:
    titles = {language: written.title for language, written in draft.texts.items()}
    series = events.series(event)
    return {
        "id": draft.entry.id,
        "title": content.name(titles, root)[0],
        "when": in_words(repeat_of(series.rules, series.starts), series.starts, series.ends, all_day=event.all_day),
        "standings": {language: standing(draft, language) for language in draft.states},
        "over": is_over(series),
    }


def _facts(db: Work, event_id: int) -> EventFacts:
    return events.facts_of(db, events.find(db, event_id))


def _values(db: Work, event_id: int, facts: EventFacts) -> dict[str, str]:
    """Everything the form shows of what is kept."""
    words = _words_of(db, event_id, tenants.root_language(db))
    return {**shown(facts), **words, "revision": str(content.find_entry(db, event_id, events.KIND).revision)}


def _words_of(db: Work, event_id: int, language: str) -> dict[str, str]:
    text = content.text_of(db, event_id, language)
    version = content.version(db, text.current_version_id) if text else None
    return {
        "title": version.title if version else "",
        "content": as_text(version.content) if version else "",
        "text_revision": str(text.revision if text else 0),
        "version": str(version.id if version else 0),
    }


def _often(chosen: str) -> dict[str, str]:
    words = {
        ONCE: _("Once"),
        DAILY: _("Daily"),
        WEEKLY: _("Weekly"),
        MONTHLY: _("Monthly"),
        YEARLY: _("Yearly"),
    }
    return words | ({OTHER: _("By its own rule")} if chosen == OTHER else {})


def _beginning() -> dict[str, str]:
    """With what an empty form begins."""
    day = (clock.now().astimezone(city_zone()) + timedelta(days=7)).date()
    times = {"starts_on": f"{day}", "starts_at": "18:00", "ends_at": "20:00"}
    fields = {**dict.fromkeys(typed(), ""), **times, "often": ONCE, "interval": "1", "monthly": "day", "end": "never"}
    return {**fields, "days": str(day.weekday()), "text_revision": "0"}


def _overtaken() -> str:
    return _("Not saved yet: someone else changed this meanwhile. Your words are below; save again to keep them.")


def _status(problem: Problem) -> int:
    return 409 if isinstance(problem, Conflict) else 422


def _what_readers_see(db: Work, event_id: int) -> str:
    """After saving: times and places are public at once, words when they are published."""
    text = content.find_text(db, event_id, tenants.root_language(db))
    if text.public_version_id is None:
        return _("Readers do not see it yet.")
    if text.public_version_id != text.current_version_id:
        return _("Readers see when and where at once, the new words once they are published.")
    return _("Readers see it now.")


def _say_what_was_done(seen: str) -> None:
    if request.form.get("do") == PUBLISH:
        notice(_("Published."), _("Readers see this version now."))
    elif request.form.get("do") == CONFIRM:
        notice(_("Confirmed."), _("The translation says what its source says."))
    else:
        notice(_("Saved."), seen)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0

"""Many places at once, from a table or a map: looked at first, then brought in, and taken back."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.layout import Form, address, blueprint, go, notice, render, screen
from cityinfo.cms.words import author_name
from cityinfo.features import accounts, contacts, locations, tenants
from cityinfo.features.locations import Category, Checked, Plan, Sheet
from cityinfo.kernel import i18n
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _, ngettext, say
from cityinfo.web.guard import guarded
from cityinfo.web.request import rights_of

from . import screens
from .words import in_one_line

MOST_BYTES = 5_000_000
MOST_ROWS = 10_000
AT_ONCE = 200  # places that are brought in, or taken back, while someone waits; more is work for a worker
SHOWN_ROWS = 200
_MOST_SENT = 2 * MOST_BYTES  # the file as it comes back from the screen that shows what is in it, and what is beside it
_SHOWN_IMPORTS = 10
BRING_IN = "import"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent, from a disk or once more from the screen that shows what is in it."""

    name: str
    raw: bytes

    @property
    def packed(self) -> str:
        return b64encode(self.raw).decode()


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file: what becomes of it (`new`, `known`, `bad`), and what it says or why it cannot be taken."""

    number: int
    state: str
    title: str = ""
    details: str = ""


@blueprint.get("/<tenant>/locations/import")
@guarded("location:create")
def begin_import(tenant: str) -> AnyResponse:
    """Choose a file; what was brought in before."""
    with screen() as (db, actor):
        return _screen(db, actor, Form({"draft": "1"}))


@blueprint.post("/<tenant>/locations/import")
@guarded("location:create")
def import_locations(tenant: str) -> AnyResponse:
    """Show what is in the file and, when asked for (`do`), bring it in. Nothing is written before."""
    request.max_content_length = request.max_form_memory_size = _MOST_SENT
    values = {name: request.form.get(name, "") for name in ("category", "draft")}
    try:
        upload = _upload()
        if request.form.get("do") != BRING_IN:
            with screen() as (db, actor):
                sheet = _sheet(db, upload)
                return _screen(
                    db, actor, Form(values), upload=upload, sheet=sheet, plan=_plan(db, sheet, values["category"])
                )
        with screen(write=True) as (db, actor):
            plan = _plan(db, _sheet(db, upload), values["category"])
            draft = bool(values["draft"]) or not _may_publish(db, actor)
            if len(plan.good) > AT_ONCE:
                _begin(db, upload, plan, category=values["category"], draft=draft, actor=actor)
                return go("begin_import", tenant=tenant)
            number = _bring_in(db, plan, draft=draft, actor=actor)
    except Invalid as problem:
        with screen() as (db, actor):
            return _screen(db, actor, Form(values, problem=sentences.said(problem)), status=422)
    _tell(tenant, number, len(plan.good), draft=draft)
    return go("list_locations", tenant=tenant)


@blueprint.post("/<tenant>/locations/imports/<int:number>/undo")
@guarded("location:delete")
def undo_import(tenant: str, number: int) -> AnyResponse:
    """Delete what an import has made and nobody has touched since; of much, a worker does it."""
    with screen(write=True) as (db, actor):
        _check_once(actor, "archive", "delete")
        if len(locations.imported(db, number)) > AT_ONCE or _is_running(db, number):
            locations.begin_undo(db, number)
            return go("begin_import", tenant=tenant)
        by_name = Actor(actor.kind, actor.name)
        undone = locations.undo(db, number, companion=contacts.PrimaryContact(), actor=by_name)
    removed, left = len(undone.removed), len(undone.left)
    first = ngettext("One place was taken back.", "{number} places were taken back.", removed)
    rest = ngettext(
        "One stays, because someone has worked on it or uses it: {titles}",
        "{number} stay, because someone has worked on them or uses them: {titles}",
        left,
        titles=", ".join(undone.left[:5]),
    )
    notice(first, rest if left else "")
    return go("begin_import", tenant=tenant)


@blueprint.post("/<tenant>/locations/imports/<int:number>/stop")
@guarded("location:create")
def stop_import(tenant: str, number: int) -> AnyResponse:
    """Bring in no further rows of a file."""
    with screen(write=True) as (db, _actor):
        locations.stop_import(db, number)
    notice(_("Called off."), _("What was brought in so far stays. You can take it back."))
    return go("begin_import", tenant=tenant)


def _is_running(db: Work, number: int) -> bool:
    return locations.progress(db, [locations.still_there(db, number)])[number].is_running


def _check_once(actor: Actor, *verbs: str, languages: Collection[str] = ("",)) -> None:
    """Ask for the rights of a whole import: what comes in or goes is nobody's yet, so row by row says nothing else."""
    for kind in (locations.KIND, contacts.KIND):
        for verb in verbs:
            for language in languages:
                rights_of(actor).check(verb, kind, entry_id=0, language=language)


def _begin(db: Work, upload: Upload, plan: Plan, *, category: str, draft: bool, actor: Actor) -> None:
    """Promise what takes too long to wait for."""
    languages = {language for row in plan.good for language in row.words}
    _check_once(actor, "create")
    _check_once(actor, *(["write"] if draft else ["write", "publish"]), languages=languages)
    text = locations.decoded(upload.raw)
    locations.begin_import(db, text, plan, category=category, draft=draft, actor=actor)
    notice(_("The places are being brought in."), _("You can leave this page; below you see how far it is."))


def _tell(tenant: str, number: int, made: int, *, draft: bool) -> None:
    first = ngettext("One place was brought in.", "{number} places were brought in.", made)
    rest = _("Readers do not see them yet.") if draft else _("Readers see them now.")
    with screen() as (_db, actor):
        may_undo = actor.may("delete", "location", entry_id=0, language="")
    notice(first, rest, undo=address("undo_import", tenant=tenant, number=number) if may_undo else "")


def _upload() -> Upload:
    file, packed = request.files.get("file"), request.form.get("packed", "")
    if packed:
        try:
            return Upload(request.form.get("name", ""), b64decode(packed, validate=True))
        except binascii.Error:
            raise Invalid("import.none", _("Choose a file first.")) from None
    if file is None or not file.filename:
        raise Invalid("import.none", _("Choose a file first."))
    raw = file.read()
    if len(raw) > MOST_BYTES:
        most = MOST_BYTES // 1_000_000
        raise Invalid("import.too_large", say("The file has more than {most} megabytes; divide it.", most=most))
    return Upload(file.filename, raw)


def _sheet(db: Work, upload: Upload) -> Sheet:
    sheet = locations.parse(upload.raw, name=upload.name, languages=list(tenants.active_languages(db)))
    if len(sheet.rows) > MOST_ROWS:
        sentence = say(
            "The file has {number} rows; bring in at most {most} at once.", number=len(sheet.rows), most=MOST_ROWS
        )
        raise Invalid("import.too_large", sentence)
    return sheet


def _plan(db: Work, sheet: Sheet, category: str) -> Plan:
    return locations.plan(db, sheet, companion=contacts.PrimaryContact(), category=category)


def _bring_in(db: Work, plan: Plan, *, draft: bool, actor: Actor) -> int:
    if not plan.good:
        raise Invalid("import.nothing", _("There is nothing new in this file."))
    return locations.bring_in(db, plan, companion=contacts.PrimaryContact(), draft=draft, actor=actor)


def _may_publish(db: Work, actor: Actor) -> bool:
    return actor.may("publish", "location", entry_id=0, language=tenants.root_language(db))


def _screen(
    db: Work,
    actor: Actor,
    form: Form,
    *,
    upload: Upload | None = None,
    sheet: Sheet | None = None,
    plan: Plan | None = None,
    status: int = 200,
) -> AnyResponse:
    known, names = locations.all_categories(db), accounts.names(db)
    earlier = locations.imports(db, most=_SHOWN_IMPORTS)
    far = locations.progress(db, earlier)
    return render(
        "locations/import.html",
        status=status,
        form=form,
        upload=upload,
        ignored=sheet.ignored if sheet else (),
        plan=plan,
        lines=list(islice(_lines(plan, known), SHOWN_ROWS)) if plan else (),
        unseen=max(len(plan.good) + len(plan.known) + len(plan.bad) - SHOWN_ROWS, 0) if plan else 0,
        most_rows=MOST_ROWS,
        most_megabytes=MOST_BYTES // 1_000_000,
        categories=screens.category_names(db),
        may_publish=_may_publish(db, actor),
        may_undo=actor.may("delete", "location", entry_id=0, language=""),
        imports=[(one, author_name(one.actor, names), far[one.number]) for one in earlier],
        is_running=any(one.is_running for one in far.values()),
    )


def _lines(plan: Plan, known: dict[str, Category]) -> Iterator[Line]:
    """What asks for someone first, then the rest in the order of the file."""
    yield from (Line(number, "bad", details=i18n.said(why)) for number, why in plan.bad)
    good = [(row, "new") for row in plan.good] + [(row, "known") for row in plan.known]
    for row, state in sorted(good, key=lambda pair: pair[0].number):
        yield Line(row.number, state, row.title, _details(row, known))


def _details(row: Checked, known: dict[str, Category]) -> str:
    facts = row.facts
    category = known[facts.categories[0]].name(i18n.language())
    contact = _("with a contact") if row.reachable else ""
    languages = ", ".join(row.words) if len(row.words) > 1 else ""
    parts = (in_one_line(facts.address), category, facts.hours, contact, languages)
    return " · ".join(part for part in parts if part)

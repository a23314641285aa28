"""The list of files: looking for them, bringing new ones, folders."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from flask import current_app, jsonify, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.layout import Form, address, blueprint, go, notice, render, screen, wants_part
from cityinfo.cms.writing.desk import city_languages
from cityinfo.cms.writing.views import refused
from cityinfo.features import media
from cityinfo.features.media import Library
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _, ngettext
from cityinfo.web.guard import guarded

from .shelf import Asked, asked, shelf
from .words import kinds, size

AT_ONCE = 5  # of the largest files that one form without scripts may bring
MOST_ELSE = 100_000  # bytes of what is sent beside files


@dataclass(slots=True)
class Said:
    """What the list says beside its files: what was typed and why it cannot be taken, which files were chosen."""

    form: Form = field(default_factory=Form)
    chosen: Collection[str] = ()
    refused: Collection[str] = ()
    status: int = 200


@blueprint.get("/<tenant>/media")
@guarded("media:read")
def list_media(tenant: str) -> AnyResponse:
    """Files, the newest first, a sheet at a time: in a `folder` and below, by words (`q`), `kind` or what they lack."""
    with screen() as (db, actor):
        return _list(db, actor)


@blueprint.get("/<tenant>/media/shelf")
@guarded("media:read")
def show_shelf(tenant: str) -> AnyResponse:
    """The sheet alone, for scripts: of the list, or with `pick` to choose one file from."""
    with screen() as (db, actor):
        return render("media/shelf.html", shelf=shelf(db, actor, asked(request.args)), languages=city_languages(db))


@blueprint.post("/<tenant>/media")
@guarded("media:create")
def add_media(tenant: str) -> AnyResponse:
    """Keep each `file` in the `folder`. A script sends one at a time; with `again` it may be here already.

    What cannot be kept is named with the reason; the others are kept all the same.
    """
    library = the_library()
    request.max_content_length = library.limits.file * AT_ONCE + MOST_ELSE
    files = [one for one in request.files.getlist("file") if one.filename]
    kept: list[int] = []
    problems: list[Invalid] = []
    for file in files:
        try:
            kept.append(_keep(library, file, request.form.get("folder", "")))
        except Invalid as problem:
            problems.append(problem)
    if not files:
        problems.append(Invalid("media.none", "Choose a file first."))
    if wants_part():
        return refused(problems[0]) if problems else _told(tenant, kept[0])
    return _kept(tenant, kept, problems)


@blueprint.post("/<tenant>/media/move")
@guarded("media:edit")
def move_media(tenant: str) -> AnyResponse:
    """Put every chosen `file` into the folder that was named (`to`)."""
    chosen, to = request.form.getlist("file"), request.form.get("to", "")
    try:
        if not chosen:
            raise Invalid("media.none", "Choose a file first.")
        with screen(write=True) as (db, actor):
            media.move(db, [int(one) for one in chosen if one.isdecimal()], to, actor=actor)
    except Invalid as problem:
        return _again(Said(Form({"to": to}, problem=sentences.said(problem)), chosen=chosen, status=422))
    notice(_moved(len(chosen), media.check_folder(to)))
    return go("list_media", tenant=tenant, **asked(request.args).kept())


@blueprint.post("/<tenant>/media/folder")
@guarded("media:edit")
def rename_media_folder(tenant: str) -> AnyResponse:
    """Call the `folder` something else (`name`), or put it into another one, with all that lies in it."""
    folder, to = request.form.get("folder", ""), request.form.get("name", "")
    try:
        new = media.check_folder(to)
        if not new:
            raise Invalid("media.folder", "A folder needs a name.")
        with screen(write=True) as (db, actor):
            media.rename_folder(db, folder, new, actor=actor)
    except Invalid as problem:
        return _again(Said(Form({"name": to}, {"name": sentences.said(problem)}), status=422))
    notice(_("The folder is called “{folder}” now.", folder=new))
    return go("list_media", tenant=tenant, folder=new)


def the_library() -> Library:
    library: Library = current_app.extensions["library"]
    return library


def _keep(library: Library, file: FileStorage, folder: str) -> int:
    """What arrived although its sender did not hear of it is not kept twice."""
    folder = media.check_folder(folder)
    with screen() as (db, _actor):
        tenant_id = db.tenant_id
    with library.keep(tenant_id, file.filename or "", file.read()) as kept, screen(write=True) as (db, actor):
        known = media.twin(db, kept.key, kept.name, folder) if request.form.get("again") else None
        return known or library.add(db, kept, folder=folder, words={}, actor=actor)


def _told(tenant: str, media_id: int) -> AnyResponse:
    response = jsonify(id=media_id, address=address("show_media", tenant=tenant, media_id=media_id))
    response.status_code = 201
    return response


def _kept(tenant: str, kept: list[int], problems: list[Invalid]) -> AnyResponse:
    if kept:
        first = ngettext("One file is here.", "{number} files are here.", len(kept))
        notice(first, _("Say what they show, so that everyone learns it."))
    if problems:
        return _again(Said(refused=[sentences.said(one) for one in problems], status=422))
    if len(kept) == 1:
        return go("show_media", tenant=tenant, media_id=kept[0])
    return go("list_media", tenant=tenant, folder=media.check_folder(request.form.get("folder", "")) or None)


def _moved(number: int, folder: str) -> str:
    if not folder:
        return ngettext("One file lies in no folder now.", "{number} files lie in no folder now.", number)
    return ngettext("One file lies in “{folder}” now.", "{number} files lie in “{folder}” now.", number, folder=folder)


def _again(said: Said) -> AnyResponse:
    with screen() as (db, actor):
        return _list(db, actor, said)


def _list(db: Work, actor: Actor, said: Said | None = None) -> AnyResponse:
    said = said or Said()
    wanted, status = _asked(said)
    used = media.used_bytes(db)
    most = media.quota(db, the_library().limits.tenant)
    return render(
        "media/list.html",
        status=status,
        shelf=shelf(db, actor, wanted),
        said=said,
        languages=city_languages(db),
        kinds=kinds(),
        used=used,
        most=most,
        left=max(0, most - used),
        size=size,
    )


def _asked(said: Said) -> tuple[Asked, int]:
    """What the address, or the form that came back, asks for; from the beginning when it names no folder."""
    sent = request.args.to_dict()
    if "folder" in request.form:
        sent["folder"] = request.form["folder"]
    try:
        return asked(sent), said.status
    except Invalid as problem:
        said.form.errors["folder"] = sentences.said(problem)
        said.form.values = {"folder": sent.get("folder", "")}
        return Asked(), 422

"""One file: what it is and says, who shows it, other bytes for it, and how it goes."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import sentences
from cityinfo.cms.entries.usage import used_in
from cityinfo.cms.entries.words import number
from cityinfo.cms.layout import Form, address, blueprint, go, notice, render, screen
from cityinfo.cms.writing.desk import city_languages
from cityinfo.features import content, media, tenants
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict, Invalid, Outdated, Problem
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _, ngettext
from cityinfo.web.guard import guarded
from cityinfo.web.problems import status_of
from cityinfo.web.request import rights_of

from .forms import said_of, save_facts, save_words, typed, values_of
from .shelf import thumbnail
from .views import MOST_ELSE, the_library
from .words import about, kind_of

ONE = "/<tenant>/media/<int:media_id>"
FIELDS = {
    "media.name": "name",
    "media.wrong_type": "name",
    "media.folder": "folder",
    "media.focal_point": "focal_x",
}


@blueprint.get(ONE)
@guarded("media:read")
def show_media(tenant: str, media_id: int) -> AnyResponse:
    """A file with all that is known of it."""
    with screen() as (db, actor):
        return _show(db, actor, media_id)


@blueprint.post(ONE)
@guarded("media:edit", "media:write", "media:translate")
def save_media(tenant: str, media_id: int) -> AnyResponse:
    """Save what was changed: name, folder, focal point, words of each language. What was typed stays when refused."""
    values: dict[str, str] = {}
    try:
        with screen(write=True) as (db, actor):
            languages = list(city_languages(db))
            values, file = typed(languages), media.find(db, media_id)
            save_facts(db, file, values, actor=actor)
            save_words(db, file, values, actor=actor, languages=languages)
            lacking = [one for one, said in said_of(db, media_id, languages).items() if not said.title]
    except (Conflict, Invalid) as problem:
        return _again(media_id, values, problem)
    left = ngettext("Words are missing in one language.", "Words are missing in {number} languages.", len(lacking))
    notice(_("Saved."), left if lacking else _("Readers see it now."))
    return go("show_media", tenant=tenant, media_id=media_id)


@blueprint.post(f"{ONE}/file")
@guarded("media:edit")
def replace_media(tenant: str, media_id: int) -> AnyResponse:
    """Let the file have other bytes (`file`). It stays the same for all that shows it."""
    library = the_library()
    request.max_content_length = library.limits.file + MOST_ELSE
    sent, revision = request.files.get("file"), number(request.form.get("revision", ""))
    try:
        if sent is None or not sent.filename:
            raise Invalid("media.none", "Choose a file first.")
        with screen() as (db, actor):
            _check_reading(actor, media_id)
            tenant_id = media.find(db, media_id).tenant_id
        with library.keep(tenant_id, sent.filename, sent.read()) as kept, screen(write=True) as (db, actor):
            library.put(db, media_id, kept, revision=revision, actor=actor)
            _shown, users = used_in(db, media_id)
    except (Conflict, Invalid) as problem:
        return _again(media_id, {}, problem, part="replace")
    follow = ngettext("One entry shows the new file.", "{number} entries show the new file.", users)
    look = _("Look whether its words are still right.")
    notice(_("Replaced."), f"{follow} {look}")
    return go("show_media", tenant=tenant, media_id=media_id)


@blueprint.post(f"{ONE}/archive")
@guarded("media:archive")
def archive_media(tenant: str, media_id: int) -> AnyResponse:
    """Out of sight, or back (`back`)."""
    back, revision = bool(request.values.get("back")), number(request.values.get("revision", ""))
    try:
        with screen(write=True) as (db, actor):
            (media.restore if back else media.archive)(db, media_id, revision=revision, actor=actor)
            now = content.find_entry(db, media_id, media.KIND).revision
    except Conflict as problem:
        return _again(media_id, {}, problem)
    undo = address("archive_media", tenant=tenant, media_id=media_id, back=1, revision=now)
    notice(_("It is back."), _("What showed it shows it again.")) if back else notice(_("Archived."), undo=undo)
    return go("show_media", tenant=tenant, media_id=media_id)


@blueprint.post(f"{ONE}/delete")
@guarded("media:delete")
def delete_media(tenant: str, media_id: int) -> AnyResponse:
    """Delete what is archived and nothing shows. Who still shows it is named."""
    try:
        with screen(write=True) as (db, actor):
            name = media.find(db, media_id).name
            revision = number(request.form.get("revision", ""))
            media.delete_for_good(db, media_id, revision=revision, actor=actor)
    except (Conflict, Invalid) as problem:
        return _again(media_id, {}, problem)
    notice(_("“{name}” is deleted.", name=name))
    return go("list_media", tenant=tenant, show="archived")


def _again(media_id: int, values: Mapping[str, str], problem: Problem, *, part: str = "") -> AnyResponse:
    """The screen with what was typed. After a conflict it can be saved again, over what the other person wrote."""
    with screen() as (db, actor):
        languages = list(city_languages(db))
        now = values_of(db, media.find(db, media_id), languages)
        kept = [name for name in now if name.startswith(("revision", "text_revision-"))]
        form = Form({**now, **values, **({name: now[name] for name in kept} if isinstance(problem, Conflict) else {})})
        if isinstance(problem, Outdated):
            form.problem = _overtaken(bool(values))
        else:
            form.refuse(problem, {**FIELDS, **{f"media.untitled-{one}": f"title-{one}" for one in languages}})
        return _show(db, actor, media_id, form, status=status_of(problem), part=part)


def _overtaken(typed_something: bool) -> str:
    if typed_something:
        return sentences.overtaken()
    return _("Someone else changed this file meanwhile. Look at it, then do it again.")


def _show(
    db: Work, actor: Actor, media_id: int, form: Form | None = None, *, status: int = 200, part: str = ""
) -> AnyResponse:
    _check_reading(actor, media_id)
    file, languages = media.find(db, media_id), city_languages(db)
    uses, users = used_in(db, media_id)
    return render(
        "media/show.html",
        status=status,
        file=file,
        entry=content.find_entry(db, media_id, media.KIND),
        form=form or Form(values_of(db, file, list(languages))),
        part=part,
        languages=languages,
        described=media.described(db, [media_id], list(languages))[media_id],
        writable=[one for one in languages if actor.may("write", media.KIND, entry_id=media_id, language=one)],
        may_edit=actor.may("edit", media.KIND, entry_id=media_id, language=""),
        kind=kind_of(file.type),
        about=about(file),
        address=media.address(file.key),
        preview=_preview(file),
        uses=uses,
        users=users,
        folders=[one.path for one in media.folders(db) if one.path],
        root=tenants.root_language(db),
    )


def _check_reading(actor: Actor, media_id: int) -> None:
    """Reading is told to nobody, so its right is asked here."""
    rights_of(actor).check("read", media.KIND, entry_id=media_id, language="")


def _preview(file: media.MediaFile) -> str:
    """A copy of the picture that is wide enough for the screen, where there is one."""
    facts = media.facts_of(file)
    wide = [one for one in facts["renditions"] if one["type"] == "image/webp" and one["width"] >= 900]
    if wide:
        return str(min(wide, key=lambda one: int(one["width"]))["url"])
    return str(facts["url"]) if thumbnail(file) else ""

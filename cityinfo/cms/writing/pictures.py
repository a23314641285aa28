"""Pictures for a text: found in the media library, or brought from someone's own disk right there."""

from __future__ import annotations

from flask import current_app, jsonify, request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.layout import blueprint, screen
from cityinfo.features import media
from cityinfo.features.media import Kept, Library, Words
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import _, say
from cityinfo.web.guard import guarded

from .views import refused

_MOST_ELSE = 100_000  # bytes of what is sent beside the file


@blueprint.post("/<tenant>/pictures")
@guarded("media:create")
def add_picture(tenant: str) -> AnyResponse:
    """Keep the `file` that was sent, described by `alt` in this `language`, or `decorative`, which nobody describes.

    It goes into the `folder`, if one is named. 422 says in one sentence why the file or its words cannot be taken.
    """
    library: Library = current_app.extensions["library"]
    request.max_content_length = library.limits.file + _MOST_ELSE
    try:
        words, file = _words(), request.files.get("file")
        if file is None:
            raise Invalid("media.none", _("Choose a picture first."))
        with screen() as (db, _actor):
            tenant_id = db.tenant_id
        with library.keep(tenant_id, file.filename or "", file.read()) as kept:
            check_picture(kept)
            with screen(write=True) as (db, actor):
                media_id = library.add(db, kept, folder=request.form.get("folder", ""), words=words, actor=actor)
                shown = {"id": media_id, "shown": media.address(media.find(db, media_id).key)}
    except Invalid as problem:
        return refused(problem)
    return jsonify(shown)


def check_picture(kept: Kept) -> None:
    """A text shows pictures and drawings among its words; links lead to everything else."""
    kind = kept.cleaned.type
    if not kind.mime.startswith("image/"):
        names = {"name": kept.name, "kind": kind.name}
        raise Invalid("media.no_picture", say("“{name}” is {kind} and no picture; choose another file.", **names))


def _words() -> dict[str, Words]:
    alt, language = request.form.get("alt", "").strip(), request.form.get("language", "")
    if request.form.get("decorative"):
        return {}
    if not alt:
        raise Invalid("media.undescribed", _("Say what is to be seen, or that the picture only decorates."))
    return {language: Words(alt)}

"""The versions of a text: what each changed, and back to an earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.kinds import of_any, readable_kind
from cityinfo.cms.layout import blueprint, go, notice, render, screen
from cityinfo.cms.words import author_name
from cityinfo.features import accounts, content
from cityinfo.features.content import Version, Wording
from cityinfo.kernel import blocks
from cityinfo.kernel.blocks import Change
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

from .forms import revision
from .merging import readable
from .views import HERE

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a text; what stayed the same is folded away."""

    is_same: bool
    shown: Markup


@blueprint.get(f"{HERE}/versions")
@guarded(*of_any("read"))
def list_versions(tenant: str, entry_id: int, language: str) -> AnyResponse:
    """All versions, newest first, and what the one that is looked at (`version`) changed against the one before it."""
    with screen() as (db, actor):
        kind = readable_kind(db, entry_id, language, actor)
        text = content.find_text(db, entry_id, language)
        versions = content.version_heads(db, entry_id, language)
        looked_at = _looked_at(versions)
        before = next((one for one in versions if one.number < looked_at.number), None)
        title, passages = _differences(before, looked_at)
        shown: dict[str, Any] = {
            "entry_id": entry_id,
            "language": language,
            "text": text,
            "kind": kind,
            "called": partial(author_name, names=accounts.names(db)),
            "may_write": actor.may("write", kind.name, entry_id=entry_id, language=language),
            "versions": versions[:SHOWN],
            "more": len(versions) - SHOWN,
            "looked_at": looked_at,
            "before": before,
        }
        return render("writing/versions.html", **shown, title_change=title, passages=passages)


@blueprint.post(f"{HERE}/versions/<int:version_id>/restore")
@guarded(*of_any("write", "translate"))
def restore_version(tenant: str, entry_id: int, language: str, version_id: int) -> AnyResponse:
    """Let the text say again what this version says, as a new version."""
    minor = bool(request.form.get("minor"))
    with screen(write=True) as (db, actor):
        readable_kind(db, entry_id, language, actor, verb="write")
        given: dict[str, Any] = {"minor": minor, "revision": revision(), "actor": actor}
        content.restore_version(db, entry_id, language, version_id, **given)
    notice(_("The earlier version is back."), _("Readers do not see it before it is published."))
    return go("edit_text", tenant=tenant, entry_id=entry_id, language=language)


def _looked_at(versions: Sequence[Version]) -> Version:
    wanted = request.args.get("version", type=int)
    found = next((one for one in versions if wanted in (None, one.number)), None)
    if found is None:
        raise NotFound("version.unknown", _("There is no such version of this text."))
    return found


def compared(before: Wording | None, after: Wording) -> tuple[Markup, list[Passage]]:
    """The titles and the texts of two versions, with what the later one adds and takes away."""
    old = before or Wording("", "")
    title = readable(blocks.marked(escape(old.title), escape(after.title)))
    steps = blocks.compare_texts(old.content, after.content)
    return title, [
        Passage(step.change is Change.SAME, readable(blocks.marked("".join(step.before), "".join(step.after))))
        for step in steps
    ]


def _differences(before: Version | None, after: Version) -> tuple[Markup, list[Passage]]:
    """Only these two versions are read whole."""
    return compared(_words(before) if before else None, _words(after))


def _words(version: Version) -> Wording:
    return Wording(version.title, version.content)

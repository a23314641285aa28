"""The screen for someone whose words and another person's came from the same text: both are kept, they decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms.kinds import Kind, kind_of, of_any, readable_kind
from cityinfo.cms.layout import blueprint, go, notice, render, screen
from cityinfo.cms.words import author_name
from cityinfo.features import accounts, content
from cityinfo.features.content import BOTH, OURS, THEIRS, Autosave, Merging, TextDraft, Version, Wording
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Outdated
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

from .forms import revision
from .merging import rest, shown
from .views import HERE

_CHOICES = (OURS, THEIRS, BOTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """Someone's unsaved words beside the newest version, and how they fit together."""

    kind: Kind
    entry_id: int
    language: str
    revision: int
    mine: Autosave
    current: Version
    author: str
    merging: Merging


@blueprint.get(f"{HERE}/merge")
@guarded(*of_any("write", "translate"))
def merge_texts(tenant: str, entry_id: int, language: str) -> AnyResponse:
    """Both texts side by side."""
    with screen() as (db, actor):
        both = _both(db, entry_id, language, actor=actor)
        if both is None:
            return go("edit_text", tenant=tenant, entry_id=entry_id, language=language)
        return _render(both, {}, [])


@blueprint.post(f"{HERE}/merge")
@guarded(*of_any("write", "translate"))
def save_merged(tenant: str, entry_id: int, language: str) -> AnyResponse:
    """Save the text as decided, as a new version. Another save in between shows both again."""
    back = {"tenant": tenant, "entry_id": entry_id, "language": language}
    try:
        with screen(write=True) as (db, actor):
            both = _both(db, entry_id, language, actor=actor)
            if both is None:
                return go("edit_text", **back)
            choices = {one.name: request.form.get(one.name, "") for one in both.merging.open}
            missing = [name for name, choice in choices.items() if choice not in _CHOICES]
            if missing:
                return _render(both, choices, missing)
            _save(db, both, both.merging.result(choices), actor=actor)
    except Outdated:
        notice(_("Someone saved once more."), _("Look at both texts again."), kind="warning")
        return go("merge_texts", **back)
    notice(_("Both versions are merged."), _("Readers do not see the result yet."))
    return go("edit_text", **back)


def _render(both: Both, choices: Mapping[str, str], missing: Sequence[str]) -> AnyResponse:
    status = 422 if missing else 200
    show = {"shown": shown, "rest": rest(both.merging)}
    return render("writing/merge.html", status=status, both=both, choices=choices, missing=missing, **show)


def _both(db: Work, entry_id: int, language: str, *, actor: Actor) -> Both | None:
    """None when nothing of this person waits, or it says what the newest version says."""
    kind = readable_kind(db, entry_id, language, actor, verb="write")
    text = content.find_text(db, entry_id, language)
    mine = content.autosave_of(db, entry_id, language, actor)
    current = content.version(db, text.current_version_id)
    if mine is None or current is None:
        return None
    base = content.version(db, mine.version_id)
    before = Wording(base.title, base.content) if base is not None and base.text_id == text.id else None
    return Both(
        kind=kind,
        entry_id=entry_id,
        language=language,
        revision=text.revision,
        mine=mine,
        current=current,
        author=author_name(current.author, accounts.names(db)),
        merging=content.merge(before, Wording(mine.title, mine.content), Wording(current.title, current.content)),
    )


def _save(db: Work, both: Both, words: Wording, *, actor: Actor) -> None:
    draft = TextDraft(title=words.title, content=words.content, revision=revision())
    kind_of(db, both.entry_id).save_text(db, both.entry_id, both.language, draft, actor=actor)
    content.forget_autosave(db, both.entry_id, both.language, actor=actor)

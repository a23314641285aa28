"""What the form of one file shows and sends. Everything in it is text, as it was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from cityinfo.cms.entries.words import as_html, as_text, number
from cityinfo.features import content, media
from cityinfo.features.media import MediaFile, Words
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import say

from .words import PICTURE, RECORDING, kind_of

_FACTS = ("name", "folder", "focal_x", "focal_y", "revision", "was_name", "was_folder", "was_focal")
_WORDS = ("title", "transcript", "text_revision", "version")  # each of them with a language behind it


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says in a language, and the version that says so."""

    title: str = ""
    transcript: str = ""
    revision: int = 0
    version: int = 0


def values_of(db: Work, file: MediaFile, languages: Sequence[str]) -> dict[str, str]:
    """Everything the form shows of what is kept."""
    revision = content.find_entry(db, file.id, media.KIND).revision
    values = {"name": file.name, "folder": file.folder, "revision": str(revision)}
    across, down = round(file.focal_x * 100), round(file.focal_y * 100)
    values |= {"focal_x": str(across), "focal_y": str(down)}
    values |= {"was_name": file.name, "was_folder": file.folder, "was_focal": f"{across} {down}"}
    for language, said in said_of(db, file.id, languages).items():
        values |= {f"title-{language}": said.title, f"transcript-{language}": as_text(said.transcript)}
        values |= {f"text_revision-{language}": str(said.revision), f"version-{language}": str(said.version)}
    return values


def said_of(db: Work, media_id: int, languages: Sequence[str]) -> dict[str, Said]:
    """What is said of a file in each of these languages now."""
    texts = {text.language: text for text in content.texts(db, media_id)}
    return {language: _said(db, texts.get(language)) for language in languages}


def typed(languages: Sequence[str]) -> dict[str, str]:
    """The fields that were sent."""
    names = [*_FACTS, *(f"{name}-{language}" for name in _WORDS for language in languages)]
    return {name: request.form[name] for name in names if name in request.form}


def save_facts(db: Work, file: MediaFile, values: Mapping[str, str], *, actor: Actor) -> None:
    """Keep what stands beside the words, where someone changed it in this form."""
    wanted: dict[str, Any] = {}
    if values.get("name", "").strip() != values.get("was_name", ""):
        wanted["name"] = values["name"]
    if media.check_folder(values.get("folder", "")) != values.get("was_folder", ""):
        wanted["folder"] = values["folder"]
    if kind_of(file.type) == PICTURE and "focal_x" in values:
        across, down = _percent(values["focal_x"]), _percent(values.get("focal_y", ""))
        if f"{across} {down}" != values.get("was_focal"):
            wanted["focal_point"] = [across / 100, down / 100]
    if wanted:
        media.change(db, file.id, wanted, revision=number(values.get("revision", "")), actor=actor)


def save_words(db: Work, file: MediaFile, values: Mapping[str, str], *, actor: Actor, languages: Sequence[str]) -> None:
    """Keep and publish the words of every language whose fields were changed in this form."""
    for language in languages:
        if f"title-{language}" not in values:
            continue
        shown = _shown(db, number(values.get(f"version-{language}", "")))
        title, transcript = " ".join(values[f"title-{language}"].split()), shown.transcript
        if kind_of(file.type) == RECORDING:
            written = values.get(f"transcript-{language}", "").replace("\r\n", "\n").strip()
            transcript = transcript if written == as_text(transcript).strip() else as_html(written)
        if (title, transcript) == (shown.title, shown.transcript):
            continue  # what someone else wrote in this language meanwhile stays
        if not title:
            raise _untitled(file, language)
        revision = number(values.get(f"text_revision-{language}", ""))
        media.describe(db, file.id, language, Words(title, transcript), revision=revision, actor=actor)


def _said(db: Work, text: content.Text | None) -> Said:
    version = content.version(db, text.current_version_id) if text else None
    if text is None or version is None:
        return Said()
    return Said(version.title, version.content, text.revision, version.id)


def _shown(db: Work, version_id: int) -> Said:
    """What the form showed when it was opened."""
    version = content.version(db, version_id) if version_id else None
    return Said(version.title, version.content) if version else Said()


def _untitled(file: MediaFile, language: str) -> Invalid:
    code = f"media.untitled-{language}"
    if kind_of(file.type) == PICTURE:
        return Invalid(code, say("Say in a few words what “{name}” shows; others need it.", name=file.name))
    return Invalid(code, say("Give “{name}” a title that readers understand.", name=file.name))


def _percent(text: str) -> int:
    text = text.strip().removesuffix("%").strip()
    if not text.isdecimal() or int(text) > 100:
        raise Invalid("media.focal_point", "Write two whole numbers from 0 to 100: from the left and from the top.")
    return int(text)

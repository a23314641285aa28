"""The words of an entry as its form shows and sends them: a title and paragraphs, in one language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from html import escape, unescape

from flask import request

from cityinfo.cms.layout import notice
from cityinfo.features import content
from cityinfo.features.content import TextDraft
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _

FIELDS = ("title", "content", "revision", "text_revision")
PUBLISH = "publish"
# Where HTML goes on in a new line, so that people find their way in it.
_BLOCKS = r"(</(?:p|h[2-6]|li|ul|ol|tr|table|blockquote|figure)>|<(?:ul|ol|table|tbody|blockquote)>)"
_PLAIN = re.compile(r"(?:<p>(?:[^<]|<br>)*</p>)*")


def words_of(db: Work, entry_id: int, language: str) -> dict[str, str]:
    """What the form shows of a text; empty where there is none yet."""
    text = content.text_of(db, entry_id, language)
    version = content.version(db, text.current_version_id) if text else None
    return {
        "title": version.title if version else "",
        "content": as_text(version.content) if version else "",
        "text_revision": str(text.revision if text else 0),
    }


def keep_words(db: Work, entry_id: int, language: str, values: Mapping[str, str], actor: Actor) -> None:
    """A new version if anything changed; published when the form says so (`do`)."""
    now = words_of(db, entry_id, language)
    title, body = values["title"].strip(), as_html(values["content"])
    if (title, body) != (now["title"], as_html(now["content"])) or not now["title"]:
        draft = TextDraft(title=title, content=body, revision=number(values["text_revision"]))
        content.save_text(db, entry_id, language, draft, actor=actor)
    text = content.find_text(db, entry_id, language)
    if request.form.get("do") == PUBLISH and text.current_version_id != text.public_version_id:
        content.publish_text(db, entry_id, language, revision=text.revision, actor=actor)


def as_text(body: str) -> str:
    """Paragraphs as people type them; HTML as it is where there is more in it."""
    if not _PLAIN.fullmatch(body):
        return body
    paragraphs = body.removesuffix("</p>").removeprefix("<p>").split("</p><p>")
    return "\n\n".join(unescape(one.replace("<br>", "\n")) for one in paragraphs)


def block_by_block(body: str) -> str:
    """The same for a text of its own: where it is HTML, every block begins a line."""
    return as_text(body) if _PLAIN.fullmatch(body) else re.sub(rf"{_BLOCKS}(?=<)", r"\1\n", body)


def as_html(text: str) -> str:
    """What was typed as HTML: paragraphs between empty lines, unless it is HTML already."""
    text = text.replace("\r\n", "\n").strip()
    if text.startswith("<"):
        return re.sub(rf"{_BLOCKS}\n(?=<)", r"\1", text)
    paragraphs = [one.strip() for one in re.split(r"\n\s*\n", text) if one.strip()]
    return "".join(f"<p>{escape(one, quote=False).replace(chr(10), '<br>')}</p>" for one in paragraphs)


def typed_day(text: str, code: str) -> date:
    """A day as a field sends it; `Invalid` with this code for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(code, _("Choose a day; write it like 2026-05-31.")) from None


def number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def what_readers_see(db: Work, entry_id: int, language: str) -> str:
    """After saving: facts are public at once, words when they are published."""
    text = content.find_text(db, entry_id, language)
    if text.public_version_id is None:
        return _("Readers do not see it yet.")
    if text.public_version_id != text.current_version_id:
        return _("Readers see the facts at once, the new words once they are published.")
    return _("Readers see it now.")


def say_what_was_done(seen: str) -> None:
    """In a notice on the next screen."""
    if request.form.get("do") == PUBLISH:
        notice(_("Published."), _("Readers see this version now."))
    else:
        notice(_("Saved."), seen)

"""Advice about a text, with what only the database knows."""

from __future__ import annotations

from sqlalchemy import select

from cityinfo.features.content import Text
from cityinfo.kernel import html
from cityinfo.kernel.db import Work

from . import rules
from .rules import Advice


def advice(db: Work, content: str, language: str) -> list[Advice]:
    """What to say about a text in a language, in the order of the text. At most one statement."""
    files = [entry_id for role, entry_id in html.shown(content) if role == "media"]
    described: set[int] = set()
    if files:
        public = select(Text.entry_id).where(Text.entry_id.in_(files), Text.public_version_id.is_not(None))
        described = set(db.scalars(public))
    return rules.advice(content, language, described=described)

"""What is worth saying about a text, with what only the database knows."""

from __future__ import annotations

from sqlalchemy import select

from cityinfo.features import publishing
from cityinfo.features.content import Text
from cityinfo.kernel import html
from cityinfo.kernel.db import Work

from . import rules
from .models import Gate
from .readability import readability
from .rules import Findings, Flaw, Gates, Reference


def findings(db: Work, content: str, language: str, *, entry_id: int | None = None) -> Findings:
    """What to say about a text of an entry in a language. At most three statements, however long it is."""
    flaws = rules.advice(
        content, language, described=_described(db, content), dead=_dead(db, content, language, entry_id)
    )
    return rules.findings(flaws, readability(html.plain_text(content), language), gates(db))


def gates(db: Work) -> Gates:
    """What the city insists on."""
    rows = {Flaw(row.flaw): row.most_year for row in db.scalars(select(Gate))}
    return Gates(frozenset(rows), rows.get(Flaw.HARD_TEXT) or rules.MOST_YEAR)


def _described(db: Work, content: str) -> set[int]:
    files = [entry_id for role, entry_id in html.shown(content) if role == "media"]
    public = select(Text.entry_id).where(Text.entry_id.in_(files), Text.public_version_id.is_not(None))
    return set(db.scalars(public)) if files else set()


def _dead(db: Work, content: str, language: str, own: int | None) -> set[Reference]:
    """Links that lead to nothing readers see. A text may lead to itself before it is published."""
    wanted = {one for one in html.references(content) if one[0] != own}
    languages = {insisted or language for _, insisted in wanted}
    seen = publishing.visible(db, {entry_id for entry_id, _ in wanted}, languages)
    return {(entry_id, insisted) for entry_id, insisted in wanted if (entry_id, insisted or language) not in seen}

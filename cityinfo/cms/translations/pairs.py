"""Source and translation as people read them side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cityinfo.cms.states import CURRENT, DRAFT, MACHINE, MISSING, OUTDATED
from cityinfo.cms.writing.desk import Desk, desk
from cityinfo.features import contacts, media, placeholders, tenants, translation
from cityinfo.features.content import State
from cityinfo.features.tenants import Language
from cityinfo.features.translation import Row, Side, Translation, Why
from cityinfo.kernel import blocks, html
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _

_HEADING = re.compile(r"<(/?)h[1-6]\b[^<>]*>")  # the screen has headings of its own
_ITEM = re.compile(r"^\s*<li\b[^<>]*>(.*)</li>\s*$", re.DOTALL)
_SIGNS = {Why.SETTLED: CURRENT, Why.CHANGED: OUTDATED, Why.MACHINE: MACHINE, Why.NEW: MISSING}


@dataclass(frozen=True, slots=True)
class Pair:
    """A row to look at: the source with what has changed in it, and its translation."""

    number: int
    row: Row
    source: Markup
    target: Markup
    original: str  # of the source, for whoever wants to begin with it

    @property
    def sign(self) -> str:
        return _SIGNS.get(self.row.why, DRAFT)

    @property
    def words(self) -> str:
        """The translation as HTML; of a title the plain words."""
        passage = self.row.target
        if passage is None:
            return ""
        return passage.plain if passage.is_title else passage.words

    @property
    def reason(self) -> str:
        """Why it is open, in words."""
        return reasons()[self.row.why]

    @property
    def answer(self) -> str:
        """What someone says who is done with it."""
        return answers()[self.row.why]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A translation on the screen, with everything around it."""

    desk: Desk
    source: Language
    translation: Translation
    pairs: Sequence[Pair]

    @property
    def settled(self) -> int:
        return sum(not pair.row.is_open for pair in self.shown)

    @property
    def shown(self) -> list[Pair]:
        return [pair for pair in self.pairs if pair.row.is_shown]

    @property
    def can_be_confirmed(self) -> bool:
        """Whether it asks for a word that everything still stands."""
        waits = self.translation.state in (State.OUTDATED, State.MACHINE_MADE)
        return self.translation.current is not None and waits


def table(db: Work, entry_id: int, language: str, *, instead: Side | None = None, actor: Actor) -> Table:
    """A page's text beside its source. A fixed number of statements, whatever their length."""
    found = translation.translation(db, entry_id, language, instead=instead)
    spoken = tenants.languages(db)
    return Table(
        desk=desk(db, entry_id, language, actor=actor),
        source=spoken[found.source],
        translation=found,
        pairs=_pairs(db, found),
    )


def reasons() -> dict[Why, str]:
    """Why a passage is open."""
    return {
        Why.SETTLED: _("Up to date"),
        Why.CHANGED: _("The source has changed"),
        Why.NEW: _("New, not translated yet"),
        Why.REMOVED: _("The source no longer says this"),
        Why.MACHINE: _("By machine, unchecked"),
        Why.UNSURE: _("Not confirmed yet"),
    }


def answers() -> dict[Why, str]:
    """What someone says who is done with an open passage."""
    return {
        Why.SETTLED: "",
        Why.CHANGED: _("Still correct"),
        Why.NEW: _("Done"),
        Why.REMOVED: _("Keep it"),
        Why.MACHINE: _("Checked"),
        Why.UNSURE: _("Correct as it is"),
    }


def _pairs(db: Work, found: Translation) -> list[Pair]:
    rows = [found.alignment.title, *found.alignment.rows]
    is_known = found.before is not None
    sources = _written(db, found.source, [_marked(row, is_known=is_known) for row in rows])
    targets = _written(db, found.language, [row.target.words if row.target else "" for row in rows])
    return [
        Pair(number, row, source, target, row.now.words if row.now and not row.now.is_title else "")
        for number, (row, source, target) in enumerate(zip(rows, sources, targets, strict=True))
    ]


def _marked(row: Row, *, is_known: bool) -> str:
    """What the source says, with what was added and taken away since, if it is known what it said before."""
    now, before = row.now.words if row.now else "", row.before.words if row.before else ""
    if is_known and row.why in (Why.CHANGED, Why.NEW, Why.REMOVED):
        return blocks.marked(before, now)
    return now


def _written(db: Work, language: str, texts: Sequence[str]) -> list[Markup]:
    """Texts as readers see them, without links to follow. Files and contacts are looked up for all of them at once."""
    filled = placeholders.write_out(db, language, texts)
    written = contacts.write_out(db, language, media.write_out(db, language, filled))
    return [_readable(text) for text in written]


def _readable(text: str) -> Markup:
    quiet = html.replace_links(html.without_frames(text), lambda _: None)
    plain = _HEADING.sub(_heading, _ITEM.sub(r"\1", quiet))
    for tag, word in (("ins", _("new:")), ("del", _("removed:"))):
        plain = plain.replace(f"<{tag}>", f'<{tag}><span class="sr">{word} </span>')
    return Markup(plain)  # noqa: S704 - sanitised when it was saved; the writers and `marked` add markup of ours


def _heading(tag: re.Match[str]) -> str:
    return "</p>" if tag[1] else '<p class="pair__h">'

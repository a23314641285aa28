"""How far translations are, by language and chapter, and the text that asks for work next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import states
from cityinfo.cms.kinds import KINDS, kinds_read, of_any
from cityinfo.cms.layout import blueprint, go, notice, render, screen
from cityinfo.cms.pages.rows import Row, list_rows
from cityinfo.cms.words import kinds_named
from cityinfo.cms.writing.desk import city_languages, spoken_here
from cityinfo.features import content, pages, publishing, tenants, translation
from cityinfo.features.content import Condition
from cityinfo.features.news import NEWS
from cityinfo.features.pages import PAGES
from cityinfo.features.tenants import Language
from cityinfo.features.translation import Chapter, Need, Standing, Survey
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

ON_A_SHEET = 50
One = TypeVar("One", bound=Chapter)
Counts = Mapping[str, Counter[Condition | None]]
# Kinds whose entries are translated once readers see them. News has its languages side by side, and is soon gone.
BESIDE = [kind for kind in KINDS if kind not in (PAGES.kind, NEWS.kind)]
SHOWN = (Standing.CURRENT, Standing.OUTDATED, Standing.MISSING, Standing.MACHINE, Standing.REVIEW, Standing.DRAFT)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many texts stand where: of a language, or of a chapter in one."""

    figures: Counter[Standing]
    language: Language
    chapter: Chapter | None = None
    title: str = ""
    title_language: str = ""
    asks: bool = False  # whether a text asks this person for work

    @property
    def all(self) -> int:
        return self.figures.total()

    @property
    def current(self) -> int:
        return self.figures[Standing.CURRENT]


@blueprint.get("/<tenant>/translations")
@guarded(*of_any("read"))
def list_languages(tenant: str) -> AnyResponse:
    """Every language that is translated into, with its figures."""
    with screen() as (db, actor):
        spoken, found = city_languages(db), totals(db, actor=actor)
        languages = [Progress(one.figures, spoken[language], asks=one.asks) for language, one in found.items()]
        return render("translations/languages.html", languages=languages, signs=_signs())


@blueprint.get("/<tenant>/translations/<language>")
@guarded(*of_any("read"))
def list_chapters(tenant: str, language: str) -> AnyResponse:
    """A language, chapter by chapter; a sheet of them (`after` is the chapter to go on after)."""
    with screen() as (db, actor):
        spoken, found = _spoken(db, language), survey(db, language, actor=actor)
        figures = found.figures(language)
        chapters, following = _sheet(list(figures))
        titles = _titles(db, chapters)
        rows = [Progress(figures[one], spoken, one, *titles[one]) for one in chapters]
        total = Progress(translation.total(figures), spoken)
        first = next(needs(db, found, language, actor=actor), None)
        shown: dict[str, Any] = {
            "rows": rows,
            "total": total,
            "following": following,
            "first": first,
            "signs": _signs(),
        }
        return render("translations/chapters.html", language=spoken, **shown)


@blueprint.get("/<tenant>/translations/<language>/texts")
@guarded(*of_any("read"))
def list_translations(tenant: str, language: str) -> AnyResponse:
    """Texts of a language, of one `standing` or of one `chapter` if wanted; what asks for work first."""
    standing, chapter = request.args.get("standing", ""), _chapter(request.args.get("chapter", ""))
    with screen() as (db, actor):
        spoken, found = _spoken(db, language), survey(db, language, actor=actor)
        wanted = Standing(standing) if standing in list(Standing) else None
        texts = found.texts(language, standing=wanted, chapter=chapter)
        sheet, following = _sheet(texts)
        shown: dict[str, Any] = {
            "rows": _rows(db, sheet, found.others),
            "total": len(texts),
            "standing": standing,
            "chapter": chapter,
            "chapter_title": _titles(db, [chapter])[chapter][0] if chapter else "",
            "following": following,
        }
        return render("translations/texts.html", language=spoken, signs=_signs(), **shown)


@blueprint.get("/<tenant>/translations/<language>/next")
@guarded(*of_any("read"))
def next_translation(tenant: str, language: str) -> AnyResponse:
    """On to the text that asks for work next, after the page that someone is at (`after`)."""
    with screen() as (db, actor):
        _spoken(db, language)
        need = following(db, language, request.args.get("after", 0, type=int), actor=actor)
    if need is None:
        notice(_("Nothing is left to translate."), _("Every text that you may translate is up to date."))
        return go("list_chapters", tenant=tenant, language=language)
    return go("translate_text", tenant=tenant, language=need.language, entry_id=need.entry_id)


def survey(db: Work, language: str, *, actor: Actor) -> Survey:
    """Where all pages stand in a language, in the order of the tree, and all else that readers see: of the kinds that
    this person may read."""
    parents = {node.id: node.parent_id for node in pages.tree(db)}
    beside = publishing.public_entries(kinds_read(actor, BESIDE))
    found = translation.survey(db, PAGES.kind, [language], parents=parents, beside=beside)
    return found if kinds_read(actor, [PAGES.kind]) else replace(found, own={}, parents={})


@dataclass(frozen=True, slots=True)
class Sum:
    """How many texts stand where in a language, and whether one of them asks this person for work."""

    figures: Counter[Standing]
    asks: bool


def totals(db: Work, *, actor: Actor) -> dict[str, Sum]:
    """Of every language that is translated into, in the city's order, as far as this person may read it.

    Two statements, and one or two more for every other part of the city that this person's rights reach to in some of
    the languages: hardly ever several.
    """
    read = kinds_read(actor, BESIDE)
    all_pages, all_others = _pages(db, actor), _beside(db, read)
    pages_of: dict[frozenset[int] | None, Counts] = {None: all_pages, frozenset(): {}}
    others_of: dict[frozenset[str], Counts] = {read: all_others}
    sums = {}
    for language, others in all_others.items():
        roots, kinds = actor.reach("write", PAGES.kind, language=language), _reached(language, actor)
        if roots not in pages_of:
            pages_of[roots] = _below(db, roots or frozenset())
        if kinds not in others_of:
            others_of[kinds] = _beside(db, kinds)
        own = (*pages_of[roots].get(language, ()), *others_of[kinds].get(language, ()))
        everywhere = all_pages.get(language, Counter()) + others
        sums[language] = Sum(translation.standings(everywhere), any(map(translation.asks, own)))
    return sums


def needs(db: Work, found: Survey, language: str, *, actor: Actor) -> Iterator[Need]:
    """What asks this person for work in a language, the most urgent first."""
    roots, kinds = actor.reach("write", PAGES.kind, language=language), _reached(language, actor)
    within = None if roots is None else pages.below(db, roots)

    def allowed(entry_id: int, _language: str) -> bool:
        if entry_id in found.others:
            return found.others[entry_id] in kinds
        return within is None or entry_id in within

    return found.needs([language], allowed=allowed)


def following(db: Work, language: str, page_id: int, *, actor: Actor) -> Need | None:
    """What someone should do after a text: in its language as long as there is something, then in the next one."""
    need = translation.following(list(needs(db, survey(db, language, actor=actor), language, actor=actor)), page_id)
    if need is not None:
        return need
    other = next((one for one, found in totals(db, actor=actor).items() if found.asks and one != language), None)
    return next(needs(db, survey(db, other, actor=actor), other, actor=actor), None) if other else None


def _beside(db: Work, kinds: Collection[str]) -> Counts:
    return translation.totals_beside(db, publishing.public_entries(BESIDE), kinds)


def _pages(db: Work, actor: Actor) -> Counts:
    if not kinds_read(actor, [PAGES.kind]):
        return {}
    return translation.totals(db, PAGES.kind, without=pages.archived_ids())


def _below(db: Work, roots: Collection[int]) -> Counts:
    return translation.totals(db, PAGES.kind, without=pages.archived_ids(), within=pages.ids_below(roots))


def _reached(language: str, actor: Actor) -> frozenset[str]:
    """The kinds beside pages whose texts this person may write in a language, wherever they belong."""
    return frozenset(kind for kind in BESIDE if actor.reach("write", kind, language=language) is None)


def _chapter(sent: str) -> Chapter | None:
    """A page at the top of the tree, or a kind."""
    return int(sent) if sent.isdecimal() else sent or None


def _spoken(db: Work, language: str) -> Language:
    translation.source_of(db, language)
    return spoken_here(city_languages(db), language)


def _sheet(ids: Sequence[One]) -> tuple[list[One], One | None]:
    """A sheet of these and the one to go on after; None at the end."""
    after = _chapter(request.args.get("after", ""))
    start = ids.index(after) + 1 if after in ids else 0
    sheet = list(ids[start : start + ON_A_SHEET])
    return sheet, sheet[-1] if start + len(sheet) < len(ids) else None


def _rows(db: Work, entry_ids: Sequence[int], others: Mapping[int, str]) -> list[Row]:
    """These entries; beside pages each says what kind it is of."""
    drafts = content.drafts_of(db, PAGES, [one for one in entry_ids if one not in others])
    for kind in sorted({others[one] for one in entry_ids if one in others}):
        of_kind = [one for one in entry_ids if others.get(one) == kind]
        drafts += content.drafts_of(db, KINDS[kind].content_type, of_kind)
    named = kinds_named()
    rows = {row.id: row for row in list_rows(db, drafts, {})}
    return [replace(rows[one], path=[named[others[one]]]) if one in others else rows[one] for one in entry_ids]


def _titles(db: Work, chapters: Sequence[Chapter]) -> dict[Chapter, tuple[str, str]]:
    """How chapters are called, and in which language: the city's own, or one that a page is written in."""
    page_ids = [one for one in chapters if isinstance(one, int)]
    root, titles, named = tenants.root_language(db), content.titles_of(db, page_ids), kinds_named()
    return {
        one: content.name(titles.get(one, {}), root) if isinstance(one, int) else (named.get(one, ""), "")
        for one in chapters
    }


def _signs() -> dict[str, str]:
    words = states.words()
    return {one.value: words[one.value] for one in SHOWN}

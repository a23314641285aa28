"""How far translations are, by language and chapter, and the text that asks for work next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from cityinfo.cms import states
from cityinfo.cms.layout import blueprint, go, notice, render, screen
from cityinfo.cms.pages.rows import Row, list_rows
from cityinfo.cms.writing.desk import city_languages, spoken_here
from cityinfo.features import content, pages, tenants, translation
from cityinfo.features.pages import PAGES
from cityinfo.features.tenants import Language
from cityinfo.features.translation import Need, Standing, Survey
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _
from cityinfo.web.guard import guarded

ON_A_SHEET = 50
SHOWN = (Standing.CURRENT, Standing.OUTDATED, Standing.MISSING, Standing.MACHINE, Standing.REVIEW, Standing.DRAFT)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many texts stand where: of a language, or of a chapter in one."""

    figures: Counter[Standing]
    language: Language
    chapter: int | None = None
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
@guarded("page:read")
def list_languages(tenant: str) -> AnyResponse:
    """Every language that is translated into, with its figures."""
    with screen() as (db, actor):
        spoken, found = city_languages(db), totals(db, actor=actor)
        languages = [Progress(one.figures, spoken[language], asks=one.asks) for language, one in found.items()]
        return render("translations/languages.html", languages=languages, signs=_signs())


@blueprint.get("/<tenant>/translations/<language>")
@guarded("page:read")
def list_chapters(tenant: str, language: str) -> AnyResponse:
    """A language, chapter by chapter; a sheet of them (`after` is the chapter to go on after)."""
    with screen() as (db, actor):
        spoken, found = _spoken(db, language), survey(db, language)
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
@guarded("page:read")
def list_translations(tenant: str, language: str) -> AnyResponse:
    """Texts of a language, of one `standing` or of one `chapter` if wanted; what asks for work first."""
    standing, chapter = request.args.get("standing", ""), request.args.get("chapter", type=int)
    with screen() as (db, _actor):
        spoken, found = _spoken(db, language), survey(db, language)
        wanted = Standing(standing) if standing in list(Standing) else None
        texts = found.texts(language, standing=wanted, chapter=chapter)
        sheet, following = _sheet(texts)
        shown: dict[str, Any] = {
            "rows": _rows(db, sheet),
            "total": len(texts),
            "standing": standing,
            "chapter": chapter,
            "chapter_title": _titles(db, [chapter])[chapter][0] if chapter else "",
            "following": following,
        }
        return render("translations/texts.html", language=spoken, signs=_signs(), **shown)


@blueprint.get("/<tenant>/translations/<language>/next")
@guarded("page:read")
def next_translation(tenant: str, language: str) -> AnyResponse:
    """On to the text that asks for work next, after the page that someone is at (`after`)."""
    with screen() as (db, actor):
        _spoken(db, language)
        need = following(db, language, request.args.get("after", 0, type=int), actor=actor)
    if need is None:
        notice(_("Nothing is left to translate."), _("Every text that you may translate is up to date."))
        return go("list_chapters", tenant=tenant, language=language)
    return go("translate_text", tenant=tenant, language=need.language, entry_id=need.entry_id)


def survey(db: Work, language: str) -> Survey:
    """Where all pages stand in a language, in the order of the tree."""
    parents = {node.id: node.parent_id for node in pages.tree(db)}
    return translation.survey(db, PAGES.kind, [language], parents=parents)


@dataclass(frozen=True, slots=True)
class Sum:
    """How many pages stand where in a language, and whether one of them asks this person for work."""

    figures: Counter[Standing]
    asks: bool


def totals(db: Work, *, actor: Actor) -> dict[str, Sum]:
    """Of every language that is translated into, in the city's order.

    One statement, and one more for every part of the tree that this person's rights reach to: hardly ever several.
    """
    everywhere = translation.totals(db, PAGES.kind, without=pages.archived_ids())
    reach = {language: actor.reach("write", PAGES.kind, language=language) for language in everywhere}
    counts = {None: everywhere, frozenset[int](): {}}
    for roots in set(reach.values()) - counts.keys():
        within = pages.ids_below(roots or ())
        counts[roots] = translation.totals(db, PAGES.kind, without=pages.archived_ids(), within=within)
    return {
        language: Sum(
            translation.standings(counted), any(map(translation.asks, counts[reach[language]].get(language, ())))
        )
        for language, counted in everywhere.items()
    }


def needs(db: Work, found: Survey, language: str, *, actor: Actor) -> Iterator[Need]:
    """What asks this person for work in a language, the most urgent first."""
    roots = actor.reach("write", PAGES.kind, language=language)
    if roots is None:
        return found.needs([language])
    within = pages.below(db, roots)
    return found.needs([language], allowed=lambda page_id, _language: page_id in within)


def following(db: Work, language: str, page_id: int, *, actor: Actor) -> Need | None:
    """What someone should do after a text: in its language as long as there is something, then in the next one."""
    need = translation.following(list(needs(db, survey(db, language), language, actor=actor)), page_id)
    if need is not None:
        return need
    other = next((one for one, found in totals(db, actor=actor).items() if found.asks and one != language), None)
    return next(needs(db, survey(db, other), other, actor=actor), None) if other else None


def _spoken(db: Work, language: str) -> Language:
    translation.source_of(db, language)
    return spoken_here(city_languages(db), language)


def _sheet(ids: Sequence[int]) -> tuple[list[int], int | None]:
    """A sheet of these and the identity to go on after; None at the end."""
    after = request.args.get("after", 0, type=int)
    start = ids.index(after) + 1 if after in ids else 0
    sheet = list(ids[start : start + ON_A_SHEET])
    return sheet, sheet[-1] if start + len(sheet) < len(ids) else None


def _rows(db: Work, page_ids: Sequence[int]) -> list[Row]:
    rows = {row.id: row for row in list_rows(db, content.drafts_of(db, PAGES, page_ids), {})}
    return [rows[page_id] for page_id in page_ids]


def _titles(db: Work, page_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """How pages are called, and in which language: the city's own, or one they are written in."""
    root, titles = tenants.root_language(db), content.titles_of(db, page_ids)
    return {page_id: content.name(titles.get(page_id, {}), root) for page_id in page_ids}


def _signs() -> dict[str, str]:
    words = states.words()
    return {one.value: words[one.value] for one in SHOWN}

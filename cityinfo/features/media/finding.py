"""What editors find in the library."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from cityinfo.features import content
from cityinfo.kernel.db import Work

from . import rules
from .models import MediaFile
from .queries import KIND

MOST_LISTED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What an editor looks for: `name` in the file's name, `q` there or in what is said of it in any language.

    `folder` None looks everywhere, `deep` into the folders below too. `lacking` finds what has no public text in one of
    these languages; `among` None looks at all. By name, or the `newest` first; `after` goes on.
    """

    name: str = ""
    q: str = ""
    folder: str | None = None
    deep: bool = False
    mime: str = ""
    unused: bool = False
    lacking: Collection[str] = ()
    archived: bool = False
    among: Collection[int] | None = None
    newest: bool = False
    after: tuple[str, int] | None = None
    most: int = MOST_LISTED


def listing(db: Work, search: Search) -> Sequence[MediaFile]:
    """Files an editor looks for; go on after the `sought` and `id` of the last one."""
    statement = select(MediaFile).join(content.Entry, content.Entry.id == MediaFile.id).where(*_wanted(search))
    if search.after:
        name, last = search.after
        after_name = (MediaFile.sought > name) | ((MediaFile.sought == name) & (MediaFile.id > last))
        statement = statement.where(MediaFile.id < last if search.newest else after_name)
    order = (MediaFile.id.desc(),) if search.newest else (MediaFile.sought, MediaFile.id)
    return db.scalars(statement.order_by(*order).limit(min(search.most, MOST_LISTED))).all()


def sought_name(db: Work, media_id: int) -> str | None:
    """The name by which a file stands in a list by names; None when it was deleted meanwhile."""
    return db.scalar(select(MediaFile.sought).where(MediaFile.id == media_id))


def _wanted(search: Search) -> Iterator[ColumnElement[bool]]:
    is_archived = content.Entry.archived_at.is_not(None)
    yield is_archived if search.archived else ~is_archived
    if search.among is not None:
        yield MediaFile.id.in_(search.among)
    yield from _says(search)
    if search.folder is not None:
        yield _lies_in(search.folder, deep=search.deep)
    if search.mime:
        yield MediaFile.type.startswith(search.mime, autoescape=True)
    if search.unused:
        yield ~or_(*(MediaFile.id.in_(select(table.to_entry_id)) for table in (content.Reference, content.Relation)))
    if search.lacking:
        yield _lacks(search.lacking)


def _says(search: Search) -> Iterator[ColumnElement[bool]]:
    if search.name:
        yield _is_called(search.name)
    if search.q.strip():
        yield _is_called(search.q.strip()) | content.where_said(MediaFile.id, KIND, search.q)


def _lies_in(folder: str, *, deep: bool) -> ColumnElement[bool]:
    own = MediaFile.folder == folder
    below = MediaFile.folder.startswith(f"{folder}/" if folder else "", autoescape=True)
    return own | below if deep else own


def _is_called(name: str) -> ColumnElement[bool]:
    return MediaFile.sought.contains(rules.sought(name), autoescape=True)


def _lacks(languages: Collection[str]) -> ColumnElement[bool]:
    said = (
        select(content.Text.entry_id)
        .where(content.Text.language.in_(languages), content.Text.public_version_id.is_not(None))
        .group_by(content.Text.entry_id)
        .having(func.count() >= len(languages))
    )
    return MediaFile.id.not_in(said)

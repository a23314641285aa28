"""An archive put in force: created or updated, all of it or nothing, and nothing at all where everything stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace

from cityinfo.features import content, media, publishing, tenants
from cityinfo.features.media import Kept, Library
from cityinfo.features.tenants import Tenant
from cityinfo.kernel.db import NO_TENANT, Work
from cityinfo.kernel.errors import Conflict, naming
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import say

from . import settings
from .doors import Ground
from .entries import Entries
from .kinds import KINDS
from .texts import Texts
from .types import Archive, Item, Report

ARCHIVE = Actor("import", "archive")


class _Nothing(Exception):
    """Ends a unit of work without a trace: not even the tenant's clock moves."""


def apply(library: Library, archive: Archive, *, dry_run: bool = False, actor: Actor = ARCHIVE) -> Report:
    """Make the tenant as the archive says it, and tell what that changed; `dry_run` changes nothing.

    What the archive does not have stays. Raises a `Problem` and changes nothing when it does not fit what stands here.
    """
    database = library.database
    with database.unit_of_work(NO_TENANT) as db:
        known = tenants.at(db, archive.tenant.slug)
        tenant_id = known.id if known else database.identities.next()
    report = Report(tenant=archive.tenant.slug, new_tenant=known is None, notes=list(archive.notes))
    with suppress(_Nothing), _bytes(library, archive, tenant_id, known) as (kept, called):
        wanted = _with_files(archive, called)
        _write_all(library, tenant_id, kept, wanted, report, dry_run=dry_run, actor=actor)
    report.nothing_changed = not _says_change(report)
    return report


def _write_all(
    library: Library,
    tenant_id: int,
    kept: Mapping[str, Kept],
    archive: Archive,
    report: Report,
    *,
    dry_run: bool,
    actor: Actor,
) -> None:
    with library.database.unit_of_work(tenant_id, write=True) as db:
        _write(Ground(db=db, actor=actor, library=library, kept=kept), archive, report)
        if not db.told and not _says_change(report):
            raise _Nothing
        db.deliver()
        report.documents = publishing.written(db)
        if dry_run:
            raise _Nothing


def _says_change(report: Report) -> bool:
    counts = [*report.entries.values(), report.texts]
    return report.new_tenant or report.tenant_changed or any(one.created or one.changed for one in counts)


def _write(ground: Ground, archive: Archive, report: Report) -> None:
    db, actor = ground.db, ground.actor
    _settle(db, archive, actor)
    entries = Entries(ground, archive)
    settings.apply(db, archive.settings, entries.id_of, early=True, actor=actor)
    report.tenant_changed = bool(db.told)
    entries.bring(report)
    Texts(ground, archive, entries.ids, report).bring()
    entries.release()
    entries.put_away()
    told = len(db.told)
    settings.apply(db, archive.settings, entries.id_of, early=False, actor=actor)
    report.tenant_changed |= len(db.told) > told
    report.missing = _missing(db, set(entries.ids.values()))


def _settle(db: Work, archive: Archive, actor: Actor) -> None:
    known = tenants.at(db, archive.tenant.slug)
    if known is None:
        tenants.create(db, archive.tenant, languages=archive.languages, actor=actor)
        return
    if known.status == tenants.ARCHIVED:
        raise Conflict("archive.archived", say("“{slug}” is archived; bring it back before applying.", slug=known.slug))
    tenants.change(db, archive.tenant, actor=actor)
    tenants.set_languages(db, archive.languages, actor=actor)


def _missing(db: Work, named: set[int]) -> list[str]:
    """Entries here that the archive does not have, by kind and title."""
    left = [entry for entry in content.entries_of(db, KINDS) if entry.id not in named and entry.archived_at is None]
    titles = content.titles_of(db, [entry.id for entry in left])
    named_so = ((entry.kind, next(iter(titles.get(entry.id, {}).values()), str(entry.id))) for entry in left)
    return sorted(f"{kind} “{title}”" for kind, title in named_so)


@contextmanager
def _bytes(
    library: Library, archive: Archive, tenant_id: int, known: Tenant | None
) -> Iterator[tuple[dict[str, Kept], dict[str, str]]]:
    """Keep the bytes of files that are not here yet, for as long as their rows are written.

    Gives what is kept, and what every file of the archive is called here: by its bytes, once they are clean.
    """
    here: set[str] = set()
    if known is not None:
        with library.database.unit_of_work(tenant_id) as db:
            here = {_last(key) for key in media.keys(db)}
    called: dict[str, str] = {}
    kept: dict[str, Kept] = {}
    with ExitStack() as stack:
        for item in archive.of_kind(media.KIND):
            file, name = str(item.facts.get("file", "")), str(item.facts.get("name", ""))
            if file in called or file in here:
                continue
            with naming(item.where):
                name, cleaned = library.read(name, archive.bytes_of(file))
                called[file] = _last(media.key_of(tenant_id, cleaned.data, cleaned.type))
                if called[file] not in here and called[file] not in kept:
                    kept[called[file]] = stack.enter_context(library.keep_clean(tenant_id, name, cleaned))
        yield kept, called


def _last(key: str) -> str:
    return key.rpartition("/")[2]


def _with_files(archive: Archive, called: Mapping[str, str]) -> Archive:
    def written(item: Item) -> Item:
        file = item.facts.get("file")
        return replace(item, facts={**item.facts, "file": called.get(str(file), file)}) if file else item

    return replace(archive, items=[written(item) for item in archive.items])

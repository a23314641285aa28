"""What brings bytes in: read and clean first, keep them, and only then one short unit of work."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from cityinfo.features import content, tenants
from cityinfo.kernel import clock, html, jobs
from cityinfo.kernel.db import NO_TENANT, Database, Work
from cityinfo.kernel.errors import Problem
from cityinfo.kernel.facts import Actor

from . import actions, queries, rules
from .actions import KeptFile
from .jobs import FORGET, delete_unused
from .models import PlatformFile
from .ports import ObjectStore
from .types import BY_MIME, Cleaned, Limits, Size, Words

UNDECIDED = timedelta(hours=1)  # after which bytes are deleted whose upload never ended
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as someone hands it over. `words` are what it says, by language; without any it has no public text."""

    name: str
    data: bytes
    folder: str = ""
    words: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Bytes in the store that no row names yet; `promise` is the job that deletes them if none ever does."""

    name: str
    key: str
    cleaned: Cleaned
    promise: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """The door for bytes, for all cities: each method opens its own units of work, because decoding takes long.

    What is refused raises `Invalid` with one sentence and leaves neither a row nor bytes behind.
    """

    database: Database
    store: ObjectStore
    limits: Limits

    def upload(self, tenant_id: int, upload: Upload, *, actor: Actor) -> int:
        """A new file, public in the languages it has words in; returns its entry."""
        folder = rules.check_folder(upload.folder)
        with self.keep(tenant_id, upload.name, upload.data) as kept, self._work(tenant_id) as db:
            return self.add(db, kept, folder=folder, words=upload.words, actor=actor)

    def replace(self, tenant_id: int, media_id: int, upload: Upload, *, revision: int, actor: Actor) -> None:
        """Other bytes for the same entry, under another address; what shows it follows. Words and folder stay."""
        with self.database.unit_of_work(tenant_id) as db:
            queries.find(db, media_id)
            content.check_entry_revision(content.find_entry(db, media_id), revision)
        with self.keep(tenant_id, upload.name, upload.data) as kept, self._work(tenant_id) as db:
            self.put(db, media_id, kept, revision=revision, actor=actor)

    @contextmanager
    def keep(self, tenant_id: int, name: str, data: bytes) -> Iterator[Kept]:
        """Read and clean bytes and keep them for the row that is written meanwhile, by `add` or `put`.

        Neither is left without the other, whatever ends us.
        """
        with self.keep_clean(tenant_id, *self.read(name, data)) as kept:
            yield kept

    def add(self, db: Work, kept: Kept, *, folder: str = "", words: Mapping[str, Words], actor: Actor) -> int:
        """A new file of bytes that are kept, public in the languages it has words in; returns its entry."""
        self._check_quota(db, len(kept.cleaned.data))
        file = KeptFile(key=kept.key, cleaned=kept.cleaned, name=kept.name, folder=rules.check_folder(folder))
        jobs.cancel(db, kept.promise)
        return actions.create(db, file, words, actor=actor).id

    def put(self, db: Work, media_id: int, kept: Kept, *, revision: int, actor: Actor) -> None:
        """Let a file have these bytes from now on; it stays of the same sort."""
        old = queries.find(db, media_id)
        rules.check_replacement(kept.name, BY_MIME[old.type], kept.cleaned.type)
        self._check_quota(db, len(kept.cleaned.data) - old.size)
        file = KeptFile(key=kept.key, cleaned=kept.cleaned, name=kept.name, folder=old.folder)
        jobs.cancel(db, kept.promise)
        actions.put_bytes(db, media_id, file, revision=revision, actor=actor)

    def take(self, tenant_id: int, platform_file_id: int, *, folder: str = "", actor: Actor) -> int:
        """A copy of what the platform offers, with its words in the city's languages; returns the new entry."""
        folder = rules.check_folder(folder)
        with self.database.unit_of_work(tenant_id) as db:
            offered = queries.find_platform_file(db, platform_file_id)
            spoken = tenants.active_languages(db)
        size = Size(offered.width, offered.height) if offered.width and offered.height else None
        cleaned = Cleaned(BY_MIME[offered.type], self.store.get(offered.key), size)
        words = {language: Words(**said) for language, said in offered.words.items() if language in spoken}
        with self.keep_clean(tenant_id, offered.name, cleaned) as kept, self._work(tenant_id) as db:
            return self.add(db, kept, folder=folder, words=words, actor=actor)

    @contextmanager
    def keep_copy(
        self, tenant_id: int, name: str, *, key: str, mime: str, size: tuple[int, int] | None
    ) -> Iterator[Kept]:
        """The same of a file that another city's library has cleaned already, under the key it has there."""
        cleaned = Cleaned(BY_MIME[mime], self.store.get(key), Size(*size) if size else None)
        with self.keep_clean(tenant_id, name, cleaned) as kept:
            yield kept

    def offer(self, upload: Upload, *, actor: Actor) -> int:
        """Put a file into the library of the platform; for its own staff, as the face has to see to."""
        name, cleaned = self.read(upload.name, upload.data)
        key = rules.key_of(rules.PLATFORM, cleaned.data, cleaned.type)
        self.store.put(key, cleaned.data, mime=cleaned.type.mime)  # shared by all offers of the same bytes
        size = cleaned.size
        with self.database.unit_of_work(NO_TENANT, write=True) as db:
            file = PlatformFile(
                id=db.new_id(),
                name=name,
                key=key,
                type=cleaned.type.mime,
                size=len(cleaned.data),
                width=size.width if size else None,
                height=size.height if size else None,
                words={language: _checked(said) for language, said in upload.words.items()},
                offered_by=str(actor),
                offered_at=clock.now(),
            )
            db.add(file)
            return file.id

    def withdraw(self, platform_file_id: int) -> None:
        """Offer a file no longer. Cities keep the copies they took."""
        with self.database.unit_of_work(NO_TENANT, write=True) as db:
            file = queries.find_platform_file(db, platform_file_id)
            key = file.key
            db.delete(file)
            db.flush()
            used = any(one.key == key for one in queries.platform_files(db))
        if not used:
            self.store.delete(key)

    def read(self, name: str, data: bytes) -> tuple[str, Cleaned]:
        """What of a file may be kept, and what it is called; `Invalid` for one that may not."""
        from . import reading  # a process that only serves needs neither decoders nor patterns

        name = rules.check_name(name)
        return name, reading.read(name, data, most=self.limits.file)

    def _work(self, tenant_id: int) -> AbstractContextManager[Work]:
        return self.database.unit_of_work(tenant_id, write=True)

    def _check_quota(self, db: Work, new: int) -> None:
        rules.check_quota(queries.used_bytes(db), new, queries.quota(db, self.limits.tenant))

    @contextmanager
    def keep_clean(self, tenant_id: int, name: str, cleaned: Cleaned) -> Iterator[Kept]:
        """The same of what `read` has cleaned already."""
        key, mime = rules.key_of(tenant_id, cleaned.data, cleaned.type), cleaned.type.mime
        width = cleaned.size.width if cleaned.size else 0
        with self.database.unit_of_work(tenant_id, write=True, numbered=False) as db:
            promise = jobs.enqueue(db, FORGET, run_after=clock.now() + UNDECIDED, key=key, width=width)
        try:
            self.store.put(key, cleaned.data, mime=mime)
            yield Kept(name=name, key=key, cleaned=cleaned, promise=promise)
        except BaseException:
            self._take_back(tenant_id, key, width)
            raise
        if self.store.size(key) is None:  # the last file with the same bytes was deleted just before our row was there
            self.store.put(key, cleaned.data, mime=mime)

    def _take_back(self, tenant_id: int, key: str, width: int) -> None:
        try:
            with self.database.unit_of_work(tenant_id, write=True) as db:
                delete_unused(db, self.store, key, width)
        except Problem:
            _log.warning("Bytes of a failed upload are deleted later.", exc_info=True)  # that was promised


def _checked(words: Words) -> dict[str, str]:
    return {"title": content.check_title(words.title), "transcript": html.sanitise(words.transcript)}

"""What brings bytes in: read and clean first, keep them, and only then one short unit of work."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

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

T = TypeVar("T")
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
        name, cleaned = self._read(upload.name, upload.data)
        return self._add(tenant_id, name, folder, cleaned, upload.words, actor)

    def replace(self, tenant_id: int, media_id: int, upload: Upload, *, revision: int, actor: Actor) -> None:
        """Other bytes for the same entry, under another address; what shows it follows. Words and folder stay."""
        with self.database.unit_of_work(tenant_id) as db:
            old = queries.find(db, media_id)
            content.check_entry_revision(content.find_entry(db, media_id), revision)
        name, cleaned = self._read(upload.name, upload.data)
        rules.check_replacement(name, BY_MIME[old.type], cleaned.type)

        def write(db: Work, key: str) -> None:
            self._check_quota(db, len(cleaned.data) - old.size)
            kept = KeptFile(key=key, cleaned=cleaned, name=name, folder=old.folder)
            actions.put_bytes(db, media_id, kept, revision=revision, actor=actor)

        self._keep(tenant_id, cleaned, write)

    def take(self, tenant_id: int, platform_file_id: int, *, folder: str = "", actor: Actor) -> int:
        """A copy of what the platform offers, with its words in the city's languages; returns the new entry."""
        folder = rules.check_folder(folder)
        with self.database.unit_of_work(tenant_id) as db:
            offered = queries.find_platform_file(db, platform_file_id)
            spoken = tenants.active_languages(db)
        size = Size(offered.width, offered.height) if offered.width and offered.height else None
        cleaned = Cleaned(BY_MIME[offered.type], self.store.get(offered.key), size)
        words = {language: Words(**said) for language, said in offered.words.items() if language in spoken}
        return self._add(tenant_id, offered.name, folder, cleaned, words, actor)

    def offer(self, upload: Upload, *, actor: Actor) -> int:
        """Put a file into the library of the platform; for its own staff, as the face has to see to."""
        name, cleaned = self._read(upload.name, upload.data)
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

    def _read(self, name: str, data: bytes) -> tuple[str, Cleaned]:
        from . import reading  # a process that only serves needs neither decoders nor patterns

        name = rules.check_name(name)
        return name, reading.read(name, data, most=self.limits.file)

    def _add(
        self, tenant_id: int, name: str, folder: str, cleaned: Cleaned, words: Mapping[str, Words], actor: Actor
    ) -> int:
        def write(db: Work, key: str) -> int:
            self._check_quota(db, len(cleaned.data))
            kept = KeptFile(key=key, cleaned=cleaned, name=name, folder=folder)
            return actions.create(db, kept, words, actor=actor).id

        return self._keep(tenant_id, cleaned, write)

    def _check_quota(self, db: Work, new: int) -> None:
        rules.check_quota(queries.used_bytes(db), new, queries.quota(db, self.limits.tenant))

    def _keep(self, tenant_id: int, cleaned: Cleaned, write: Callable[[Work, str], T]) -> T:
        """Keep bytes and write the row that names them; neither is left without the other, whatever ends us."""
        key, mime = rules.key_of(tenant_id, cleaned.data, cleaned.type), cleaned.type.mime
        width = cleaned.size.width if cleaned.size else 0
        with self.database.unit_of_work(tenant_id, write=True, numbered=False) as db:
            promise = jobs.enqueue(db, FORGET, run_after=clock.now() + UNDECIDED, key=key, width=width)
        try:
            self.store.put(key, cleaned.data, mime=mime)
            with self.database.unit_of_work(tenant_id, write=True) as db:
                written = write(db, key)
                jobs.cancel(db, promise)
        except BaseException:
            self._take_back(tenant_id, key, width)
            raise
        if self.store.size(key) is None:  # the last file with the same bytes was deleted just before our row was there
            self.store.put(key, cleaned.data, mime=mime)
        return written

    def _take_back(self, tenant_id: int, key: str, width: int) -> None:
        try:
            with self.database.unit_of_work(tenant_id, write=True) as db:
                delete_unused(db, self.store, key, width)
        except Problem:
            _log.warning("Bytes of a failed upload are deleted later.", exc_info=True)  # that was promised


def _checked(words: Words) -> dict[str, str]:
    return {"title": content.check_title(words.title), "transcript": html.sanitise(words.transcript)}

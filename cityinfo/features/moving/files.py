"""Files of the old server, brought into the library: each content once, and what cannot be had is remembered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from cityinfo.features import imports, media
from cityinfo.features.media import Library, MediaFile
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Problem
from cityinfo.kernel.jobs import Run
from cityinfo.kernel.listing import portions

from .models import MovedFile
from .ports import Server
from .types import Report, Watch
from .wording import Asked

FOLDER = "Integreat"  # of the library
_TOO_BUSY = "database.down"


@dataclass(frozen=True, slots=True)
class Files:
    """One pass over the files that a city shows."""

    run: Run
    number: int
    library: Library
    server: Server
    hosts: Collection[str]
    report: Report

    def bring(self, asked: Mapping[str, Asked], watch: Watch) -> dict[str, int]:
        """Files here, by their address there."""
        with self.run.unit_of_work() as db:
            known = {row.address: row.media_id for row in db.scalars(select(MovedFile)) if row.media_id}
            here = _standing(db, known.values())
        found = {address: media_id for address, media_id in known.items() if media_id in here}
        wanted = [address for address in asked if address not in found]
        counts = {"new": 0, "same": sum(one in found for one in asked), "failed": 0}
        for number, address in enumerate(wanted):
            watch(number / len(wanted))
            media_id = self._bring(address, asked[address])
            counts["failed" if media_id is None else "new"] += 1
            found |= {address: media_id} if media_id else {}
        self.report.files = counts
        return found

    def _bring(self, address: str, asked: Asked) -> int | None:
        try:
            return self._keep(address, asked)
        except Problem as problem:
            if problem.code == _TOO_BUSY:
                raise
            with self.run.unit_of_work(write=True, numbered=False) as db:
                self._remember(db, address, None, problem)
            self.report.note(address, problem.message)
            return None

    def _keep(self, address: str, asked: Asked) -> int:
        data = self.server.get(address, most=self.library.limits.file, hosts=self.hosts)
        name, cleaned = self._read(asked.name, data)
        tenant_id = self.run.tenant_id
        with self.run.unit_of_work() as db:
            twin = _at(db, media.key_of(tenant_id, cleaned.data, cleaned.type))
        if twin is not None:
            with self.run.unit_of_work(write=True, numbered=False) as db:
                self._remember(db, address, twin, None)
            return twin
        words = {language: media.Words(alt) for language, alt in asked.alts.items()}
        with self.library.keep_clean(tenant_id, name, cleaned) as kept, self.run.unit_of_work(write=True) as db:
            media_id = self.library.add(db, kept, folder=FOLDER, words=words, actor=imports.IMPORTER)
            self._remember(db, address, media_id, None)
        return media_id

    def _read(self, name: str, data: bytes) -> tuple[str, media.Cleaned]:
        """A file may be called otherwise than what it is; then it is called without an ending."""
        try:
            return self.library.read(name, data)
        except Problem as problem:
            if problem.code != "media.wrong_type":
                raise
            return self.library.read(name.replace(".", "-"), data)

    def _remember(self, db: Work, address: str, media_id: int | None, problem: Problem | None) -> None:
        failure = {"code": problem.code, "why": problem.message} if problem else {}
        row = MovedFile(tenant_id=db.tenant_id, address=address, media_id=media_id, run=self.number, failure=failure)
        db.merge(row)


def _standing(db: Work, media_ids: Collection[int | None]) -> set[int]:
    found: set[int] = set()
    for some in portions({one for one in media_ids if one}):
        found.update(db.scalars(select(MediaFile.id).where(MediaFile.id.in_(some))))
    return found


def _at(db: Work, key: str) -> int | None:
    """A file here with these very bytes."""
    return db.scalar(select(MediaFile.id).where(MediaFile.key == key).order_by(MediaFile.id).limit(1))

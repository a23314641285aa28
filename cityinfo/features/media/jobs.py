"""What the worker does for files. Each job is handed the store by whoever wires it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cityinfo.features import content
from cityinfo.kernel import jobs
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.facts import SYSTEM, tell
from cityinfo.kernel.jobs import Run

from . import queries, rules
from .models import MediaFile
from .ports import ObjectStore
from .queries import KIND

RENDITIONS = "media.renditions"
FORGET = "media.forget"
LONGEST_RENDITION = timedelta(minutes=5)


def make_renditions(run: Run, *, media_id: int, store: ObjectStore) -> None:
    """Make the smaller copies of a picture; what shows it says so afterwards. The same again when run again."""
    with run.unit_of_work() as db:
        file = _found(db, media_id)
    made = [] if file is None else _made(run, file, store)
    with run.unit_of_work(write=True) as db:
        now = _found(db, media_id)
        if file is not None and (now is None or now.key != file.key):
            jobs.enqueue(
                db, FORGET, key=file.key, width=file.width or 0
            )  # replaced meanwhile: the copies just made belong to nothing
        elif now is not None and now.renditions.get("items") != made:
            said = {"before": digest(now.renditions.get("items")), "after": digest(made)}
            now.renditions = {"items": made}
            tell(db, content.EntryChanged(actor=SYSTEM, kind=KIND, entry_id=media_id, widely=False, **said))
        run.finish(db)


def forget(run: Run, *, key: str, width: int, store: ObjectStore) -> None:
    """Delete bytes that no file has any more, and the copies made of a picture that was so wide."""
    with run.unit_of_work(write=True) as db:
        delete_unused(db, store, key, width)
        run.finish(db)


def delete_unused(db: Work, store: ObjectStore, key: str, width: int) -> None:
    """The same inside a numbered unit of work: an upload of the same bytes waits for it, and then looks again."""
    if queries.is_used(db, key):
        return
    for copy in rules.rendition_keys(key, width):
        store.delete(copy)
    store.delete(key)


def _found(db: Work, media_id: int) -> MediaFile | None:
    try:
        return queries.find(db, media_id)
    except NotFound:
        return None


def _made(run: Run, file: MediaFile, store: ObjectStore) -> list[dict[str, Any]]:
    from . import pixels  # ten megabytes that only who makes pictures needs

    original = store.get(file.key)
    wanted = rules.rendition_keys(file.key, file.width)
    made = []
    for number, (key, (ending, width)) in enumerate(wanted.items()):
        run.progress(100 * number // len(wanted), lease=LONGEST_RENDITION)
        data, size = pixels.smaller(original, width, ending)
        store.put(key, data, mime=f"image/{ending}")
        made.append({"key": key, "type": f"image/{ending}", "width": size.width, "height": size.height})
    return made

"""Changes to the imprint. Its words are saved and published as all words are, by `content`."""

from __future__ import annotations

from cityinfo.features import content
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor

from . import queries
from .models import Imprint
from .queries import KIND


def open_imprint(db: Work, *, v3_id: int | None = None, actor: Actor) -> Imprint:
    """The city's imprint, made when there is none yet: save and publish its texts."""
    known = queries.of_city(db)
    if known is not None:
        return known
    entry = content.create_entry(db, KIND, v3_id=v3_id)
    imprint = Imprint(id=entry.id)
    db.add(imprint)
    db.flush()
    content.tell_created(db, entry, imprint, actor=actor)
    return imprint


def archive(db: Work, imprint_id: int, *, revision: int, actor: Actor) -> None:
    """Take the imprint out of public sight."""
    content.set_archived(db, content.find_entry(db, imprint_id, KIND), True, revision=revision, actor=actor)


def restore(db: Work, imprint_id: int, *, revision: int, actor: Actor) -> None:
    """Bring the archived imprint back as it was."""
    content.set_archived(db, content.find_entry(db, imprint_id, KIND), False, revision=revision, actor=actor)

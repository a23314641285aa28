"""Editing the imprint. A city has one."""

from __future__ import annotations

from cityinfo.features import imprint
from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import Conflict
from cityinfo.kernel.facts import Actor

from . import entries
from .kinds import Facts, Kind, add, delete_entry


def _open(db: Work, _facts: Facts, actor: Actor) -> int:
    known = imprint.of_city(db)
    if known is not None:
        raise Conflict("imprint.known", "The city has its imprint already; change that one.", entry_id=known.id)
    return imprint.open_imprint(db, actor=actor).id


KIND = add(
    Kind(
        content_type=imprint.IMPRINT,
        plural="imprint",
        noun="imprint",
        facts=None,
        read=lambda *_: {},
        create=_open,
        change=None,
        archive=imprint.archive,
        restore=imprint.restore,
        delete=delete_entry,
        example={},
    )
)
blueprint = entries.operations_of(KIND, "Who answers for what the city tells: a list of one, or none yet.")

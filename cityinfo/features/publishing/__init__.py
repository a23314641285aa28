"""Publishing: what readers see, written once when it changes, so that reading never waits for editing."""

from .actions import REBUILD, TENANT, Difference, Projector, move_heads, new_epoch, purge_tombstones
from .facts import PublishedChanged
from .jobs import project_due, purge, rebuild
from .models import EVERY_LANGUAGE, Due, Head, Published, is_outline, outline_kind
from .ports import Chapter, Typesetter
from .queries import (
    OUTLINE,
    Changes,
    Part,
    Place,
    Touched,
    changes,
    documents_count,
    epoch,
    heads,
    outline,
    outline_since,
    payloads,
    payloads_of,
    shown_kind,
    touched,
)
from .rules import Cursor, Outline, OutlineNode, OutlineText

__all__ = [
    "EVERY_LANGUAGE",
    "OUTLINE",
    "REBUILD",
    "TENANT",
    "Changes",
    "Chapter",
    "Cursor",
    "Difference",
    "Due",
    "Head",
    "Outline",
    "OutlineNode",
    "OutlineText",
    "Part",
    "Place",
    "Projector",
    "Published",
    "PublishedChanged",
    "Touched",
    "Typesetter",
    "changes",
    "documents_count",
    "epoch",
    "heads",
    "is_outline",
    "move_heads",
    "new_epoch",
    "outline",
    "outline_kind",
    "outline_since",
    "payloads",
    "payloads_of",
    "project_due",
    "purge",
    "purge_tombstones",
    "rebuild",
    "shown_kind",
    "touched",
]

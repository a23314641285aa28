"""Publishing: what readers see, written once when it changes, so that reading never waits for editing."""

from .actions import REBUILD, TENANT, Difference, Projector, move_heads, new_epoch, purge_tombstones
from .jobs import project_due, purge, rebuild
from .models import EVERY_LANGUAGE, Due, Head, Published, is_outline, outline_kind
from .ports import Chapter, Typesetter
from .queries import (
    Change,
    Changes,
    Part,
    changes,
    documents_count,
    heads,
    newest,
    outline,
    outline_since,
    payloads,
    payloads_of,
)
from .rules import Cursor, Outline, OutlineNode, OutlineText

__all__ = [
    "EVERY_LANGUAGE",
    "REBUILD",
    "TENANT",
    "Change",
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
    "Projector",
    "Published",
    "Typesetter",
    "changes",
    "documents_count",
    "heads",
    "is_outline",
    "move_heads",
    "new_epoch",
    "newest",
    "outline",
    "outline_kind",
    "outline_since",
    "payloads",
    "payloads_of",
    "project_due",
    "purge",
    "purge_tombstones",
    "rebuild",
]

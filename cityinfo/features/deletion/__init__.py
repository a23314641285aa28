"""Deletion: a city's end. Closed at once, deleted after a time of grace, with a proof that nothing of it is left."""

from .actions import ARCHIVE, DELETE, FORGET, ask_for_archive, close, hasten, keep_closed, restore
from .emptying import counts, empty, tables
from .facts import ArchiveAsked, DeletionProved, TenantClosed, TenantDeleted, TenantRestored
from .jobs import delete_city, finish, forget_archives, make_archive, prove
from .models import CLOSED, CONTENT, FILES, GONE, PROVED, RECORD, STEPS, Deletion
from .ports import Store
from .queries import archives_of, closed_among, closed_at, deletion_of, deletions, find, preview
from .types import Kept, Preview

__all__ = [
    "ARCHIVE",
    "CLOSED",
    "CONTENT",
    "DELETE",
    "FILES",
    "FORGET",
    "GONE",
    "PROVED",
    "RECORD",
    "STEPS",
    "ArchiveAsked",
    "Deletion",
    "DeletionProved",
    "Kept",
    "Preview",
    "Store",
    "TenantClosed",
    "TenantDeleted",
    "TenantRestored",
    "archives_of",
    "ask_for_archive",
    "close",
    "closed_among",
    "closed_at",
    "counts",
    "delete_city",
    "deletion_of",
    "deletions",
    "empty",
    "find",
    "finish",
    "forget_archives",
    "hasten",
    "keep_closed",
    "make_archive",
    "preview",
    "prove",
    "restore",
    "tables",
]

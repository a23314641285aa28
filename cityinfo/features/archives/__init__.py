"""Archives: a whole tenant as a folder of files, to keep, to compare, and to make a tenant of again."""

from .applying import ARCHIVE, apply
from .collecting import collect, collect_city
from .folders import read_folder
from .requested import CHOICES
from .storing import opened, write_out
from .types import Archive, Counts, Item, Note, Report, Text, Words

__all__ = [
    "ARCHIVE",
    "CHOICES",
    "Archive",
    "Counts",
    "Item",
    "Note",
    "Report",
    "Text",
    "Words",
    "apply",
    "collect",
    "collect_city",
    "opened",
    "read_folder",
    "write_out",
]

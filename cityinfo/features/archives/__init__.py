"""Archives: a whole tenant as a folder of files, to keep, to compare, and to make a tenant of again."""

from .applying import ARCHIVE, apply
from .collecting import collect, collect_city
from .doors import Ground, Known, New, as_it_is
from .folders import read_folder
from .kinds import KINDS
from .plain import from_plain, to_plain
from .requested import CHOICES
from .storing import opened, write_out
from .types import Archive, Counts, Item, Note, Report, Text, Words

__all__ = [
    "ARCHIVE",
    "CHOICES",
    "KINDS",
    "Archive",
    "Counts",
    "Ground",
    "Item",
    "Known",
    "New",
    "Note",
    "Report",
    "Text",
    "Words",
    "apply",
    "as_it_is",
    "collect",
    "collect_city",
    "from_plain",
    "opened",
    "read_folder",
    "to_plain",
    "write_out",
]

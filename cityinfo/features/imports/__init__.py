"""Imports: content from other systems, brought in so that a second run changes nothing."""

from .actions import CityFacts, import_archive, import_pages
from .archive import Archive, read_folder
from .dumps import MOST_FILE, Dump, parse
from .entries import import_entries
from .ports import Addresses, Watch, unwatched
from .queries import any_tenant
from .rules import plan
from .types import Counts, Findings, Note, Nowhere, Plan, Report

__all__ = [
    "MOST_FILE",
    "Addresses",
    "Archive",
    "CityFacts",
    "Counts",
    "Dump",
    "Findings",
    "Note",
    "Nowhere",
    "Plan",
    "Report",
    "Watch",
    "any_tenant",
    "import_archive",
    "import_entries",
    "import_pages",
    "parse",
    "plan",
    "read_folder",
    "unwatched",
]

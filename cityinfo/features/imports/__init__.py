"""Imports: content from other systems, brought in so that a second run changes nothing."""

from .actions import IMPORTER, CityFacts, import_pages
from .dumps import MOST_FILE, Dump, parse
from .ports import Addresses, Watch, unwatched
from .queries import any_tenant
from .rules import plan, with_icon_sizes
from .types import Counts, Findings, Note, Nowhere, Plan, Report

__all__ = [
    "IMPORTER",
    "MOST_FILE",
    "Addresses",
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
    "import_pages",
    "parse",
    "plan",
    "unwatched",
    "with_icon_sizes",
]

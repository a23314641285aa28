"""Imports: content from other systems, brought in so that a second run changes nothing."""

from .actions import CityFacts, import_pages
from .dumps import MOST_FILE, Dump, parse
from .ports import Addresses, Watch, unwatched
from .queries import any_tenant
from .rules import plan
from .types import Counts, Findings, Note, Nowhere, Plan, Report

__all__ = [
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
]

"""Condition: how every city is doing, measured in the city itself and kept in one short row of its own."""

from .actions import measure
from .jobs import MEASURE, enqueue_measures, measure_again, measure_city
from .models import TenantCondition
from .queries import Report, Wanted, each, report, sheet
from .rules import FULL_FROM, NEEDS, UNTENDED_AFTER, broken_of, needs_of

__all__ = [
    "FULL_FROM",
    "MEASURE",
    "NEEDS",
    "UNTENDED_AFTER",
    "Report",
    "TenantCondition",
    "Wanted",
    "broken_of",
    "each",
    "enqueue_measures",
    "measure",
    "measure_again",
    "measure_city",
    "needs_of",
    "report",
    "sheet",
]

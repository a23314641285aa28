"""Municipalities: the public directory of the country, by which the form of a new city is filled in from its name."""

from .actions import Report, bring_in
from .facts import MunicipalitiesBroughtIn
from .models import Municipality
from .queries import count, find, matching
from .rules import MunicipalityFacts, facts_in
from .sheets import SAMPLE, rows_of

__all__ = [
    "SAMPLE",
    "MunicipalitiesBroughtIn",
    "Municipality",
    "MunicipalityFacts",
    "Report",
    "bring_in",
    "count",
    "facts_in",
    "find",
    "matching",
    "rows_of",
]

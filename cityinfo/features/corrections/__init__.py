"""Corrections: what a city that took a page tells the city that wrote it."""

from .actions import ANSWER, CARRY, CITY, CorrectionDraft, answer, send
from .facts import CorrectionSent
from .jobs import answer as carry_answer
from .jobs import carry
from .models import ACCEPTED, LOST, PROPOSED, RETURNED, SENT, Correction
from .queries import count, listed, what_came

__all__ = [
    "ACCEPTED",
    "ANSWER",
    "CARRY",
    "CITY",
    "LOST",
    "PROPOSED",
    "RETURNED",
    "SENT",
    "Correction",
    "CorrectionDraft",
    "CorrectionSent",
    "answer",
    "carry",
    "carry_answer",
    "count",
    "listed",
    "send",
    "what_came",
]

"""Moving in: a city of another system, brought here as often as it takes until it is written here."""

from .actions import MOVE_IN, request, switch
from .facts import MoveInAsked, MoveInEnded
from .jobs import move_in
from .models import MovedEntry, MovedFile, MovedText, MoveIn, MoveInRun
from .ports import Server
from .queries import files_missing, move_in_of, moving_cities, run_of, runs
from .types import CHANGED, GONE, LEFT, NEW, OUTCOMES, SAME, CityChoices, Report, Requested

__all__ = [
    "CHANGED",
    "GONE",
    "LEFT",
    "MOVE_IN",
    "NEW",
    "OUTCOMES",
    "SAME",
    "CityChoices",
    "MoveIn",
    "MoveInAsked",
    "MoveInEnded",
    "MoveInRun",
    "MovedEntry",
    "MovedFile",
    "MovedText",
    "Report",
    "Requested",
    "Server",
    "files_missing",
    "move_in",
    "move_in_of",
    "moving_cities",
    "request",
    "run_of",
    "runs",
    "switch",
]

"""Translation: what of a city's texts waits to be translated, and in which order that helps readers most."""

from .queries import survey
from .rules import Need, Standing, Survey, Urgency, following, standing

__all__ = ["Need", "Standing", "Survey", "Urgency", "following", "standing", "survey"]

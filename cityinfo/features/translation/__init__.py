"""Translation: what of a city's texts waits to be translated, and a text beside its translation."""

from .actions import Rendering, composed, save_translation
from .alignment import Alignment, Known, Row, Said, Side, Why, align
from .passages import Frame, Passage, cut, joined
from .queries import Translation, can_be_translated, source_of, survey, totals, totals_beside, translation
from .rules import Chapter, Need, Standing, Survey, Urgency, asks, following, standing, standings, total

__all__ = [
    "Alignment",
    "Chapter",
    "Frame",
    "Known",
    "Need",
    "Passage",
    "Rendering",
    "Row",
    "Said",
    "Side",
    "Standing",
    "Survey",
    "Translation",
    "Urgency",
    "Why",
    "align",
    "asks",
    "can_be_translated",
    "composed",
    "cut",
    "following",
    "joined",
    "save_translation",
    "source_of",
    "standing",
    "standings",
    "survey",
    "total",
    "totals",
    "totals_beside",
    "translation",
]

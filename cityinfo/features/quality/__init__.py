"""Quality: what would make a text easier to read and to hear, as advice. It never says that something must be done."""

from .queries import advice
from .rules import Advice, Flaw

__all__ = ["Advice", "Flaw", "advice"]

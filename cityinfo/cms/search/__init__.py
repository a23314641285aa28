"""Search as the city sees it: what readers looked for in vain, and words that mean the same."""

from . import views

__all__ = ["views"]

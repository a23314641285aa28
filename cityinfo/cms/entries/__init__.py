"""What the screens of all kinds share that have a form of their own: list, form, words, archive."""

from . import picking
from .routes import add
from .screens import Feature, Note, Screens, Wording
from .usage import Use, used_in

__all__ = ["Feature", "Note", "Screens", "Use", "Wording", "add", "picking", "used_in"]

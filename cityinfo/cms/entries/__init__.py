"""What the screens of all kinds share that have a form of their own: list, form, words, archive."""

from .routes import add
from .screens import Note, Screens, Wording

__all__ = ["Note", "Screens", "Wording", "add"]

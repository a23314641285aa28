"""Writing: the editing screen of a page's text, and what is done with a text from there."""

from . import conflicts, finding, history, offering, pictures, preview, steps, views

__all__ = ["conflicts", "finding", "history", "offering", "pictures", "preview", "steps", "views"]

"""The media library: files in folders, what is said of them, who shows them."""

from . import file, views

__all__ = ["file", "views"]

"""What cities give each other: finding it, having it come here, giving something, and telling others what is wrong."""

from . import catalogue, correcting, giving, taken

__all__ = ["catalogue", "correcting", "giving", "taken"]

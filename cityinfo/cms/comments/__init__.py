"""What colleagues say to each other about a text: beside it, and as a page of its own."""

from . import views

__all__ = ["views"]

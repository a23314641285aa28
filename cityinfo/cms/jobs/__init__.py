"""Work in the background: how far it is, what failed, and trying it again."""

from . import views

__all__ = ["views"]

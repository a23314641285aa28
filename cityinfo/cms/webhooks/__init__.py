"""Webhooks: servers elsewhere that are told what readers see anew, as managers see them."""

from . import views

__all__ = ["views"]

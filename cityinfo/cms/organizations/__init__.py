"""Organizations: who stands behind places, contact points, offers and events, and who works for them here."""

from . import screens

__all__ = ["screens"]

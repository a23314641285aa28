"""Who works in the city: the list of people, inviting someone, taking a role away."""

from . import reach, views

__all__ = ["reach", "views"]

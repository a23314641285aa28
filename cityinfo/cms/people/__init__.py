"""Who works in the city: the list of people, inviting someone, taking a role away."""

from . import views

__all__ = ["views"]

"""Who works in the city: the list of people, inviting someone, roles and how far they reach, leaving."""

from . import invitations, leaving, reach, views

__all__ = ["invitations", "leaving", "reach", "views"]

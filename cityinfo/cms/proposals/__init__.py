"""Proposals: members of an organization say what their records should say, editors decide."""

from . import records, views

__all__ = ["records", "views"]

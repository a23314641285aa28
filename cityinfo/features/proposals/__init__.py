"""Proposals: members of an organization say what their own records should say; editors decide."""

from .actions import Draft, accept, propose, return_to_author, withdraw
from .models import ACCEPTED, PROPOSED, RETURNED, WITHDRAWN, Proposal
from .queries import find, may_propose, of_author, waiting
from .rules import ApplyFacts

__all__ = [
    "ACCEPTED",
    "PROPOSED",
    "RETURNED",
    "WITHDRAWN",
    "ApplyFacts",
    "Draft",
    "Proposal",
    "accept",
    "find",
    "may_propose",
    "of_author",
    "propose",
    "return_to_author",
    "waiting",
    "withdraw",
]

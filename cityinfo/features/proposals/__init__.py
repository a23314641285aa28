"""Proposals: members of an organization say what their own records should say; editors decide."""

from .actions import DECISION, Draft, accept, draft_of, propose, return_to_author, withdraw
from .facts import ProposalAccepted, ProposalReturned
from .jobs import send_decision
from .models import ACCEPTED, PROPOSED, RETURNED, WITHDRAWN, Proposal
from .queries import KINDS, Listed, Record, count, find, listed, may_propose, of_author, of_entry, records, waiting
from .rules import MOST_MESSAGE, ApplyFacts, check_message

__all__ = [
    "ACCEPTED",
    "DECISION",
    "KINDS",
    "MOST_MESSAGE",
    "PROPOSED",
    "RETURNED",
    "WITHDRAWN",
    "ApplyFacts",
    "Draft",
    "Listed",
    "Proposal",
    "ProposalAccepted",
    "ProposalReturned",
    "Record",
    "accept",
    "check_message",
    "count",
    "draft_of",
    "find",
    "listed",
    "may_propose",
    "of_author",
    "of_entry",
    "propose",
    "records",
    "return_to_author",
    "send_decision",
    "waiting",
    "withdraw",
]

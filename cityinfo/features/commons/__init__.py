"""Commons: pages that cities give to each other, on terms that readers are told."""

from .actions import KIND, Naming, Terms, give_credit, offer, withdraw
from .crediting import add_credits
from .facts import OfferWithdrawn, PageOffered
from .models import Credit, Offering
from .queries import Looked, Offered, catalogue, credit, find, offered, offering, offerings, words
from .rules import LICENCES, Licence

__all__ = [
    "KIND",
    "LICENCES",
    "Credit",
    "Licence",
    "Looked",
    "Naming",
    "OfferWithdrawn",
    "Offered",
    "Offering",
    "PageOffered",
    "Terms",
    "add_credits",
    "catalogue",
    "credit",
    "find",
    "give_credit",
    "offer",
    "offered",
    "offering",
    "offerings",
    "withdraw",
    "words",
]

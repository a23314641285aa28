"""Pages: the tree of evergreen information a city keeps for its people."""

from .actions import (
    PageFacts,
    archive,
    change,
    create,
    delete,
    facts_of,
    follow_offers,
    mirror,
    move,
    plant,
    publish,
    restore,
    save_text,
    schedule,
    set_embedded_offers,
    set_organization,
    set_thumbnail,
    take_offline,
)
from .facts import PageMirrored, PageMoved, PageOffersChanged
from .models import EmbeddedOffer, Page
from .projection import PAGES
from .queries import KIND, Node, below, find, path_upwards, titles, tree
from .rules import RESERVED_SLUGS, Place

__all__ = [
    "KIND",
    "PAGES",
    "RESERVED_SLUGS",
    "EmbeddedOffer",
    "Node",
    "Page",
    "PageFacts",
    "PageMirrored",
    "PageMoved",
    "PageOffersChanged",
    "Place",
    "archive",
    "below",
    "change",
    "create",
    "delete",
    "facts_of",
    "find",
    "follow_offers",
    "mirror",
    "move",
    "path_upwards",
    "plant",
    "publish",
    "restore",
    "save_text",
    "schedule",
    "set_embedded_offers",
    "set_organization",
    "set_thumbnail",
    "take_offline",
    "titles",
    "tree",
]

"""Pages: the tree of evergreen information a city keeps for its people."""

from .actions import (
    archive,
    create,
    delete,
    mirror,
    move,
    plant,
    publish,
    restore,
    save_text,
    schedule,
    set_organization,
    set_thumbnail,
    take_offline,
)
from .facts import PageMirrored, PageMoved
from .models import Page
from .projection import PAGES
from .queries import KIND, Node, find, path_upwards, tree
from .rules import RESERVED_SLUGS, Place

__all__ = [
    "KIND",
    "PAGES",
    "RESERVED_SLUGS",
    "Node",
    "Page",
    "PageMirrored",
    "PageMoved",
    "Place",
    "archive",
    "create",
    "delete",
    "find",
    "mirror",
    "move",
    "path_upwards",
    "plant",
    "publish",
    "restore",
    "save_text",
    "schedule",
    "set_organization",
    "set_thumbnail",
    "take_offline",
    "tree",
]

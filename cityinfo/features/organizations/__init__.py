"""Organizations: who stands behind places, contact points and offers."""

from .actions import (
    OrganizationFacts,
    archive,
    change,
    change_part,
    create,
    delete_for_good,
    facts_of,
    restore,
    set_members,
)
from .models import Member, Organization
from .projection import ORGANIZATIONS
from .queries import (
    BELONGS_TO,
    KIND,
    PART_OF,
    all_ids,
    find,
    is_member,
    of_entries,
    organizations,
    owners,
    with_belongings,
)
from .rules import SORTS, is_web_address

__all__ = [
    "BELONGS_TO",
    "KIND",
    "ORGANIZATIONS",
    "PART_OF",
    "SORTS",
    "Member",
    "Organization",
    "OrganizationFacts",
    "all_ids",
    "archive",
    "change",
    "change_part",
    "create",
    "delete_for_good",
    "facts_of",
    "find",
    "is_member",
    "is_web_address",
    "of_entries",
    "organizations",
    "owners",
    "restore",
    "set_members",
    "with_belongings",
]

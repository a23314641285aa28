"""Locations: places in the city, where they are, what they are and when one may come."""

from . import hours
from .actions import archive, change, change_part, create, delete_for_good, facts_of, restore
from .categories import (
    COLORS,
    ICONS,
    Category,
    all_categories,
    delete_category,
    in_category,
    of_locations,
    registry,
    save_category,
)
from .categories import follow as follow_categories
from .facts import CategoryChanged
from .hours import Calendar, Day, Slot, Status
from .importing import Checked, Plan, Undone, bring_in, imports, plan, undo
from .models import Imported, InCategory, Location, LocationImport, OwnCategory
from .ports import Companion, Found, Geocoder
from .projection import LOCATIONS
from .queries import (
    KIND,
    PLACE,
    Proposal,
    address_of,
    all_ids,
    calendar,
    described_address,
    find,
    locations,
    propose_point,
)
from .rules import ACCESSIBILITY, ANSWERS, FAR_OFF, UNKNOWN, Address, LocationFacts, countries, kilometres
from .sheets import HEADINGS, Row, Sheet, parse

__all__ = [
    "ACCESSIBILITY",
    "ANSWERS",
    "COLORS",
    "FAR_OFF",
    "HEADINGS",
    "ICONS",
    "KIND",
    "LOCATIONS",
    "PLACE",
    "UNKNOWN",
    "Address",
    "Calendar",
    "Category",
    "CategoryChanged",
    "Checked",
    "Companion",
    "Day",
    "Found",
    "Geocoder",
    "Imported",
    "InCategory",
    "Location",
    "LocationFacts",
    "LocationImport",
    "OwnCategory",
    "Plan",
    "Proposal",
    "Row",
    "Sheet",
    "Slot",
    "Status",
    "Undone",
    "address_of",
    "all_categories",
    "all_ids",
    "archive",
    "bring_in",
    "calendar",
    "change",
    "change_part",
    "countries",
    "create",
    "delete_category",
    "delete_for_good",
    "described_address",
    "facts_of",
    "find",
    "follow_categories",
    "hours",
    "imports",
    "in_category",
    "kilometres",
    "locations",
    "of_locations",
    "parse",
    "plan",
    "propose_point",
    "registry",
    "restore",
    "save_category",
    "undo",
]

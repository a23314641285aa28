"""Tenants: the cities on this service, where they are and which languages they speak."""

from .actions import (
    LanguageChoice,
    TenantDraft,
    change,
    create,
    facts_of,
    register_languages,
    registry,
    set_languages,
    set_status,
)
from .facts import LanguagesChanged, TenantChanged
from .models import ACTIVE, ARCHIVED, HIDDEN, Directory, Language, Tenant, TenantLanguage
from .queries import active_languages, directory, directory_seq, find, languages, offers, own, time_zone, tree
from .rules import FEATURES, RESERVED_SLUGS, split_name

__all__ = [
    "ACTIVE",
    "ARCHIVED",
    "FEATURES",
    "HIDDEN",
    "RESERVED_SLUGS",
    "Directory",
    "Language",
    "LanguageChoice",
    "LanguagesChanged",
    "Tenant",
    "TenantChanged",
    "TenantDraft",
    "TenantLanguage",
    "active_languages",
    "change",
    "create",
    "directory",
    "directory_seq",
    "facts_of",
    "find",
    "languages",
    "offers",
    "own",
    "register_languages",
    "registry",
    "set_languages",
    "set_status",
    "split_name",
    "time_zone",
    "tree",
]

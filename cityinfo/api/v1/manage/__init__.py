"""Editing under `/api/v1/manage/{tenant}/…`: what editors do in the CMS, for programs."""

from __future__ import annotations

from . import (
    audit,
    bulk,
    calendars,
    categories,
    comments,
    contacts,
    entries,
    events,
    feedback,
    feeds,
    imprint,
    jobs,
    keywords,
    locations,
    media,
    news,
    offers,
    organizations,
    pages,
    people,
    proposals,
    search,
    settings,
    texts,
    tokens,
    webhooks,
)
from .links import add_links

__all__ = ["SECTIONS", "add_links", "bulk", "keywords", "texts"]

KINDS_AND_AREAS = tuple(
    module.blueprint
    for module in (
        *(pages, events, locations, contacts, offers, organizations, media, news, imprint),
        *(calendars, categories, feeds, feedback, proposals, settings, people, tokens, webhooks, search, jobs, audit),
    )
)
SECTIONS = (entries.shared, comments.blueprint, *KINDS_AND_AREAS)

"""Editing under `/api/v1/manage/{tenant}/…`: what editors do in the CMS, for programs."""

from __future__ import annotations

from . import contacts, entries, events, imprint, locations, media, news, offers, organizations, pages, texts

__all__ = ["SECTIONS", "texts"]

SECTIONS = (
    entries.shared,
    *(module.blueprint for module in (pages, events, locations, contacts, offers, organizations, media, news, imprint)),
)

"""The table of contents: features, content types, who listens to what, jobs. In dependency order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module

from cityinfo.features import (
    accounts,
    announcements,
    audit,
    commons,
    condition,
    contacts,
    content,
    corrections,
    deletion,
    events,
    feedback,
    idempotency,
    imprint,
    locations,
    logins,
    media,
    news,
    offers,
    onboarding,
    opening,
    organizations,
    pages,
    placeholders,
    proposals,
    publishing,
    quality,
    search,
    tenants,
    tokens,
    upstream,
    webhooks,
)
from cityinfo.kernel import facts, jobs, limits
from cityinfo.kernel.db import Database

# A feature imports only features that stand before it.
FEATURES = (
    *("tenants", "municipalities", "accounts", "logins", "tokens", "announcements", "audit"),
    *("content", "media", "organizations", "locations", "contacts", "offers", "events", "pages", "imprint", "news"),
    *("placeholders", "publishing", "commons", "webhooks", "search", "translation", "quality", "feedback", "comments"),
    *("replacements", "proposals", "handover", "imports", "archives", "moving", "deletion", "onboarding", "opening"),
    *("condition", "upstream", "corrections", "idempotency"),
)
for _feature in FEATURES:  # also those that nothing below names: whoever makes or compares a schema needs every table
    import_module(f"cityinfo.features.{_feature}")
CONTENT_TYPES = (
    pages.PAGES,
    media.MEDIA,
    organizations.ORGANIZATIONS,
    locations.LOCATIONS,
    contacts.CONTACTS,
    offers.OFFERS,
    events.EVENTS,
    events.OCCURRENCES,
    imprint.IMPRINT,
    news.NEWS,
)
# What readers can search for: everything that has an address of its own.
SEARCHED = tuple(one.kind for one in CONTENT_TYPES if one is not media.MEDIA)
PROJECTOR = publishing.Projector(
    CONTENT_TYPES,
    writers=(placeholders.write_out, media.write_out, contacts.write_out),
    finishers=(commons.add_credits,),
)
# How rights find their way in content, which comes after them.
PLACES = accounts.Places(below=pages.below, owners=organizations.owners, is_public=content.is_public)

SUBSCRIBERS: facts.Subscribers = (
    (facts.Change, audit.record),
    (content.EntryArchived, contacts.keep_places),
    (content.EntryArchived, media.keep_logo),
    (content.EntryChanged, media.follow_logo),
    (locations.CategoryChanged, locations.follow_categories),
    (content.EntryArchived, events.keep_places),
    (tenants.PlaceChanged, deletion.keep_closed),
    (tenants.TenantChanged, PROJECTOR.on_tenant),
    (tenants.TenantChanged, pages.follow_offers),
    (tenants.TenantChanged, placeholders.follow_tenant),
    (tenants.TenantChanged, opening.note_shown),
    (content.TextSaved, content.keep_words),
    (content.ContentChanged, content.keep_states),
    (tenants.LanguagesChanged, content.follow_languages),
    (content.TextSaved, news.check_saved),
    (content.TextScheduled, news.check_scheduled),
    (content.TextPublished, news.check_published),
    (content.TextSubmitted, news.follow_submitted),
    (content.TextReturned, news.follow_returned),
    (content.PublicChanged, PROJECTOR.on_content),
    (content.TextScheduled, quality.check_scheduled),
    (content.TextPublished, quality.check_published),
    (content.TextSaved, upstream.follow_own),
    (content.EntryDeleted, upstream.forget_deleted),
    (onboarding.TenantCloned, upstream.follow_clones),
    (proposals.ProposalAccepted, corrections.answer),
    (proposals.ProposalReturned, corrections.answer),
    (publishing.PublishedChanged, webhooks.announce),
    (content.PublicChanged, news.announce),  # nobody is told of what cannot be read yet
)

JOBS: Mapping[str, jobs.JobFunction] = {
    condition.MEASURE: condition.measure_city,
    corrections.CARRY: corrections.carry,
    corrections.ANSWER: corrections.carry_answer,
    locations.FOLLOW: locations.follow_common,
    offers.FOLLOW: offers.follow_template,
    publishing.RENEW: publishing.renew,
    publishing.REBUILD: partial(publishing.rebuild, projector=PROJECTOR),
    locations.IMPORT: partial(locations.run_import, companion=contacts.PrimaryContact()),
    locations.UNDO: partial(locations.run_undo, companion=contacts.PrimaryContact()),
}

# These are handed the store of media files besides, by whoever wires it.
STORE_JOBS: Mapping[str, Callable[..., None]] = {
    media.RENDITIONS: media.make_renditions,
    media.FORGET: media.forget,
    deletion.DELETE: deletion.delete_city,
    deletion.ARCHIVE: deletion.make_archive,
    deletion.FORGET: deletion.forget_archives,
    onboarding.CLONE: partial(onboarding.clone, projector=PROJECTOR),
    onboarding.UNDO: onboarding.delete_all,
    upstream.RECEIVE: upstream.receive,
}
# How facts that were proposed are applied, by kind. Of a kind that is not here, words alone can be proposed.
APPLY_FACTS: Mapping[str, proposals.ApplyFacts] = {
    organizations.KIND: organizations.change_part,
    locations.KIND: locations.change_part,
    contacts.KIND: contacts.change_part,
    offers.KIND: offers.change_part,
}

# Seconds between two calls, and what the worker calls with the database and the store of media files.
STORE_PERIODIC: Sequence[tuple[float, Callable[..., object]]] = ((3600, deletion.finish),)
# Seconds between two calls, and what the worker calls; overdue ones at start.
PERIODIC: Sequence[tuple[float, Callable[[Database], object]]] = (
    (30, partial(publishing.project_due, projector=PROJECTOR)),
    (30, announcements.enqueue_letters),
    (60, upstream.enqueue_followers),
    (1800, news.promise_feeds),
    (24 * 3600, publishing.purge),
    (24 * 3600, condition.enqueue_measures),
    (24 * 3600, events.enqueue_calendars),
    (24 * 3600, content.complete_words),
    (24 * 3600, jobs.forget_ended),
    (24 * 3600, logins.sessions.forget_ended),
    (3600, logins.purge),
    (24 * 3600, tokens.forget_ended),
    (3600, feedback.purge),
    (3600, webhooks.look_after),
    (24 * 3600, search.purge),
    (3600, idempotency.purge),
    (3600, limits.forget),
)

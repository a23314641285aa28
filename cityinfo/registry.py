"""The table of contents: features, content types, who listens to what, jobs. In dependency order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from cityinfo.features import audit, content, media, organizations, pages, publishing, tenants
from cityinfo.kernel import facts, jobs
from cityinfo.kernel.db import Database

# A feature imports only features that stand before it.
FEATURES = ("tenants", "audit", "content", "media", "organizations", "pages", "publishing", "imports")
CONTENT_TYPES = (pages.PAGES, media.MEDIA, organizations.ORGANIZATIONS)
PROJECTOR = publishing.Projector(CONTENT_TYPES, writers=(media.write_out,))

SUBSCRIBERS: facts.Subscribers = (
    (facts.Change, audit.record),
    (tenants.TenantChanged, PROJECTOR.on_tenant),
    (content.PublicChanged, PROJECTOR.on_content),
)

JOBS: Mapping[str, jobs.JobFunction] = {
    publishing.REBUILD: partial(publishing.rebuild, projector=PROJECTOR),
}

# These are handed the store of media files besides, by whoever wires it.
STORE_JOBS: Mapping[str, Callable[..., None]] = {
    media.RENDITIONS: media.make_renditions,
    media.FORGET: media.forget,
}

# Seconds between two calls, and what the worker calls; overdue ones at start.
PERIODIC: Sequence[tuple[float, Callable[[Database], object]]] = (
    (30, partial(publishing.project_due, projector=PROJECTOR)),
    (24 * 3600, publishing.purge),
    (24 * 3600, jobs.forget_ended),
)

"""The table of contents: features, content types, who listens to what, jobs. In dependency order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from cityinfo.features import audit, content, media, news, organizations, pages, publishing, tenants
from cityinfo.kernel import facts, jobs
from cityinfo.kernel.db import Database

# A feature imports only features that stand before it.
FEATURES = ("tenants", "audit", "content", "media", "organizations", "pages", "news", "publishing", "imports")
CONTENT_TYPES = (pages.PAGES, media.MEDIA, organizations.ORGANIZATIONS, news.NEWS)
PROJECTOR = publishing.Projector(CONTENT_TYPES, writers=(media.write_out,))

SUBSCRIBERS: facts.Subscribers = (
    (facts.Change, audit.record),
    (tenants.TenantChanged, PROJECTOR.on_tenant),
    (content.TextSaved, news.check_saved),
    (content.TextScheduled, news.check_scheduled),
    (content.TextPublished, news.check_published),
    (content.PublicChanged, PROJECTOR.on_content),
    (content.PublicChanged, news.announce),  # nobody is told of what cannot be read yet
)

JOBS: Mapping[str, jobs.JobFunction] = {
    publishing.REBUILD: partial(publishing.rebuild, projector=PROJECTOR),
}

# Seconds between two calls, and what the worker calls; overdue ones at start.
PERIODIC: Sequence[tuple[float, Callable[[Database], object]]] = (
    (30, partial(publishing.project_due, projector=PROJECTOR)),
    (1800, news.promise_feeds),
    (24 * 3600, publishing.purge),
    (24 * 3600, jobs.forget_ended),
)

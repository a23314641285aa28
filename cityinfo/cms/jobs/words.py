"""Jobs and where they stand, as people call them."""

from __future__ import annotations

from cityinfo.features import (
    announcements,
    comments,
    condition,
    corrections,
    deletion,
    events,
    feedback,
    locations,
    logins,
    media,
    moving,
    news,
    offers,
    onboarding,
    proposals,
    publishing,
    search,
    upstream,
    webhooks,
)
from cityinfo.kernel import jobs
from cityinfo.kernel.i18n import _


def names() -> dict[str, str]:
    """Every job in words."""
    return {
        announcements.SEND_LETTERS: _("Send letters about a message of the platform"),
        comments.MENTION: _("Send a letter about a comment"),
        condition.MEASURE: _("Measure how the city is doing"),
        deletion.ARCHIVE: _("Make an archive of the city"),
        deletion.DELETE: _("Delete the city"),
        deletion.FORGET: _("Delete archives that nobody fetches any more"),
        events.RUN_CALENDAR: _("Take over a calendar"),
        feedback.FORWARD: _("Forward feedback by mail"),
        locations.FOLLOW: _("Show a category as it is called now"),
        locations.IMPORT: _("Bring in places of a file"),
        locations.UNDO: _("Take back places of a file"),
        logins.SEND_LINK: _("Send a letter with a link"),
        media.FORGET: _("Delete a file that nothing shows"),
        media.RENDITIONS: _("Make small copies of a picture"),
        news.DELIVER: _("Send news to phones"),
        news.READ_FEED: _("Read another publisher's news"),
        offers.FOLLOW: _("Show an offer of another system as it is called now"),
        search.ENCODE: _("Read what texts mean, for searches"),
        publishing.RENEW: _("Show what has changed on the platform"),
        proposals.DECISION: _("Send a letter about a proposal"),
        moving.MOVE_IN: _("Bring a city here from another system"),
        onboarding.CLONE: _("Bring a city's content from another one"),
        onboarding.UNDO: _("Delete a city that was cloned"),
        **_between_cities(),
        publishing.REBUILD: _("Publish everything anew"),
        webhooks.DELIVER: _("Tell another server"),
    }


def _between_cities() -> dict[str, str]:
    return {
        corrections.ANSWER: _("Tell another city what became of its correction"),
        corrections.CARRY: _("Bring a correction to another city"),
        upstream.RECEIVE: _("Fetch what the template has learned"),
    }


def states() -> dict[str, str]:
    """Every state in words."""
    return {
        jobs.WAITING: _("waiting"),
        jobs.RUNNING: _("running"),
        jobs.FAILED: _("failed"),
        jobs.DONE: _("done"),
        jobs.CANCELLED: _("called off"),
    }

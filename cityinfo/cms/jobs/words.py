"""Jobs and where they stand, as people call them."""

from __future__ import annotations

from cityinfo.features import comments, events, feedback, logins, media, news, onboarding, publishing, webhooks
from cityinfo.kernel import jobs
from cityinfo.kernel.i18n import _


def names() -> dict[str, str]:
    """Every job in words."""
    return {
        comments.MENTION: _("Send a letter about a comment"),
        events.RUN_CALENDAR: _("Take over a calendar"),
        feedback.FORWARD: _("Forward feedback by mail"),
        logins.SEND_LINK: _("Send a letter with a link"),
        media.FORGET: _("Delete a file that nothing shows"),
        media.RENDITIONS: _("Make small copies of a picture"),
        news.DELIVER: _("Send news to phones"),
        news.READ_FEED: _("Read another publisher's news"),
        onboarding.CLONE: _("Bring a city's content from another one"),
        onboarding.UNDO: _("Delete a city that was cloned"),
        publishing.REBUILD: _("Publish everything anew"),
        webhooks.DELIVER: _("Tell another server"),
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

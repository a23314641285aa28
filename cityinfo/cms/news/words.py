"""Messages as people speak of them: where one stands, and how telling readers of it went."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cityinfo.cms import words
from cityinfo.cms.layout import city_zone
from cityinfo.features import news
from cityinfo.features.news import REQUESTED, Message, State
from cityinfo.kernel import clock
from cityinfo.kernel.i18n import _, ngettext


def standing(message: Message) -> str:
    """Where a message stands, as a sentence without its full stop."""
    state = news.state_of(message)
    if state is State.DRAFT:
        return _draft(message)
    if state is State.APPROVED:
        return _("Approved, without a moment yet")
    if state is State.SCHEDULED:
        return _("Scheduled: visible from {moment}", moment=_said(message.visible_from))
    if state is State.VISIBLE:
        return _("Visible until {moment}", moment=_said(news.end_of(message)))
    return _("Expired on {moment}", moment=_said(news.end_of(message)))


def sign(message: Message) -> str:
    """The sign of where it stands."""
    signs = {State.APPROVED: "current", State.SCHEDULED: "current", State.VISIBLE: "current", State.EXPIRED: "off"}
    return signs.get(news.state_of(message), "review" if message.review == REQUESTED else "draft")


def reached(message: Message, figures: Mapping[str, int]) -> str:
    """Who was told of it; empty before anyone is."""
    if not message.push:
        return _("without a notice to phones") if news.state_of(message) is not State.DRAFT else ""
    said = []
    if figures.get("browsers"):
        said.append(ngettext("one browser told", "{number} browsers told", figures["browsers"]))
    if figures.get("failed"):
        said.append(ngettext("one delivery failed", "{number} deliveries failed", figures["failed"]))
    waiting = figures.get("waiting", 0) + figures.get("sending", 0)
    if waiting:
        said.append(ngettext("one delivery on its way", "{number} deliveries on their way", waiting))
    return ", ".join(said)


def line(message: Message, figures: Mapping[str, int]) -> str:
    """What a list says of a message."""
    told = reached(message, figures)
    return _("{stands} · {told}", stands=standing(message), told=told) if told else standing(message)


def channels() -> dict[str, str]:
    return {news.FCM: _("Apps"), news.WEBPUSH: _("Browsers")}


def deliveries() -> dict[str, tuple[str, str]]:
    """Where a delivery can stand: sign and word."""
    return {
        "waiting": ("draft", _("waits")),
        "sending": ("review", _("is being sent")),
        "sent": ("current", _("sent")),
        "expired": ("off", _("not sent: nobody wants to be told any more")),
        "failed": ("bad", _("failed and was given up")),
        "withdrawn": ("off", _("not sent: readers no longer see it")),
        "off": ("off", _("not sent: this way is not set up here")),
    }


def _draft(message: Message) -> str:
    if message.review == REQUESTED:
        return _("Waits for approval")
    return _("Sent back: {reason}", reason=message.review_message) if message.review_message else _("Draft")


def _said(moment: datetime | None) -> str:
    return words.moment(moment, now=clock.now(), zone=city_zone()) if moment else ""


def feed_failures() -> dict[str, str]:
    """Why a feed could not be read, by code."""
    slow, address = _("its server takes too long"), _("its address leads to nothing that can be read")
    return {
        "feed.slow": slow,
        "feed.address": address,
        "feed.failed": _("its server cannot be reached"),
        "feed.too_large": _("it is too large"),
        "feed.status": _("its server refuses to answer"),
        "feed.unreadable": _("it is neither RSS nor Atom"),
        "fetch.host": _("its name leads to no server"),
        "fetch.scheme": address,
        "fetch.inside": address,
    }

"""Feedback as apps send it: a form of their own for every kind of page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from cityinfo.api.http import json_bytes
from cityinfo.api.posting import limit_size, send_feedback
from cityinfo.features import feedback as features
from cityinfo.kernel.errors import Invalid, NotFound
from cityinfo.kernel.i18n import say
from cityinfo.web.guard import public
from cityinfo.web.limits import address, limited

# What apps say it is about → what we call it. The last ones are of older apps.
TOPICS = {
    "categories": "tenant",
    "page": "page",
    "events": "events",
    "event": "event",
    "map": "map",
    "poi": "location",
    "offers": "offers",
    "offer": "offer",
    "imprint-page": "imprint",
    "search": "search",
    "location": "location",
    "locations": "map",
    "cities": "tenant",
    "extras": "offers",
    "extra": "offer",
    "disclaimer": "imprint",
}
OFTEN_ENOUGH = "30/minute"  # before anything is read; how much one reader may send is `feedback`'s own matter
TECHNICAL = "Technisches Feedback"  # the other category is “Inhalte”


@public
@limited(OFTEN_ENOUGH, by=address)
def feedback(tenant: str, language: str, about: str) -> Response:
    """Keep what a reader says; apps show success for an answer with a JSON body alone."""
    if about not in TOPICS:
        raise NotFound("feedback.topic", say("There is no feedback about “{about}”.", about=about[:50]))
    return _send(tenant, language, TOPICS[about], _form())


@public
@limited(OFTEN_ENOUGH, by=address)
def feedback_of_older_apps(tenant: str, language: str) -> Response:
    """The same, about the page under `permalink`, or about the city when there is none."""
    form = _form()
    segments = [segment for segment in form.get("permalink", "").split("/") if segment]
    inside = segments[segments.index(language) + 1 :] if language in segments else segments
    slug = inside[-1] if inside else form.get("slug", "")
    return _send(tenant, language, "page" if slug else "tenant", {**form, "slug": slug})


def _send(tenant: str, language: str, topic: str, form: Mapping[str, str]) -> Response:
    comment, contact = features.split_contact(form.get("comment", ""))
    said: dict[str, Any] = {
        "topic": topic,
        "slug": form.get("slug", "").strip(" /"),
        "rating": _rating(form.get("rating", "")),
        "comment": comment,
        "contact": contact,
        "query": form.get("query", "").strip(),
        "technical": form.get("category") == TECHNICAL,
    }
    send_feedback(tenant, language, said)
    body = json_bytes({"success": "Feedback successfully submitted"})
    return Response(body, status=201, content_type="application/json", headers=[("Cache-Control", "no-store")])


def _rating(text: str) -> str:
    if text.lower() not in features.RATINGS:
        raise Invalid("feedback.rating", say("“{text}” is no rating; send up, down or none.", text=text[:50]))
    return text.lower()


def _form() -> dict[str, str]:
    """Fields of a form, or of the JSON that some older apps send."""
    limit_size()
    sent = request.get_json(silent=True) if request.is_json else None
    fields: Mapping[str, Any] = sent if isinstance(sent, dict) else request.form
    return {name: str(value) for name, value in fields.items() if value is not None}


ROUTES = ()
POSTS = (
    ("/<tenant>/<language>/feedback/", feedback_of_older_apps),
    ("/<tenant>/<language>/feedback/<about>/", feedback),
)

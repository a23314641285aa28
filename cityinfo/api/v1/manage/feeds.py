"""News of others that the city shows among its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from cityinfo.api.v1.operations import Body
from cityinfo.features import news
from cityinfo.features.news import Feed

from .editing import Editing, Outcome, editing, record, section
from .entries import HERE
from .lists import whole_list
from .values import Flag, Sent

blueprint = section("Editing: feeds", "News of others that the city shows among its own.")
ONE = f"{HERE}/feeds/<int:feed_id>"
FACTS = ("id", "address", "source", "language", "active", "fetched_at", "failure")


class FeedDraftSchema(Sent):
    """Which feed is shown, and under which name."""

    address = fields.String(
        required=True,
        validate=validate.Length(min=1, max=2_000),
        metadata={"format": "uri", "example": "https://example.org/news.rss"},
    )
    source = fields.String(
        required=True,
        validate=validate.Length(min=2, max=30),
        metadata={"pattern": f"^{news.SOURCE}$", "example": "amtsblatt"},
    )
    language = fields.String(required=True, validate=validate.Length(min=1, max=20), metadata={"example": "de"})


class FeedStateSchema(Sent):
    """Whether a feed is read and shown."""

    active = Flag(required=True)


class FeedSchema(Body):
    """A feed and how reading it went."""

    id = fields.Integer(required=True)
    address = fields.String(required=True)
    source = fields.String(required=True)
    language = fields.String(required=True)
    active = fields.Boolean(required=True)
    fetched_at = fields.DateTime(required=True, allow_none=True)
    failure = fields.String(required=True)


@editing(blueprint, f"{HERE}/feeds", needs=["news:read"], answer=whole_list(FeedSchema, "FeedList"))
def list_feeds(editor: Editing) -> Outcome:
    """List the feeds the city shows."""
    return Outcome({"items": [_written(one) for one in news.feeds(editor.db)]})


@editing(
    blueprint,
    f"{HERE}/feeds",
    method="POST",
    needs=["news:manage"],
    body=FeedDraftSchema,
    answer=FeedSchema,
    status=201,
)
def add_feed(editor: Editing, body: Mapping[str, Any]) -> Outcome:
    """Show a feed from now on."""
    made = news.add_feed(
        editor.db, body["address"], source=body["source"], language=body["language"], actor=editor.actor
    )
    return record(_written(made), status=201, location=f"/api/v1/manage/{editor.tenant}/feeds/{made.id}")


@editing(blueprint, ONE, needs=["news:read"], answer=FeedSchema)
def get_feed(editor: Editing, feed_id: int) -> Outcome:
    """Read a feed and how reading it went."""
    return record(_written(news.find_feed(editor.db, feed_id)))


@editing(blueprint, ONE, method="PUT", needs=["news:manage"], body=FeedStateSchema, answer=FeedSchema, if_match=True)
def change_feed(editor: Editing, body: Mapping[str, Any], feed_id: int) -> Outcome:
    """Show the items of a feed, or stop showing them."""
    editor.compare(_written(news.find_feed(editor.db, feed_id)), body)
    news.set_feed_active(editor.db, feed_id, body["active"], actor=editor.actor)
    return record(_written(news.find_feed(editor.db, feed_id)))


@editing(blueprint, ONE, method="DELETE", needs=["news:manage"], answer=None, status=204, if_match=True)
def remove_feed(editor: Editing, feed_id: int) -> Outcome:
    """Forget a feed and its items."""
    editor.compare(_written(news.find_feed(editor.db, feed_id)))
    news.remove_feed(editor.db, feed_id, actor=editor.actor)
    return Outcome()


def _written(feed: Feed) -> dict[str, Any]:
    return {name: getattr(feed, name) for name in FACTS}

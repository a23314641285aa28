"""What all lists of entries have in common that stand in no tree: words, portions, sparse fields, single entries."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response
from marshmallow import ValidationError, fields, validate

from cityinfo.api.http import absolute_media, local_time
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import say
from cityinfo.web.bodies import Answer, Reading, serve

from .operations import Body, Paged, Query, answer, limit, portion
from .pages import EXAMPLE, PathSchema
from .places import Places

Document = Mapping[str, Any]  # as published
Item = dict[str, Any]  # as delivered
_NOT_HERE = {
    "event": say("There is no event {entry_id} in this language."),
    "location": say("There is no location {entry_id} in this language."),
    "contact": say("There is no contact {entry_id} in this language."),
    "offer": say("There is no offer {entry_id} in this language."),
    "organization": say("There is no organization {entry_id} in this language."),
    "news": say("There is no message {entry_id} in this language."),
}


class EntrySchema(Body):
    """What every entry says of itself and in words."""

    id = fields.Integer(required=True, metadata={"description": "The same in all languages.", "example": EXAMPLE})
    kind = fields.String(required=True)
    language = fields.String(required=True, metadata={"description": "The one asked for.", "example": "ar"})
    delivered_language = fields.String(
        required=True,
        metadata={"description": "Language of the words; another one when they stand in.", "example": "de"},
    )
    slug = fields.String(required=True, metadata={"example": "beratung"})
    path = fields.String(required=True, metadata={"description": "Below city and language."})
    title = fields.String(required=True, metadata={"description": "Plain text.", "example": "Beratung"})
    content = fields.String(required=True, metadata={"description": "Sanitised HTML, links written out."})
    excerpt = fields.String(required=True, metadata={"description": "Beginning of the text, without markup."})
    changed_at = fields.DateTime(required=True, metadata={"description": "In the city's time zone."})
    origin = fields.String(required=True, metadata={"description": "`human`, `machine` or `import`."})
    languages = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(PathSchema),
        required=True,
        metadata={"description": "Every language it can be read in, this one included."},
    )


class PictureSchema(Body):
    """A picture, and smaller copies of it."""

    class CopySchema(Body):
        """One copy."""

        url = fields.String(required=True)
        type = fields.String(required=True, metadata={"example": "image/webp"})
        width = fields.Integer(required=True)
        height = fields.Integer(required=True)

    url = fields.String(required=True)
    type = fields.String(required=True)
    width = fields.Integer(required=True, allow_none=True)
    height = fields.Integer(required=True, allow_none=True)
    alt = fields.String(required=True, metadata={"description": "What it shows; may be empty."})
    focal_point = fields.List(
        fields.Float(), required=True, metadata={"description": "Fractions from the left and top."}
    )
    renditions = fields.List(fields.Nested(CopySchema), required=True)


class OrganizationNameSchema(Body):
    """The organization something belongs to."""

    id = fields.Integer(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    website = fields.String(required=True, allow_none=True)
    logo = fields.Nested(PictureSchema, required=True, allow_none=True)


class Names(fields.Field[list[str]]):
    """Names separated by commas."""

    def __init__(self, *known: str, description: str, **described: Any) -> None:
        one = f"({'|'.join(known)})?"
        pattern = f"^ *{one} *(, *{one} *)*$"
        super().__init__(metadata={"type": "string", "pattern": pattern, "description": description, **described})
        self._known = known

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> list[str]:  # noqa: ARG002 - marshmallow's
        names = [name.strip() for name in str(value).split(",") if name.strip()]
        unknown = [name for name in names if name not in self._known]
        if unknown:
            raise ValidationError(
                say(
                    "“{unknown}” is unknown here; choose from: {choices}.",
                    unknown=unknown[0][:50],
                    choices=", ".join(self._known),
                )
            )
        return names


class EntryQuery(Paged):
    """How much of a list, and which fields of it."""

    fields_ = fields.String(
        data_key="fields",
        validate=validate.Length(max=500),
        metadata={"description": "Only these, separated by commas; `id` always.", "example": "title,path"},
    )
    limit = limit(1000, default=100)


class Writer:
    """Writes published documents of one kind as their schema describes them. What is the same for all is made once."""

    def __init__(self, reading: Reading, kind: str) -> None:
        self.reading = reading
        self.places = Places(reading, kind)
        self.zone = ZoneInfo(reading.tenant.time_zone)

    def words(self, document: Document) -> Item:
        """What `EntrySchema` describes."""
        own = ("id", "kind", "language", "delivered_language", "slug", "title", "excerpt", "origin")
        languages = self.places.languages(document["id"])
        return {
            **{name: document[name] for name in own},
            "path": languages[document["language"]]["path"],
            "content": self.places.with_links(document["content"]),
            "changed_at": self.moment(document["changed_at"]),
            "languages": languages,
        }

    def moment(self, text: str) -> str:
        """A moment as published, in the city's time zone."""
        return _moment(text, self.zone)

    def picture(self, picture: Document | None) -> Item | None:
        """A picture as published, with absolute addresses."""
        if picture is None:
            return None
        copies = [{**one, "url": self._absolute(one["url"])} for one in picture["renditions"]]
        names = ("type", "width", "height", "alt", "focal_point")
        return {
            **{name: picture[name] for name in names},
            "url": self._absolute(picture["url"]),
            "renditions": copies,
        }

    def organization(self, organization: Document | None) -> Item | None:
        """The organization a document names."""
        return None if organization is None else {**organization, "logo": self.picture(organization["logo"])}

    def _absolute(self, address: str) -> str:
        return absolute_media(self.reading, address)


@lru_cache(maxsize=4096)
def _moment(text: str, zone: ZoneInfo) -> str:
    """Most of a list that is written anew has the moments it had before."""
    return local_time(datetime.fromisoformat(text), zone)


Write = Callable[[Document], Item]


def serve_list(
    kind: str,
    tenant: str,
    language: str,
    query: Mapping[str, Any],
    *,
    choose: Callable[[Reading, list[Item]], Sequence[Item]],
    write: Callable[[Reading], Write],
    params: Mapping[str, str] | None = None,
    valid_for: float = math.inf,
) -> Response:
    """Answer with a portion of all published documents of a kind.

    `choose` filters and sorts documents, `write` makes what turns one into an item. `params` say what else the answer
    depends on; one that depends on the time is `valid_for` so many seconds.
    """

    def build(reading: Reading) -> Answer:
        chosen = choose(reading, reading.documents(kind))
        return _portion(reading, chosen, query, write(reading))

    return serve(
        f"v1.{kind}s",
        tenant=tenant,
        language=language.lower(),
        params={**Query.canonical(dict(query)), **(params or {})},
        kinds=(kind,),
        valid_for=valid_for,
        build=build,
    )


def _portion(reading: Reading, chosen: Sequence[Item], query: Mapping[str, Any], write: Write) -> Answer:
    items, cursor = portion(chosen, item_key, limit=query["limit"], cursor=query.get("cursor"))
    listed = [sparse(write(one), query.get("fields_")) for one in items]
    return answer({"items": listed, "cursor": cursor, "more": cursor is not None}, reading)


def serve_one(kind: str, tenant: str, language: str, entry_id: int, *, write: Callable[[Reading], Write]) -> Response:
    """Answer with one published document; `NotFound` when it is not public in this language."""

    def build(reading: Reading) -> Answer:
        documents = reading.documents_of(kind, [entry_id])
        if not documents:
            raise NotFound(f"{kind}.unknown", _NOT_HERE[kind].with_values(entry_id=entry_id))
        return answer(write(reading)(documents[0]), reading)

    return serve(
        f"v1.{kind}", tenant=tenant, language=language.lower(), params={"id": str(entry_id)}, kinds=(kind,), build=build
    )


def by_title(_reading: Reading, documents: list[Item]) -> Sequence[Item]:
    """All of them, in the order of their titles."""
    return sorted(documents, key=lambda document: (document["title"].casefold(), document["id"]))


def item_key(document: Document) -> object:
    """What tells documents of a list apart; occurrences of an event have a key of their own."""
    return document.get("key", document["id"])


def sparse(item: Item, names: str | None) -> Item:
    """Only the fields asked for, and the identity."""
    if names is None:
        return item
    wanted = {"id", *(name.strip() for name in names.split(","))}
    return {name: value for name, value in item.items() if name in wanted}

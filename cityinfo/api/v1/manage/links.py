"""Links of the description: from what was made to what can be done with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .kinds import KINDS, Kind

TENANT = {"tenant": "$request.path.tenant"}
TAG = {"header.If-Match": "$response.header.ETag"}
# What is made by an operation → what else can be done with it, the name of its identity, and whether a tag is needed.
RECORDS = (
    ("addCalendar", "calendar_id", {"getExternalCalendar": False, "changeCalendar": True, "removeCalendar": True}),
    ("addFeed", "feed_id", {"getFeed": False, "changeFeed": True, "removeFeed": True}),
    ("addWebhook", "webhook_id", {"getWebhook": False, "changeWebhook": True, "listWebhookDeliveries": False}),
    ("addSynonyms", "group_id", {"getSynonyms": False, "changeSynonyms": True, "removeSynonyms": True}),
    ("grantRole", "membership_id", {"getMember": False, "changeRole": True, "revokeRole": True}),
    ("proposeChange", "proposal_id", {"getProposal": False, "withdrawProposal": True}),
    ("runCalendar", "job_id", {"getJob": False}),
)
OF_ENTRIES = {"archiveEntry": True, "restoreEntry": True, "listUses": False}
OF_TEXTS = {
    "getText": False,
    "saveText": True,
    "publishText": True,
    "submitText": True,
    "scheduleText": True,
    "listVersions": False,
}


def add_links(description: dict[str, Any]) -> None:
    """Say in the description what follows from what."""
    operations = {one["operationId"]: one for item in description["paths"].values() for one in _operations(item)}
    for kind in KINDS.values():
        made = operations.get(f"create{kind.noun.capitalize()}") or operations["uploadFile"]
        made["responses"]["201"]["links"] = dict(_of_entry(kind, operations))
    for name, identity, others in RECORDS:
        status = "202" if name == "runCalendar" else "201"
        path = f"$response.body#/{'job_id' if name == 'runCalendar' else 'id'}"
        links = {other: _link(other, {identity: path}, tagged=tagged) for other, tagged in others.items()}
        operations[name]["responses"][status]["links"] = links


def _of_entry(kind: Kind, operations: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    noun, entry = kind.noun.capitalize(), {"entry_id": "$response.body#/id"}
    own = {f"get{noun}Draft": False, f"change{noun}": True, f"delete{noun}": True}
    for name, tagged in own.items():
        if name in operations:
            yield name, _link(name, entry, tagged=tagged)
    for name, tagged in OF_ENTRIES.items():
        yield name, _link(name, {"kind": kind.plural, **entry}, tagged=tagged)
    for name, tagged in OF_TEXTS.items():
        yield name, _link(name, {"kind": kind.plural, **entry, "language": "de"}, tagged=tagged)


def _link(name: str, path: Mapping[str, Any], *, tagged: bool) -> dict[str, Any]:
    parameters = {f"path.{key}": value for key, value in {**TENANT, **path}.items()}
    return {"operationId": name, "parameters": {**parameters, **(TAG if tagged else {})}}


def _operations(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [one for method, one in item.items() if method != "parameters"]

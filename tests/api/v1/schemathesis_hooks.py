"""What schemathesis cannot read from the description: which things there are, and in which state.

Every valid case is about something that is there, says which state of it was seen, and has a key of its own; the case
may then only be refused for what it says itself. What a case tests, and what is wrong in it on purpose, stays.
"""

from __future__ import annotations

import os
import re
import secrets
from collections import Counter
from collections.abc import Iterator
from itertools import count
from typing import Any

import requests
import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase
from schemathesis.openapi.checks import RejectedPositiveData

LISTED = re.compile("/(pages|events|contacts|offers|locations|media|news|organizations)$")  # in portions
GIVEN = {"tenant", "language", "kind"}  # what names no thing of its own
# Codes of 422 with which something may be refused although its form is right, and places of parameters for which that
# holds. Whatever else is refused, a schema can say, and the description has to.
MEANING = {
    # It names what is not there, or that the city does not use.
    *"calendar.language comment.mention event.occurrence feed.language language.unknown location.category".split(),
    *"membership.language offer.language page.not_a_sibling page.offer tenant.language_unknown text.reference".split(),
    *"token.kind webhook.filter webhook.since".split(),
    # What it is about is in another state.
    *"entry.not_archived feed.known job.ended job.not_waiting membership.last_manager news.empty".split(),
    *"news.not_approved news.text_schedule news.visible page.has_children text.not_submitted".split(),
    *"text.nothing_new webhook.off".split(),
    # Something else shows it, or it shows something else.
    *"category.in_use contact.in_use entry.in_use location.in_use media.logo page.is_mirrored".split(),
    # Fields do not go together, or not with what is there.
    *"contact.empty contact.primary event.end location.coordinates location.on_map location.postal_code".split(),
    *"membership.manager membership.may_publish membership.organization news.window offer.cost offer.deadline".split(),
    *"offer.external_address offer.external_twice offer.link synonyms.words tenant.coordinates events.span".split(),
    *"tenant.language_root tenant.language_twice text.schedule token.expiry".split(),
    "proposal.empty",
    *"bulk.languages event.all_day event.length offer.age offer.schedule text.title".split(),
    # It is written in a way that has a grammar or a list of its own.
    *"account.email contact.email contact.phone contact.web_address event.address location.hours".split(),
    *"event.time_zone feed.address location.web_address media.folder offer.address organization.address".split(),
    *"category.name event.rule push.endpoint tenant.time_zone webhook.address".split(),
    # It proves nothing, does not hold the bytes it says, or holds what no database keeps.
    *"challenge.unreadable feed.cursor link.unknown media.empty media.unknown_type media.wrong_type".split(),
    *"password.short password.weak password.common request.characters totp.wrong".split(),
    # A box that is none on earth, and moments in years of which nothing is known.
    *"query.bbox query.from query.to".split(),
    # The server it names does not answer.
    "calendar.name",
}
ONE_OF = 1 if os.environ.get("CITYINFO_SCHEMATHESIS") else 3  # cases at the edge of a description is tried
_turns = count()
_seen: Counter[str] = Counter()
_known: dict[str, list[str]] = {}
_myself: list[int] = []


@schemathesis.hook
def filter_case(context: Any, case: Any) -> bool:
    """Of every operation the first case at the edge of its description, and each third one after it."""
    if case.meta is None or case.meta.phase.name != TestPhase.COVERAGE:
        return True
    _seen[case.operation.label] += 1
    return (_seen[case.operation.label] - 1) % ONE_OF == 0


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    who = case.headers.get("Authorization")
    if not who or case.meta is None:
        return
    ask = Asking(case.operation.base_url.removesuffix("/"), {"Authorization": who})
    if not case.meta.is_negative_at(ParameterLocation.PATH) and case.meta.phase.name != TestPhase.STATEFUL:
        case.path_parameters.update(dict(existing(ask, case)))
    if is_about(case, "Authorization"):
        return
    if "If-Match" in case.headers and not is_about(case, "If-Match"):
        case.headers["If-Match"] = ask.tag(case) or case.headers["If-Match"]
    if "Idempotency-Key" in case.headers and not is_wrong(case, "Idempotency-Key"):
        length = len(case.headers["Idempotency-Key"])
        case.headers["Idempotency-Key"] = secrets.token_urlsafe(length)[:length]


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """What was taken away, and what was made, is told by the next look at the list it stands in."""
    if response.status_code >= 400 or case.method not in ("DELETE", "POST"):
        return
    path = case.formatted_path
    if case.method == "DELETE":
        for known in [known for known in _known if known == path.rpartition("/")[0] or known.startswith(path)]:
            del _known[known]
    elif not _known.get(path):
        _known.pop(path, None)


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """What no schema can say is no failure of the description."""
    if not isinstance(failure, RejectedPositiveData) or response.status_code != 422:
        return True
    problem = response.json()
    places = {f"{place}.{name}" for place, names in problem.get("errors", {}).items() for name in names}
    return not (places or {problem["code"]}) <= MEANING


class Asking:
    """Reading what is there, as whoever makes the case."""

    def __init__(self, base: str, headers: dict[str, str]) -> None:
        self.base, self.headers = base, headers

    @property
    def account_id(self) -> int:
        """Whose roles nobody takes away: with them the rest is tried."""
        if not _myself:
            _myself.append(self.get("/api/v1/auth/me").json()["id"])
        return _myself[0]

    def get(self, path: str) -> requests.Response:
        return requests.get(self.base + path, headers=self.headers, timeout=30)

    def names(self, path: str, name: str) -> list[str]:
        """What the things in a list are called in addresses."""
        if path not in _known:
            answer = self.get(f"{path}?limit=20" if LISTED.search(path) else path)
            items = answer.json().get("items", []) if answer.ok else []
            others = [item for item in items if item.get("account_id") != self.account_id]
            _known[path] = [str(item["slug" if name == "slug" else "id"]) for item in others]
        return _known[path]

    def tag(self, case: Any) -> str | None:
        """The tag of what a case changes, or of the next thing above it that has one."""
        template, path = case.operation.path, case.formatted_path
        while path:
            readable = "get" in case.operation.schema.raw_schema["paths"].get(template, {})
            tag = self.get(path).headers.get("ETag") if readable else None
            if tag:
                return tag
            template, path = template.rpartition("/")[0], path.rpartition("/")[0]
        return None


def existing(ask: Asking, case: Any) -> Iterator[tuple[str, str]]:
    """For each parameter that names a thing: one of those that are there."""
    path = ""
    for segment in case.operation.path.removeprefix("/").split("/"):
        parameter = re.match(r"\{(\w+)\}", segment)
        name = parameter[1] if parameter else ""
        if not name:
            path += f"/{segment}"
            continue
        value = str(case.path_parameters[name])
        if name not in GIVEN and not is_about(case, name):
            names = ask.names(path, name)
            if names:
                value = names[next(_turns) % len(names)]
                yield name, value
        path += f"/{value}"


def is_about(case: Any, name: str) -> bool:
    """Whether a case is about this parameter."""
    return bool(getattr(case.meta.phase.data, "parameter", None) == name)


def is_wrong(case: Any, name: str) -> bool:
    """Whether a header is wrong on purpose."""
    return case.meta.is_negative_at(ParameterLocation.HEADER) and is_about(case, name)

"""Programs of editors: clients that are logged in, and what they do again and again."""

from __future__ import annotations

from itertools import count
from typing import Any

from cityinfo.features import logins
from cityinfo.kernel.db import NO_TENANT
from cityinfo.web import identity
from tests.factories import City
from tests.factories_people import member

_numbers = count(1)


def headers_of(app: Any, account_id: int, *, strong: bool = False) -> dict[str, str]:
    """What proves who someone is. The password was typed already; checking one takes long on purpose."""
    database = app.extensions["database"]
    with database.unit_of_work(NO_TENANT, write=True) as db:
        session = logins.sessions.begin(db, account_id, strong=strong)
    with app.app_context():
        tokens = identity.tokens_for(session)
    return {"Authorization": f"Bearer {tokens['access_token']}"}


class Editor:
    """Someone with a role in a city and a client that is logged in."""

    def __init__(self, client: Any, city: City, role: str = "manager", **reach: object) -> None:
        self.client, self.here = client, f"/api/v1/manage/{city.slug}"
        self.account_id = member(city, role, f"{role}-{next(_numbers)}", **reach)
        self.headers = headers_of(client.application, self.account_id)

    @property
    def name(self) -> str:
        """As versions and the audit log name them."""
        return f"person:{self.account_id}"

    def ask(self, method: str, path: str, *, seen: Any = None, key: str = "", **sent: Any) -> Any:
        """One request. `seen` is an answer whose tag goes along, or the tag itself."""
        tag = seen if isinstance(seen, str | None) else seen.headers["ETag"]
        headers = {**self.headers, **({"If-Match": tag} if tag else {})}
        headers |= {"Idempotency-Key": key} if key else {}
        return self.client.open(f"{self.here}{path}", method=method, headers=headers, **sent)

    def get(self, path: str, **sent: Any) -> Any:
        return self.ask("GET", path, **sent)

    def post(self, path: str, body: Any = None, *, seen: Any = None, **sent: Any) -> Any:
        return self.ask("POST", path, seen=seen, **({} if body is None else {"json": body}), **sent)

    def put(self, path: str, body: Any, *, seen: Any = None) -> Any:
        return self.ask("PUT", path, json=body, seen=seen)

    def patch(self, path: str, body: Any, *, seen: Any = None) -> Any:
        return self.ask("PATCH", path, json=body, seen=seen)

    def delete(self, path: str, *, seen: Any = None) -> Any:
        return self.ask("DELETE", path, seen=seen)

    def create(self, plural: str = "pages", title: str = "Arbeit", *, language: str = "de", **facts: Any) -> Any:
        """A new entry with its first words, not public."""
        made = self.post(
            f"/{plural}", {"facts": facts, "texts": {language: {"title": title, "content": "<p>Eins</p>"}}}
        )
        assert made.status_code == 201, made.json
        return made

    def publish(self, plural: str, entry: Any, language: str = "de") -> Any:
        return self.post(f"/{plural}/{entry.json['id']}/texts/{language}/publish", seen=entry)

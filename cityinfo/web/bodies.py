"""Finished answers for readers, built once for every state of the content and sent as bytes from then on.

A thin layer stands in front of Flask: it knows the address of every answer it has seen, asks whether anything was
published since, and answers hits and 304s itself. Everything else goes to the view, whose `serve` builds the answer
from one snapshot together with its token.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from flask import Response, current_app, g, request

from cityinfo.features import publishing, tenants
from cityinfo.features.publishing import Outline
from cityinfo.features.tenants import Language, Tenant
from cityinfo.kernel import clock
from cityinfo.kernel.db import NO_TENANT, Database, Work
from cityinfo.kernel.errors import NotFound, Unavailable
from cityinfo.kernel.i18n import say
from cityinfo.settings import Settings

from .heads import Heads, Place, place, read_token
from .security import FROM_EVERYWHERE
from .store import Headers, Memory, Store, Stored, Token, accepted_encodings, disk_store, encoded, newest_source
from .watch import Watch

CACHE_CONTROL = "public, max-age=0, must-revalidate, stale-while-revalidate=60, stale-if-error=86400"
STALE = ("Cache-Status", "cityinfo; hit; detail=stale")
MOST_ADDRESSES = 5_000
MOST_OUTLINES = 16
_LONGEST_ADDRESS = 2_000

StartResponse = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a face says. `language` is a BCP 47 tag."""

    body: bytes
    content_type: str = "application/json"
    language: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """Where an address leads, and until when it leads there (by the clock that only runs forward)."""

    key: str
    where: Place
    until: float


@dataclass(slots=True)
class Reading:
    """One reader's request: a snapshot of one tenant's published content in one language."""

    db: Work
    settings: Settings
    language: str
    _tenant: Tenant | None
    _layer: Bodies
    _token: Token
    _outlines: dict[str, Outline] = field(default_factory=dict)

    @property
    def tenant(self) -> Tenant:
        if self._tenant is None:
            raise LookupError("This answer belongs to no tenant.")
        return self._tenant

    def outline(self, kind: str) -> Outline:
        """All public entries of a kind without their words; kept by the worker until something in it changes."""
        if kind not in self._outlines:
            self._outlines[kind] = self._layer.outline(self.db, self._token, kind)
        return self._outlines[kind]

    def paths(self, kind: str, entry_id: int) -> Mapping[str, str]:
        """Where an entry can be seen, below city and language: its path in each language in which it can be."""
        begin, paths = self._layer.kinds[kind], self.outline(kind).paths(entry_id)
        return {language: begin + path for language, path in paths.items()} if begin else paths

    def path(self, entry_id: int, language: str) -> str | None:
        """The same in one language, for an entry of whatever kind; None when it cannot be seen."""
        for kind, begin in self._layer.kinds.items():
            paths = self.outline(kind).paths(entry_id)
            if paths:
                return begin + paths[language] if language in paths else None
        return None

    def documents(self, kind: str) -> list[dict[str, Any]]:
        """All published documents of a kind, in no particular order."""
        return list(self.each_document(kind))

    def each_document(self, kind: str) -> Iterator[dict[str, Any]]:
        """The same one by one: who writes each at once never has all of them in memory."""
        return map(orjson.loads, publishing.payloads(self.db, self.language, kind))

    def documents_of(self, kind: str, entry_ids: Sequence[int]) -> list[dict[str, Any]]:
        return [orjson.loads(one) for one in publishing.payloads_of(self.db, self.language, kind, entry_ids)]

    def registry(self) -> dict[str, Language]:
        """All languages by slug."""
        return self._layer.registry(self.db)


Build = Callable[[Reading], Answer]


@dataclass(slots=True)
class Bodies:
    """The layer. Wraps the WSGI application and serves its views."""

    database: Database
    settings: Settings
    watch: Watch
    kinds: Mapping[str, str]  # and with what their paths begin
    store: Store = field(init=False)
    heads: Heads = field(init=False)
    _addresses: OrderedDict[tuple[str, str], _Known] = field(default_factory=OrderedDict)
    _encodings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _outlines: OrderedDict[tuple[int, str], tuple[Token, Outline]] = field(default_factory=OrderedDict)
    _tenant_ids: dict[str, int] = field(default_factory=dict)
    _registry: dict[str, Language] = field(default_factory=dict)
    _registry_seq: int = -1
    _fingerprint: str = ""

    def __post_init__(self) -> None:
        memory = Memory(self.settings.body_memory_mb * 1_000_000)
        self.store = Store(memory, disk_store(self.settings))
        self.heads = Heads(self.database, self.settings.head_ttl)
        self._fingerprint = f"{newest_source()} {self.settings.public_url}"

    def wrap(self, app: Wsgi) -> Wsgi:
        """The WSGI application with this layer in front."""

        def layered(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
            if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
                known = self._addresses.get((environ["PATH_INFO"], environ["QUERY_STRING"]))
                if known is not None and time.monotonic() < known.until:
                    answer = self._hit(known, environ, start_response)
                    if answer is not None:
                        return answer
            return app(environ, start_response)

        return layered

    def _hit(self, known: _Known, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes] | None:
        started = time.perf_counter() if self.watch.on else 0.0
        accepted = self.accepted(environ.get("HTTP_ACCEPT_ENCODING", ""))
        stale: tuple[tuple[str, str], ...] = ()
        try:
            token = self.heads.token(known.where)
        except Unavailable:
            last = self.heads.last_known(known.where)
            if last is None:
                return None
            token, stale = last, (STALE,)
        stored = self.store.in_memory(known.key, token, accepted)
        if stored is None:
            return None
        status, headers, body = _reply(stored, environ.get("HTTP_IF_NONE_MATCH"), environ["REQUEST_METHOD"])
        start_response(status, [*headers, *stale])
        if self.watch.on:
            self.watch.note(
                method=environ["REQUEST_METHOD"],
                path=environ["PATH_INFO"],
                status=int(status[:3]),
                seconds=time.perf_counter() - started,
                source="stale" if stale else "memory",
            )
        return body

    def serve(
        self,
        route: str,
        *,
        tenant: str | None,
        language: str,
        params: Mapping[str, str],
        kinds: tuple[str, ...],
        valid_for: float,
        build: Build,
    ) -> Response:
        until = time.monotonic() + valid_for
        key = "\n".join(
            [self._fingerprint, route, (tenant or "").lower(), language]
            + [f"{name}={value}" for name, value in sorted(params.items())]
        )
        accepted = self.accepted(request.headers.get("Accept-Encoding", ""))
        try:
            self.heads.check_reachable()
            stored = self._find_or_build(key, accepted, tenant, language, kinds, build, until)
        except Unavailable as trouble:
            if trouble.code == "database.down":
                self.heads.note_absence()
            kept = self.store.newest(key, accepted)
            if kept is None:
                raise
            g.source = "stale"
            return _response(kept, stale=True)
        return _response(stored, stale=False)

    def serve_once(self, tenant: str, language: str, build: Build) -> Response:
        self.heads.check_reachable()
        accepted, slug = self.accepted(request.headers.get("Accept-Encoding", "")), tenant.lower()
        try:
            with self.database.unit_of_work(self._tenant_id(slug)) as db:
                token = read_token(db, place(db.tenant_id, language, ()))
                answer = build(Reading(db, self.settings, language, self._tenant(db, slug, language), self, token))
        except Unavailable as trouble:
            if trouble.code == "database.down":
                self.heads.note_absence()
            raise
        g.source = "built"
        return _response(encoded(accepted, answer.body, _headers(answer))[1], stale=False)

    def _find_or_build(
        self,
        key: str,
        accepted: tuple[str, ...],
        slug: str | None,
        language: str,
        kinds: tuple[str, ...],
        build: Build,
        until: float,
    ) -> Stored:
        slug = slug and slug.lower()
        tenant_id = None if slug is None else self._tenant_id(slug)
        where = place(tenant_id, language, kinds)
        with self.database.unit_of_work(NO_TENANT if tenant_id is None else tenant_id) as db:
            token = read_token(db, where)
            stored = self.store.find(key, token, accepted)
            g.source = "built" if stored is None else "disk"
            if stored is None:
                tenant = self._tenant(db, slug, language)
                answer = build(Reading(db, self.settings, language, tenant, self, token))
                headers = [*_headers(answer), *g.get("kept_headers", ())]
                stored = self.store.put(key, token, accepted, answer.body, headers)
        self.heads.remember(where, token)
        self._remember_address(_Known(key, where, until))
        return stored

    def outline(self, db: Work, token: Token, kind: str) -> Outline:
        state = (token[0], token[-1])  # the epoch, and the last number that touched any outline
        known = self._outlines.pop((db.tenant_id, kind), None)
        outline = _outline(db, kind, known, state)
        self._outlines[db.tenant_id, kind] = (state, outline)
        while len(self._outlines) > MOST_OUTLINES:
            self._outlines.popitem(last=False)
        return outline

    def registry(self, db: Work) -> dict[str, Language]:
        seq = tenants.directory_seq(db)  # grows with every change of the registry, too
        if self._registry_seq != seq:
            found = tenants.languages(db)
            for language in found.values():
                db.expunge(language)  # a reading that ends in a problem would take back what it has loaded
            self._registry, self._registry_seq = found, seq
        return self._registry

    def accepted(self, header: str) -> tuple[str, ...]:
        found = self._encodings.get(header)
        if found is None:
            if len(self._encodings) > 1_000:
                self._encodings.clear()
            found = self._encodings[header] = accepted_encodings(header)
        return found

    def _tenant_id(self, slug: str) -> int:
        known = self._tenant_ids.get(slug)
        if known is None:
            with self.database.unit_of_work(NO_TENANT) as db:
                known = self._tenant_ids[slug] = tenants.find(db, slug).id
        return known

    def _tenant(self, db: Work, slug: str | None, language: str) -> Tenant | None:
        if slug is None:
            return None
        try:
            tenant = tenants.find(db, slug)
        except NotFound:
            self._tenant_ids.pop(slug, None)
            raise
        if tenant.id != db.tenant_id:  # the address has come to another city since
            self._tenant_ids[slug] = tenant.id
            raise Unavailable("tenant.moved", "This address has just come to another city; ask again.")
        if language and language not in tenant.active_languages:
            raise NotFound("language.unknown", say("This city does not speak “{language}” here.", language=language))
        return tenant

    def _remember_address(self, known: _Known) -> None:
        address = (request.environ["PATH_INFO"], request.environ["QUERY_STRING"])
        if sum(map(len, address)) > _LONGEST_ADDRESS:
            return
        self._addresses[address] = known
        while len(self._addresses) > MOST_ADDRESSES:
            self._addresses.popitem(last=False)


def serve(
    route: str,
    *,
    tenant: str | None,
    language: str | None = None,
    params: Mapping[str, str] | None = None,
    kinds: Sequence[str] = (),
    valid_for: float = math.inf,
    build: Build,
) -> Response:
    """Answer a reader. `params` are the known ones only, in canonical form; they and the rest name the answer.

    An answer that depends on the time says so in `params`, as `window` gives it, and is `valid_for` so many seconds.
    Built at most once for every state of the content. What `build` raises is not kept. Raises `NotFound` for an unknown
    tenant or language, `Unavailable` when the database is away and no earlier answer is at hand.
    """
    return _layer().serve(
        route,
        tenant=tenant,
        language=language or "",
        params=params or {},
        kinds=tuple(kinds),
        valid_for=valid_for,
        build=build,
    )


def keep_headers(headers: Sequence[tuple[str, str]]) -> None:
    """Keep these, which say something of the address, with the answer that this request builds."""
    g.kept_headers = tuple(headers)


def serve_once(*, tenant: str, language: str, build: Build) -> Response:
    """Answer a reader, and keep nothing: hardly anyone will ask for the same. Raises as `serve` does."""
    return _layer().serve_once(tenant, language, build)


def all_kinds() -> tuple[str, ...]:
    """Every kind of content there is."""
    return tuple(_layer().kinds)


def _layer() -> Bodies:
    found: Bodies = current_app.extensions["bodies"]
    return found


def window(seconds: int) -> tuple[datetime, float]:
    """The beginning of the present span of so many seconds, and how many of it are left."""
    now = clock.now().timestamp()
    start = now - now % seconds
    return datetime.fromtimestamp(start, UTC), start + seconds - now


def _outline(db: Work, kind: str, known: tuple[Token, Outline] | None, state: Token) -> Outline:
    """The outline as of this epoch and number, from what is known of it if that can be continued."""
    if known is None or known[0][0] != state[0] or known[0][1] > state[1]:
        return publishing.outline(db, kind)
    return known[1] if known[0] == state else publishing.outline_since(db, kind, known[1], known[0][1])


def _headers(answer: Answer) -> Headers:
    language = [("Content-Language", answer.language)] if answer.language else []
    said = [("Content-Type", answer.content_type), ("Cache-Control", CACHE_CONTROL), ("Vary", "Accept-Encoding")]
    return [*said, *FROM_EVERYWHERE, *language, *answer.headers]


def _reply(stored: Stored, if_none_match: str | None, method: str) -> tuple[str, Headers, tuple[bytes, ...]]:
    if if_none_match is not None and _matches(if_none_match, stored.etag):
        return "304 NOT MODIFIED", stored.not_modified, ()
    return "200 OK", stored.headers, () if method == "HEAD" else (stored.body,)


def _matches(if_none_match: str, etag: str) -> bool:
    return any(tag.strip().removeprefix("W/") in (etag, "*") for tag in if_none_match.split(","))


def _response(stored: Stored, *, stale: bool) -> Response:
    status, headers, body = _reply(stored, request.headers.get("If-None-Match"), request.method)
    response = Response(body, status=status)
    response.headers.clear()
    response.headers.extend([*headers, STALE] if stale else headers)
    return response

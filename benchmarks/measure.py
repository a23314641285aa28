"""The measurements. Each compares like with like: rounds are interleaved, what differs is one thing at a time."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass

from benchmarks.load import CONNECTIONS, Load, measure
from benchmarks.newsroom import Newsroom, Publication
from benchmarks.processes import Memory, memory
from benchmarks.reading import GZIP, IDENTITY, Answer, City, Phone, Target
from benchmarks.serving import Server, Stage
from cityinfo.settings import Settings

# What is compared. OURS is an answer at hand as it is, GZIPPED the same as phones ask for it.
OURS, NOT_MODIFIED, GZIPPED, BARE, FLASK = "ours", "304", "gzip", "bare", "flask"
SERIES = (OURS, BARE, NOT_MODIFIED, FLASK, GZIPPED)  # in this order: what is compared most stands next to each other
WORDS, ADDRESS = "words", "address"  # what was published: a page's words, or its title and slug
PHONES = 4  # that wait for a publication, so that both of the server's processes are asked
_PATIENCE = 10.0  # seconds for a publication to be seen
_UNTIL_TRUSTED_NO_MORE = 2 * Settings().head_ttl


class NotSeen(Exception):
    """A publication did not reach readers, or an answer was older than it may be."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Answers that are at hand: bytes of the body, all bytes sent as phones ask for it, and every round's loads."""

    name: str
    body: int
    wire: int
    wire_304: int
    loads: Mapping[str, Sequence[Load]]


@dataclass(frozen=True, slots=True)
class Cold:
    """First answers after a publication, in milliseconds."""

    name: str
    published: str
    encoding: str
    milliseconds: Sequence[float]


@dataclass(frozen=True, slots=True)
class Visibility:
    """In milliseconds: how long saving and publishing took, and from its commit until every waiting phone saw it."""

    saves: Sequence[float]
    seen: Sequence[float]


@dataclass(frozen=True, slots=True)
class Delta:
    """What a phone receives, in bytes: everything, and then one edit of one page."""

    bundle: int
    bundle_gzip: int
    change: int
    change_gzip: int


@dataclass(frozen=True, slots=True)
class Subject:
    """What is measured: the servers, a city and its editor."""

    stage: Stage
    city: City
    newsroom: Newsroom


def hits(
    stage: Stage, targets: Sequence[Target], *, seconds: float, rounds: int, only: Sequence[str] = SERIES
) -> list[Hit]:
    """Requests per second while nothing is published."""
    prepared = [_prepare(stage, target, only) for target in targets]
    loads: list[dict[str, list[Load]]] = [{name: [] for name in series} for _, series in prepared]
    for _ in range(rounds):
        for (_, series), found in zip(prepared, loads, strict=True):
            for name, (server, path, headers) in series.items():
                found[name].append(measure(server, path, seconds=seconds, headers=headers))
    return [Hit(target.name, *sizes, found) for target, (sizes, _), found in zip(targets, prepared, loads, strict=True)]


_Series = dict[str, tuple[Server, str, dict[str, str]]]


def _prepare(stage: Stage, target: Target, only: Sequence[str]) -> tuple[tuple[int, int, int], _Series]:
    plain = _warm(stage.ours, target.path, IDENTITY)
    packed = _warm(stage.ours, target.path, GZIP)
    with closing(Phone(stage.ours.port)) as phone:
        unchanged = phone.get(target.path, etag=plain.etag)
    if unchanged.status != 304:
        raise NotSeen(f"{target.name} does not answer 304 to its own ETag.")
    constant = f"/{len(plain.raw)}"
    series: _Series = {
        OURS: (stage.ours, target.path, {"Accept-Encoding": IDENTITY}),
        BARE: (stage.bare, constant, {}),
        NOT_MODIFIED: (stage.ours, target.path, {"Accept-Encoding": IDENTITY, "If-None-Match": plain.etag}),
        FLASK: (stage.flask, constant, {}),
        GZIPPED: (stage.ours, target.path, {"Accept-Encoding": GZIP}),
    }
    return (len(plain.raw), packed.wire, unchanged.wire), {name: series[name] for name in only}


def _warm(server: Server, path: str, encoding: str) -> Answer:
    """Let all of the server's processes have the answer; returns it."""
    with ExitStack() as stack:
        phones = [stack.enter_context(closing(Phone(server.port))) for _ in range(CONNECTIONS)]
        return [phone.get(path, encoding=encoding) for phone in phones][-1]


def colds(
    subject: Subject, targets: Sequence[Target], encodings: Sequence[str], *, repeats: int, published: str
) -> list[Cold]:
    """The first request after a publication, for each encoding; a publication of its own for each."""
    found = []
    for target in targets:
        for encoding in encodings:
            times = [_first_answer(subject, target, encoding, published) for _ in range(repeats)]
            found.append(Cold(target.name, published, encoding, times))
    return found


def _first_answer(subject: Subject, target: Target, encoding: str, published: str) -> float:
    with closing(Phone(subject.stage.ours.port)) as phone:
        phone.get("/healthz")
        publication = _edit(subject.newsroom, target, published)
        time.sleep(_UNTIL_TRUSTED_NO_MORE)
        answer = phone.get(target.path, encoding=encoding)
    if publication.marker not in answer.body:
        raise NotSeen(f"{target.name} is older than the publication before it.")
    return answer.milliseconds


def _edit(newsroom: Newsroom, target: Target, published: str) -> Publication:
    if target.entry_id is None:
        return newsroom.edit_city()
    return newsroom.edit_address(target.entry_id) if published == ADDRESS else newsroom.edit_words(target.entry_id)


def visibility(subject: Subject, target: Target, *, repeats: int) -> Visibility:
    """How soon phones that ask all the time see a new text."""
    assert target.entry_id is not None
    with ExitStack() as stack:
        phones = [stack.enter_context(closing(Phone(subject.stage.ours.port))) for _ in range(PHONES)]
        saves, seen = [], []
        for _ in range(repeats):
            for phone in phones:
                phone.get(target.path)
            publication = subject.newsroom.edit_words(target.entry_id)
            saves.append(publication.milliseconds)
            seen.append(_wait_until_seen(phones, target.path, publication))
    return Visibility(saves, seen)


def _wait_until_seen(phones: Sequence[Phone], path: str, publication: Publication) -> float:
    waiting, last = list(phones), publication.committed
    while waiting:
        for phone in list(waiting):
            answer = phone.get(path, encoding=GZIP)
            if publication.marker in answer.body:
                waiting.remove(phone)
                last = answer.received
            elif answer.received > publication.committed + _PATIENCE:
                raise NotSeen(f"{path} did not show a publication within {_PATIENCE:.0f} s.")
    return (last - publication.committed) * 1e3


def delta(subject: Subject) -> Delta:
    """What synchronising costs a phone."""
    city = subject.city
    with closing(Phone(subject.stage.ours.port)) as phone:
        sizes = _both_sizes(phone, f"{city.feed}/bundle")
        cursor = phone.get_json(f"{city.feed}/bundle")["cursor"]
        subject.newsroom.edit_words(city.entry_id)
        time.sleep(_UNTIL_TRUSTED_NO_MORE)
        path = f"{city.feed}/changes?since={cursor}"
        items = phone.get_json(path)["items"]
        if [item["id"] for item in items] != [city.entry_id]:
            raise NotSeen(f"One edit of one entry appears as {len(items)} changes.")
        return Delta(*sizes, *_both_sizes(phone, path))


def _both_sizes(phone: Phone, path: str) -> tuple[int, int]:
    return phone.get(path).wire, phone.get(path, encoding=GZIP).wire


def memories(server: Server) -> list[Memory]:
    """What each of the server's processes that answer requests holds now."""
    return [memory(pid) for pid in server.workers()]

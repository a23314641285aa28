"""What searches are compared: ours, BM25 over stems alone, and the search that phones make themselves today."""

from __future__ import annotations

import json
import math
import re
import shutil
import subprocess
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import orjson
import Stemmer

from cityinfo import registry
from cityinfo.features import publishing, search
from cityinfo.kernel import html
from cityinfo.kernel.db import Database

MOST = 10  # places that are looked at
MINISEARCH = "minisearch@7.2.0"
_STEMMERS = {"de": "german", "en": "english"}
# As the apps do it: the title twice, and what is typed may be the beginning of a word or misspelt.
_SCRIPT = """
const MiniSearch = require('minisearch')
const { documents, queries, combineWith } = JSON.parse(require('fs').readFileSync(0, 'utf8'))
const index = new MiniSearch({
  fields: ['title', 'content'],
  searchOptions: { boost: { title: 2 }, fuzzy: 0.25, prefix: true, combineWith },
})
let started = performance.now()
index.addAll(documents)
const building = performance.now() - started
started = performance.now()
const found = queries.map(query => index.search(query).slice(0, 10).map(({ id }) => id))
console.log(JSON.stringify({ found, building, searching: (performance.now() - started) / queries.length }))
"""


@dataclass(frozen=True, slots=True)
class Page:
    """A published page; `dump_id` is what the questions call it."""

    id: int
    dump_id: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Answers:
    """For each query the pages found, best first, by their identity in the dump; and the milliseconds a query took.

    `late` is what one in twenty takes longer than; None where that was not measured.
    """

    found: list[list[int]]
    milliseconds: float
    late: float | None = None


class Engine(Protocol):
    """A search over one language."""

    @property
    def name(self) -> str: ...

    @property
    def building(self) -> float:
        """Seconds that the index took; of one elsewhere, known after it was asked."""
        ...

    @property
    def memory(self) -> int | None:
        """Bytes of the index; None where they were not measured."""
        ...

    def ask(self, queries: Sequence[str]) -> Answers:
        """Answer them one after the other."""
        ...


def published_pages(database: Database, tenant_id: int, language: str) -> list[Page]:
    with database.unit_of_work(tenant_id) as db:
        documents = [orjson.loads(payload) for payload in publishing.payloads(db, language, "page")]
    return [Page(one["id"], one["v3"]["id"], one["title"], html.plain_text(one["content"])) for one in documents]


class Ours:
    """The search of the service, its excerpts included; with an encoder, what texts mean counts too."""

    def __init__(
        self,
        database: Database,
        tenant_id: int,
        language: str,
        pages: Sequence[Page],
        *,
        with_shared: bool = True,
        encoder: search.Encoder | None = None,
    ) -> None:
        self.name = "cityinfo" if with_shared else "cityinfo, without shared synonyms"
        self.name += " and meaning" if encoder else ""
        self._encoder = encoder
        self._database, self._tenant_id, self._language = database, tenant_id, language
        self._dump_ids = {page.id: page.dump_id for page in pages}
        self._misses = search.Misses(database, every=1e6)
        self._with_shared = with_shared
        self._open()  # loads what is loaded once in a process
        started = time.perf_counter()
        self._search = self._open()
        self.building = time.perf_counter() - started
        self.memory = _memory_of(self._open)

    def ask(self, queries: Sequence[str]) -> Answers:
        found, times = [], []
        with self._database.unit_of_work(self._tenant_id) as db:
            for query in queries:
                question = search.Question(text=query, language=self._language, languages=[self._language], limit=MOST)
                started = time.perf_counter()
                hits = self._search.find(db, question).hits
                times.append(time.perf_counter() - started)
                found.append([self._dump_ids[hit.id] for hit in hits])
        times.sort()
        return Answers(found, sum(times) * 1e3 / len(times), times[len(times) * 95 // 100] * 1e3)

    def _open(self) -> search.Search:
        indexes = search.Indexes(registry.SEARCHED, with_shared=self._with_shared, encoder=self._encoder)
        with self._database.unit_of_work(self._tenant_id) as db:
            indexes.current(db, self._language)
        return search.Search(indexes, self._misses)


class Stems:
    """BM25 (k1 1.2, b .75) over the stems of title and text, and nothing else."""

    name, memory = "BM25 over stems", None

    def __init__(self, language: str, pages: Sequence[Page]) -> None:
        started = time.perf_counter()
        self._stem: Callable[[list[str]], list[str]] = Stemmer.Stemmer(_STEMMERS[language]).stemWords
        counts = [Counter(self._cut(f"{page.title}\n{page.text}")) for page in pages]
        self._pages = pages
        self._lengths = [sum(one.values()) for one in counts]
        self._places: dict[str, list[tuple[int, int]]] = {}
        for place, count in enumerate(counts):
            for stem, times in count.items():
                self._places.setdefault(stem, []).append((place, times))
        self.building = time.perf_counter() - started

    def ask(self, queries: Sequence[str]) -> Answers:
        started = time.perf_counter()
        found = [self._find(query) for query in queries]
        return Answers(found, (time.perf_counter() - started) * 1e3 / len(queries))

    def _find(self, query: str) -> list[int]:
        scores: Counter[int] = Counter()
        mean = sum(self._lengths) / len(self._lengths)
        for stem in set(self._cut(query)):
            places = self._places.get(stem, ())
            rarity = math.log(1 + (len(self._pages) - len(places) + 0.5) / (len(places) + 0.5))
            for place, times in places:
                held_back = 1.2 * (0.25 + 0.75 * self._lengths[place] / mean)
                scores[place] += rarity * times * 2.2 / (times + held_back)  # type: ignore[assignment]
        return [self._pages[place].dump_id for place, _ in scores.most_common(MOST)]

    def _cut(self, text: str) -> list[str]:
        return self._stem(re.findall(r"\w+", text.casefold()))


class MiniSearch:
    """What apps search with on a phone: all words have to be there (AND), or any of them (OR)."""

    memory = None

    def __init__(self, pages: Sequence[Page], combine_with: str, folder: str) -> None:
        self.name = f"minisearch, {'all words' if combine_with == 'AND' else 'any word'}"
        self.building = 0.0
        self._folder, self._combine_with = folder, combine_with
        self._documents = [{"id": one.dump_id, "title": one.title, "content": one.text} for one in pages]

    def ask(self, queries: Sequence[str]) -> Answers:
        given = {"documents": self._documents, "queries": queries, "combineWith": self._combine_with}
        node = shutil.which("node") or "node"
        done = subprocess.run(
            [node, "-e", _SCRIPT], input=json.dumps(given), capture_output=True, text=True, cwd=self._folder, check=True
        )
        said: dict[str, Any] = json.loads(done.stdout)
        self.building = said["building"] / 1e3
        return Answers(said["found"], said["searching"])


def install_minisearch(folder: str) -> bool:
    """Fetch it from npm; False where there is no npm, or it reaches no registry."""
    npm = shutil.which("npm")
    command = [npm or "npm", "install", "--no-audit", "--no-fund", "--prefix", folder, MINISEARCH]
    return npm is not None and subprocess.run(command, capture_output=True, timeout=120, check=False).returncode == 0


def _memory_of(make: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        made = make()
        after = tracemalloc.get_traced_memory()[0]
        del made
        return after - before
    finally:
        tracemalloc.stop()

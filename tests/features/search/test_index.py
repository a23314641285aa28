"""An index that follows the feed is the one that would be made anew."""

from __future__ import annotations

import orjson
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from cityinfo.features.publishing import Change
from cityinfo.features.search.index import Index
from cityinfo.features.search.rules import LEAST_SHARE, wanted
from cityinfo.features.search.synonyms import Lexicon

WORDS = st.lists(st.sampled_from("Wohngeld Kita Bürgerbüro Straße 86150 школа مدرسة".split()), min_size=1, max_size=4)
QUERIES = ("Wohngeld", "Kita Wohngeld", "Strasse", "86150", "школы", "المدرسة", "Buergerbuero")
KINDS = ("page", "event")


@st.composite
def documents(draw):
    """A piece of the feed: a document, or the news that it is gone."""
    kind, entry_id = draw(st.sampled_from(KINDS)), draw(st.integers(1, 6))
    if draw(st.integers(0, 3)) == 0:
        return Change(kind, entry_id, 1, None)
    parent = draw(st.none() | st.integers(1, 6)) if kind == "page" else None
    words = [" ".join(draw(WORDS)) for _ in range(2)]
    body = {"id": entry_id, "kind": kind, "language": "de", "parent": parent, "title": words[0], "content": words[1]}
    return Change(kind, entry_id, 1, orjson.dumps(body))


def answers(index):
    found = {}
    for query in QUERIES:
        looked_for = wanted(query, Lexicon.of("de"), index.postings)
        ranked = index.ranked(index.scores(looked_for.weights, looked_for.asked), least=LEAST_SHARE)
        found[query] = [(one.listing, round(one.score, 6), round(one.share, 6)) for one in ranked]
    return found


@examples(deadline=None, max_examples=60)  # the first one loads stemmers
@given(st.lists(st.lists(documents(), max_size=4), max_size=6))
def test_following_is_the_same_as_starting_anew(pieces):
    followed = Index()
    present: dict[tuple[str, int], Change] = {}
    for piece in pieces:
        followed = followed.with_changes(piece, KINDS)
        present |= {(one.kind, one.entry_id): one for one in piece}
        anew = Index().with_changes(present.values(), KINDS)
        assert len(followed) == len(anew) == sum(one.payload is not None for one in present.values())
        assert answers(followed) == answers(anew)


def test_an_index_that_is_being_read_never_changes():
    body = {"id": 1, "kind": "page", "language": "de", "title": "Wohngeld", "content": "Hilfe"}
    before = Index().with_changes([Change("page", 1, 1, orjson.dumps(body))], KINDS)
    after = before.with_changes([Change("page", 1, 2, None)], KINDS)
    assert (len(before), len(after)) == (1, 0)
    assert [one[0].title for one in answers(before)["Wohngeld"]] == ["Wohngeld"]
    assert answers(after)["Wohngeld"] == []


def test_other_kinds_are_not_taken_in():
    body = {"id": 1, "kind": "media", "language": "de", "title": "Wohngeld", "content": ""}
    assert len(Index().with_changes([Change("media", 1, 1, orjson.dumps(body))], KINDS)) == 0


def test_words_that_stand_together_are_worth_more_than_the_same_words_far_apart():
    filler = "wort " * 150
    near, far = f"{filler} {filler} Miete senken", f"Miete {filler} {filler} senken"
    bodies = [
        {"id": n, "kind": "page", "language": "de", "title": "Seite", "content": t} for n, t in ((1, far), (2, near))
    ]
    index = Index().with_changes([Change("page", one["id"], 1, orjson.dumps(one)) for one in bodies], KINDS)
    looked_for = wanted("Miete senken", Lexicon.of("de"), index.postings)
    ranked = index.ranked(index.scores(looked_for.weights, looked_for.asked), least=LEAST_SHARE)
    assert [one.listing.id for one in ranked] == [2, 1]


def test_words_that_may_stand_in_do_not_make_a_query_ask_for_more():
    body = {"id": 1, "kind": "page", "language": "de", "title": "Wohngeld", "content": "Hilfe"}
    index = Index().with_changes([Change("page", 1, 1, orjson.dumps(body))], KINDS)
    lexicon = Lexicon.of("de", [["Wohngeld", "Zuschuss", "Mietbeihilfe"]], with_shared=False)
    looked_for = wanted("Wohngeld", lexicon, index.postings)
    (found,) = index.ranked(index.scores(looked_for.weights, looked_for.asked), least=LEAST_SHARE)
    assert found.share == 1.0

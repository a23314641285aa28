"""Finding by what texts mean: the worker reads what is published, and where words leave it open, the nearest is first.

What means the same is said here by a stand-in that knows a few words; `tests/adapters/test_e5.py` has the real one.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from cityinfo import registry
from cityinfo.features import search
from cityinfo.kernel import jobs
from cityinfo.kernel.jobs import JobStopped
from tests.factories import archive, make_city, plant, save, translate
from tests.factories_search import make_search, titles

sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
MEANT = {"strand": 0, "möwe": 0, "miete": 1, "wohnung": 1, "arzt": 2, "husten": 2}


class Dictionary:
    """An encoder of a few words. It keeps what it was given to read, and what it was asked."""

    def __init__(self, name: str = "dictionary", stops_after: int = 1_000) -> None:
        self.name, self.read, self.asked, self._stops_after = name, [], [], stops_after

    def query(self, text):
        self.asked.append(text)
        return self._vector(text)

    def passages(self, texts):
        if len(self.read) >= self._stops_after:
            raise JobStopped
        self.read += texts
        return np.stack([self._vector(text) for text in texts])

    @staticmethod
    def _vector(text):
        vector = np.full(4, 0.01, np.float32)
        for word, place in MEANT.items():
            vector[place] += text.casefold().count(word)
        return vector / np.linalg.norm(vector)


@pytest.fixture
def encoder():
    return Dictionary()


def work(city, encoder):
    """What the worker does in some seconds; returns whether there was something to read."""
    search.enqueue_encoding(city.database, encoder=encoder)
    return finish(city, encoder)


def finish(city, encoder):
    with city.read() as db:
        promised = [job.id for job in jobs.open_jobs(db, search.ENCODE)]
    encode = partial(search.encode, open_encoder=lambda: encoder, kinds=registry.SEARCHED)
    for job_id in promised:
        jobs.run_job(city.database, {search.ENCODE: encode}, city.tenant_id, job_id)
    return bool(promised)


def work_anywhere(*cities, encoder):
    """The same in whichever city waits; returns which."""
    promised = search.enqueue_encoding(cities[0].database, encoder=encoder)
    [city] = [one for one in cities if one.tenant_id == promised]
    finish(city, encoder)
    return promised


def kept(city):
    with city.read() as db:
        return {(row.language, row.entry_id) for row in db.query(search.Embedding)}


def test_of_pages_with_the_same_words_the_one_that_means_the_same_comes_first(city, encoder):
    plant(city, "Hilfe eins", content="<p>Wer wohnt, fragt hier.</p>")
    plant(city, "Hilfe zwei", content="<p>Eine Möwe ist heute auch da.</p>")
    searching = make_search(city, encoder=encoder)
    assert titles(searching, city, "Hilfe am Strand") == ["Hilfe eins", "Hilfe zwei"]  # nothing was read yet
    work(city, encoder)
    assert titles(searching, city, "Hilfe am Strand") == ["Hilfe zwei", "Hilfe eins"]


@sqlite
def test_a_page_that_words_put_far_ahead_stays_first_without_asking_what_is_meant(city, encoder):
    plant(city, "Wohngeld beantragen")
    plant(city, "Urkunden", content="<p>Wer heiratet, kann sie im Rathaus beantragen.</p>")
    work(city, encoder)
    found = titles(make_search(city, encoder=encoder), city, "Wohngeld beantragen")
    assert found == ["Wohngeld beantragen", "Urkunden"]
    assert encoder.asked == []


@sqlite
def test_a_page_without_a_word_is_in_nobodys_way(city, encoder):
    plant(city, "Hilfe eins")
    plant(city, "Hilfe zwei")
    plant(city, "…", content="<p>!</p>")
    work(city, encoder)
    assert titles(make_search(city, encoder=encoder), city, "Hilfe am Strand") == ["Hilfe eins", "Hilfe zwei"]


@sqlite
def test_what_was_published_since_is_read_and_nothing_else(city, encoder):
    page = plant(city, "Miete", content="<p>Die Wohnung.</p>")
    plant(city, "Arzt", content="<p>Bei Husten.</p>")
    work(city, encoder)
    assert sorted(encoder.read) == ["Arzt. Bei Husten.", "Miete. Die Wohnung."]
    assert not work(city, encoder)
    save(city, page, content="<p>Das Haus.</p>")
    assert work(city, encoder)
    assert encoder.read[2:] == ["Miete. Das Haus."]


@sqlite
def test_a_page_is_read_below_the_titles_that_say_where_it_stands(city, encoder):
    above = plant(city, "Wohnen")
    plant(city, "Antrag", content="<p>So geht es.</p>", under=above)
    work(city, encoder)
    assert "Wohnen › Antrag. So geht es." in encoder.read
    save(city, above, title="Gesundheit")
    work(city, encoder)
    assert encoder.read[-1] == "Gesundheit › Antrag. So geht es."


@sqlite
def test_long_texts_are_read_in_passages_each_below_its_title(city, encoder):
    plant(city, "Lang", content=f"<p>{'Wort ' * 300}</p>")
    work(city, encoder)
    assert len(encoder.read) == 4
    assert all(one.startswith("Lang. Wort") and len(one) < 450 for one in encoder.read)


@sqlite
def test_words_that_nobody_translated_are_read_once_for_all_languages(city, encoder):
    page = plant(city, "Miete")
    work(city, encoder)
    assert encoder.read == ["Miete. Guten Tag."]
    translate(city, page, "en", title="Rent")
    work(city, encoder)
    assert encoder.read == ["Miete. Guten Tag.", "Rent. Hello."]


@sqlite
def test_what_is_no_longer_public_is_forgotten(city, encoder):
    page, other = plant(city, "Miete"), plant(city, "Arzt")
    work(city, encoder)
    assert ("de", page) in kept(city)
    archive(city, page)
    work(city, encoder)
    assert {entry_id for _, entry_id in kept(city)} == {other}


@sqlite
def test_reading_that_was_stopped_goes_on_where_it_was(city):
    for number in range(9):
        plant(city, f"Miete {number}")
    first = Dictionary(stops_after=4)
    work(city, first)
    assert len(first.read) == 4
    search_again = make_search(city, encoder=first)
    assert titles(search_again, city, "Miete")  # what was read half is not used, and does no harm
    second = Dictionary()
    with city.write() as db:
        for job in jobs.open_jobs(db, search.ENCODE):
            job.lease_until = None  # the worker is gone
    work(city, second)
    assert len(second.read) == 5


@sqlite
def test_another_encoder_reads_everything_anew(city, encoder):
    plant(city, "Miete")
    work(city, encoder)
    other = Dictionary(name="larger dictionary")
    work(city, other)
    assert other.read == encoder.read


@sqlite
def test_one_city_is_read_at_a_time_and_a_new_one_last(city, other_city, encoder):
    plant(city, "Miete")
    work(city, encoder)
    new = make_city(city.database, "neustadt")
    for one in (new, city, other_city):
        plant(one, "Arzt")
    promised = [search.enqueue_encoding(city.database, encoder=encoder) for _ in range(2)]
    assert promised == [city.tenant_id, None]
    finish(city, encoder)
    assert search.enqueue_encoding(city.database, encoder=encoder) in (new.tenant_id, other_city.tenant_id)


@sqlite
def test_a_city_where_reading_fails_keeps_no_other_from_being_read(city, other_city, encoder):
    class Broken(Dictionary):
        def passages(self, texts):
            raise ValueError("out of order")

    for one in (city, other_city):
        plant(one, "Miete")
    first, then = (work_anywhere(city, other_city, encoder=Broken()) for _ in range(2))
    assert {first, then} == {city.tenant_id, other_city.tenant_id}
    assert search.enqueue_encoding(city.database, encoder=encoder) is None


@sqlite
def test_a_promise_from_before_it_was_switched_off_ends_without_a_word(city, encoder):
    plant(city, "Miete")
    search.enqueue_encoding(city.database, encoder=encoder)
    with city.read() as db:
        [job] = jobs.open_jobs(db, search.ENCODE)
    off = partial(search.encode, open_encoder=lambda: None, kinds=registry.SEARCHED)
    jobs.run_job(city.database, {search.ENCODE: off}, city.tenant_id, job.id)
    with city.read() as db:
        assert jobs.find(db, job.id).failure is None
    assert kept(city) == set()


def test_what_another_city_published_is_neither_found_nor_taken_from_it(city, other_city, encoder):
    plant(city, "Hilfe eins", content="<p>Der Arzt.</p>")
    plant(city, "Hilfe zwei", content="<p>Die Miete.</p>")
    page = plant(other_city, "Hilfe eins", content="<p>Der Arzt.</p>")
    work(city, encoder)
    assert kept(other_city) == set()
    work(other_city, encoder)
    assert encoder.read.count("Hilfe eins. Der Arzt.") == 2  # the other city's were not looked at
    assert {entry_id for _, entry_id in kept(other_city)} == {page}
    assert titles(make_search(other_city, encoder=encoder), other_city, "Hilfe zur Miete") == ["Hilfe eins"]

"""Finding by what texts mean: the worker reads what is published, and where words leave it open, the nearest is first.

What means the same is said here by a stand-in that knows a few words; `tests/adapters/test_e5.py` has the real one.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
import time_machine

from cityinfo import registry
from cityinfo.features import content, search, tenants
from cityinfo.kernel import clock, jobs
from tests.factories import archive, do_promised, make_city, plant, save
from tests.factories_search import Dictionary, make_search, titles

sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture
def encoder():
    return Dictionary()


def work(city, encoder):
    """What the worker does in some seconds; returns whether there was something to read."""
    search.enqueue_encoding(city.database, encoder=encoder)
    return finish(city, encoder)


def finish(city, encoder):
    encode = partial(search.encode, open_encoder=lambda: encoder, kinds=registry.SEARCHED)
    return do_promised(city, search.ENCODE, {search.ENCODE: encode})


def promises(city):
    with city.read() as db:
        return list(jobs.open_jobs(db, search.ENCODE))


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
def test_what_editors_say_readers_call_it_is_read_too_and_the_end_of_an_endless_text_is_not(city, encoder, editor):
    page = plant(city, "Miete", content=f"<p>{'Wort ' * 4_000}</p>")
    with city.write() as db:
        content.set_keywords(db, page, "de", ["Möwe"], revision=1, actor=editor)
    work(city, encoder)
    assert len(encoder.read) == 33
    assert encoder.read[-1] == "Miete. Möwe"


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
def test_one_city_is_read_after_the_other_and_a_new_one_last(city, other_city, encoder):
    plant(city, "Miete")
    work(city, encoder)
    new = make_city(city.database, "neustadt")
    for one in (new, city, other_city):
        plant(one, "Arzt")
    assert [search.enqueue_encoding(city.database, encoder=encoder) for _ in range(2)] == [city.tenant_id, None]
    finish(city, encoder)  # and promises the next
    assert promises(city) == []
    assert len(promises(new) + promises(other_city)) == 1


@sqlite
def test_whatever_others_publish_a_new_city_has_its_turn(city, other_city, encoder):
    plant(city, "Miete")
    work(city, encoder)
    plant(city, "Arzt")
    plant(other_city, "Arzt")
    new_first = search.enqueue_encoding(city.database, encoder=encoder, new_first=True)
    assert new_first == other_city.tenant_id


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
def test_reading_that_was_called_off_or_given_up_rests_for_an_hour(city, encoder, editor):
    plant(city, "Miete")
    search.enqueue_encoding(city.database, encoder=encoder)
    with city.write() as db:
        jobs.call_off(db, promises(city)[0].id, actor=editor)
    assert search.enqueue_encoding(city.database, encoder=encoder) is None
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert search.enqueue_encoding(city.database, encoder=encoder) == city.tenant_id
        with city.write() as db:
            db.get(jobs.Job, (city.tenant_id, promises(city)[0].id)).run_after = None  # the last attempt failed
            db.get(jobs.Job, (city.tenant_id, promises(city)[0].id)).failure = "ValueError"
        assert search.enqueue_encoding(city.database, encoder=encoder) is None
    with time_machine.travel(clock.now() + timedelta(minutes=125)):
        assert work(city, encoder)
        plant(city, "Arzt")
        assert work(city, encoder)  # what was given up once rests no longer
    assert len(kept(city)) == 2


@sqlite
def test_a_closed_city_is_not_read(city, encoder, editor):
    plant(city, "Miete")
    with city.write() as db:
        tenants.set_status(db, tenants.ARCHIVED, actor=editor)
    assert search.enqueue_encoding(city.database, encoder=encoder) is None


def test_nothing_is_written_once_the_job_was_taken_away(city, encoder):
    """As when the city is deleted meanwhile: what was proved to be empty stays so."""

    class Slow(Dictionary):
        def passages(self, texts):
            with city.write() as db:
                for job in jobs.open_jobs(db, search.ENCODE):
                    jobs.cancel(db, job.id)
            return super().passages(texts)

    plant(city, "Miete")
    slow = Slow()
    work(city, slow)
    assert slow.read
    assert kept(city) == set()


@sqlite
def test_a_search_that_is_open_follows_what_is_read_later(city, encoder):
    plant(city, "Hilfe eins", content="<p>Wer wohnt, fragt hier.</p>")
    page = plant(city, "Hilfe zwei", content="<p>Ein Stein ist heute auch da.</p>")
    work(city, encoder)
    searching = make_search(city, encoder=encoder)
    assert titles(searching, city, "Hilfe am Strand") == ["Hilfe eins", "Hilfe zwei"]
    save(city, page, content="<p>Eine Möwe ist heute auch da.</p>")
    work(city, encoder)
    assert titles(searching, city, "Hilfe am Strand") == ["Hilfe zwei", "Hilfe eins"]
    plant(city, "Hilfe drei", content="<p>Noch eine Möwe und noch ein Satz mit vielen Wörtern über dies und das.</p>")
    work(city, encoder)
    assert set(titles(searching, city, "Hilfe am Strand")[:2]) == {"Hilfe zwei", "Hilfe drei"}


@sqlite
def test_what_another_encoder_has_read_counts_for_nothing(city, encoder):
    plant(city, "Hilfe eins", content="<p>Wer wohnt, fragt hier.</p>")
    plant(city, "Hilfe zwei", content="<p>Eine Möwe ist heute auch da.</p>")
    other = Dictionary(name="larger dictionary")
    work(city, other)
    searching = make_search(city, encoder=encoder)
    assert titles(searching, city, "Hilfe am Strand") == ["Hilfe eins", "Hilfe zwei"]
    work(city, encoder)
    assert titles(searching, city, "Hilfe am Strand") == ["Hilfe zwei", "Hilfe eins"]


@sqlite
def test_a_page_that_is_not_asked_for_is_no_reason_not_to_ask_what_is_meant(city, encoder):
    plant(city, "Hilfe", content="<p>Hilfe, Hilfe!</p>")
    plant(city, "Hilfe eins", content="<p>Wer wohnt, fragt hier.</p>")
    plant(city, "Hilfe zwei", content="<p>Eine Möwe ist heute auch da.</p>")
    work(city, encoder)
    searching = make_search(city, encoder=encoder)
    with city.read() as db:
        asked = search.Question(
            text="Hilfe am Strand",
            language="de",
            languages=["de"],
            limit=10,
            shown=lambda one: one.title != "Hilfe",
        )
        assert [hit.title for hit in searching.find(db, asked).hits] == ["Hilfe zwei", "Hilfe eins"]


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

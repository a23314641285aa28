"""A clone is the same city again, and knows nothing of the one it came from."""

from __future__ import annotations

import re
from functools import partial

import orjson
import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import select

from cityinfo import registry
from cityinfo.cli.demo import FOLDER
from cityinfo.features import archives, content, onboarding, publishing, tenants
from cityinfo.kernel import jobs
from cityinfo.kernel.db import NO_TENANT, Base
from tests.factories import EDITOR, City, make_city, plant, rebuild
from tests.factories_media import library_of, work
from tests.features.archives.test_round_trip import LANGUAGES, Newsroom

CITY = onboarding.CityDraft(slug="neustadt", name="Neustadt")
ORIGINS = {"clone", "origin", "text_origin", "following"}  # these alone may name the source
MODELS = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}
_LINK = re.compile(rb' href=\\"entry:([0-9]+)(?:/[a-z]+)?\\"')
_NUMBER = re.compile(rb"\d{10,16}")


@pytest.fixture
def library(database, settings):
    return library_of(database, settings)


def jobs_with(library, **options):
    return {onboarding.CLONE: partial(registry.STORE_JOBS[onboarding.CLONE], store=library.store, **options)}


def run(library, requested, **options):
    jobs.run_job(library.database, jobs_with(library, **options), requested.tenant_id, requested.job_id)


def ask(library, source, draft=CITY, choices=None, **options):
    return onboarding.request(library.database, source.slug, draft, choices, actor=EDITOR, **options)


def cloned(library, source, draft=CITY, choices=None) -> City:
    requested = ask(library, source, draft, choices)
    run(library, requested)
    city = City(draft.slug, requested.tenant_id, library.database)
    assert failure(city, requested) is None
    return city


def failure(city, requested):
    with city.read() as db:
        return jobs.find(db, requested.job_id).failure


def random_city(library, slug, seed, acts=70) -> City:
    city = make_city(library.database, slug, languages=LANGUAGES)
    Newsroom(city, library, seed).work(acts)
    work(library, city)
    rebuild(city)
    return city


def every_row(city) -> dict[str, list[dict]]:
    with city.read() as db:
        found = {}
        for name, model in MODELS.items():
            if "tenant_id" in model.__table__.c:
                columns = [column.key for column in model.__mapper__.column_attrs]
                rows = db.execute(
                    select(*(getattr(model, one) for one in columns)).order_by(*model.__mapper__.primary_key)
                )
                found[name] = [dict(zip(map(str, columns), row, strict=True)) for row in rows]
        return found


def numbers_in(rows) -> set[bytes]:
    plain = {str(name): some for name, some in rows.items() if name not in ORIGINS}
    return set(
        _NUMBER.findall(orjson.dumps(plain, default=lambda one: one.decode() if isinstance(one, bytes) else str(one)))
    )


def documents(city, names=()) -> dict[tuple, dict]:
    """What readers see, with numbers as the source has them."""
    names = {str(new).encode(): str(old).encode() for new, old in dict(names).items()}
    with city.read() as db:
        rows = db.scalars(select(publishing.Published).where(publishing.Published.removed.is_(False))).all()
    found = {}
    for row in rows:
        payload = _NUMBER.sub(lambda number: names.get(number[0], number[0]), row.payload)
        entry = int(names.get(str(row.entry_id).encode(), row.entry_id))
        found[row.language, row.kind, entry] = orjson.loads(payload)
    return found


def without_links_to(found, kept):
    """The same documents where links to what stays behind have left their words."""

    def write(link):
        return link[0] if int(link[1]) in kept else b""

    return {key: orjson.loads(_LINK.sub(write, orjson.dumps(one))) for key, one in found.items()}


def all_names(source, clone) -> dict[int, int]:
    """What every number of the clone is in its source: by the order in which both were made."""
    names = {clone.tenant_id: source.tenant_id}
    with clone.read() as db:
        names |= {row.entry_id: row.source_entry_id for row in db.scalars(select(onboarding.Origin))}
        here = {(row.entry_id, row.language): row.id for row in db.scalars(select(content.Text))}
    with source.read() as db:
        there = {(row.entry_id, row.language): row.id for row in db.scalars(select(content.Text))}
    for ours, theirs in zip(every_row(clone)["feed_item"], every_row(source)["feed_item"], strict=True):
        assert ours["guid"] == theirs["guid"]
        names[ours["id"]] = theirs["id"]
    return names | {text: there[names[entry], language] for (entry, language), text in here.items()}


def states(city, names=()) -> dict[tuple[int, str], str]:
    names = dict(names)
    with city.read() as db:
        ids = [row.id for row in db.scalars(select(content.Entry).where(content.Entry.archived_at.is_(None)))]
        found = content.states(db, ids)
        kept = {(row.entry_id, row.language): row.state for row in db.scalars(select(content.Text))}
    for key, state in kept.items():
        if key in found:
            assert found[key] == state
    return {(names.get(entry, entry), language): str(state) for (entry, language), state in found.items()}


@pytest.mark.slow
@pytest.mark.timeout(400)
@examples(
    max_examples=3,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
def test_a_random_city_is_cloned_whole(seed, library):
    number = library.database.identities.next()
    source = random_city(library, f"stadt-{number}", seed)
    clone = cloned(library, source, onboarding.CityDraft(slug=f"neu-{number}", name="Neu"))
    names = all_names(source, clone)

    came = set(names.values())
    assert documents(clone, names) == without_links_to(documents(source), came)
    assert states(clone, names) == {key: state for key, state in states(source).items() if key[0] in came}

    there = {
        str(one).encode()
        for rows in every_row(source).values()
        for row in rows
        for one in row.values()
        if isinstance(one, int)
    }
    there |= {str(source.tenant_id).encode()}
    assert not {one for one in numbers_in(every_row(clone)) & there if len(one) > 12}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_demo_city_is_cloned_and_its_clone_is_cloned_again(library):
    archives.apply(library, archives.read_folder(FOLDER))
    with library.database.unit_of_work(NO_TENANT) as db:
        source = City("musterstadt", tenants.find(db, "musterstadt").id, library.database)
    work(library, source)
    rebuild(source)
    with source.read() as db:
        codes = tuple(tenants.own(db).postal_codes)  # they stand in addresses of offers elsewhere
    first = cloned(library, source, onboarding.CityDraft(slug="eins", name="Eins", postal_codes=codes))
    second = cloned(library, first, onboarding.CityDraft(slug="zwei", name="Zwei", postal_codes=codes))
    for one in (first, second):
        with one.read() as db:
            assert not list(onboarding.faults(db, store=library.store, projector=registry.PROJECTOR))
    names = all_names(source, first)
    came = set(names.values())
    assert documents(first, names) == without_links_to(documents(source), came)
    assert documents(second, all_names(first, second)) == documents(first)
    with second.read() as db:
        assert {row.source for row in db.scalars(select(onboarding.Origin))} == {"eins"}


def test_every_table_of_a_tenant_travels_is_made_again_or_stays_for_a_reason():
    tables = {name for name, table in Base.metadata.tables.items() if "tenant_id" in table.c}
    lines = [*onboarding.CARRIED, *onboarding.MADE_AGAIN, *onboarding.LEFT_OUT]
    assert tables == set(lines)
    assert len(lines) == len(set(lines))
    assert all({**onboarding.MADE_AGAIN, **onboarding.LEFT_OUT}.values())


def test_the_new_city_is_hidden_and_has_its_own_name(library, city):
    plant(city, "Wohnen")
    clone = cloned(library, city, onboarding.CityDraft(slug="neu", name="Neu", prefix="Stadt"))
    with clone.read() as db:
        own = tenants.own(db)
        assert (own.status, own.full_name, own.latitude) == (tenants.HIDDEN, "Stadt Neu", None)
        assert list(own.languages) == ["de", "en", "ar"]
        assert onboarding.is_untouched(db)
    plant(clone, "Arbeit")
    with clone.read() as db:
        assert not onboarding.is_untouched(db)

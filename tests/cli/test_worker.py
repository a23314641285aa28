"""What the worker does by itself."""

from __future__ import annotations

import pytest

from cityinfo import app
from cityinfo.cli.worker import ENCODE_EVERY, _rounds
from cityinfo.features import search
from cityinfo.kernel import jobs
from tests.factories import plant
from tests.factories_search import Dictionary

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.mark.parametrize(("wanted", "promised"), [("true", 1), ("false", 0)])
def test_it_reads_what_texts_mean_where_the_operator_wants_it(monkeypatch, settings, database, city, wanted, promised):
    monkeypatch.setenv("CITYINFO_DATA_DIR", str(settings.data_dir))
    monkeypatch.setattr(app, "open_encoder", lambda one: Dictionary() if one.search_by_meaning else None)
    monkeypatch.setenv("CITYINFO_SEARCH_BY_MEANING", wanted)
    plant(city, "Miete")
    for seconds, work in _rounds(database, app.open_queue(settings)):
        if seconds == ENCODE_EVERY:
            work()
    with city.read() as db:
        assert len(jobs.open_jobs(db, search.ENCODE)) == promised

"""A client that a generator makes of our description reads, edits and publishes."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from tests.editors import Editor
from tests.live import serving

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("settings", ["sqlite"], indirect=True)]
COMMAND = Path(sys.executable).with_name("openapi-python-client")


@pytest.fixture
def generated(client, tmp_path, monkeypatch):
    """The client's package, made of what the service says of itself."""
    description = tmp_path / "openapi.json"
    description.write_bytes(orjson.dumps(client.application.extensions["openapi"]()))
    target = tmp_path / "cityclient"
    made = [COMMAND, "generate", "--path", description, "--meta", "none", "--output-path", target]
    subprocess.run(made, check=True, capture_output=True, cwd=tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    yield lambda name: importlib.import_module(f"cityclient.{name}")
    for name in [one for one in sys.modules if one.split(".")[0] == "cityclient"]:
        del sys.modules[name]


def test_a_generated_client_reads_edits_and_publishes(client, city, generated):
    amal = Editor(client, city)
    page = amal.create(title="Arbeit").json["id"]
    models, entries, pages = generated("models"), "api.editing_entries", "api.pages"
    kind = models.SaveTextKind.PAGES
    with serving(client.application) as address:
        token = amal.headers["Authorization"].removeprefix("Bearer ")
        ours = generated("client").AuthenticatedClient(base_url=address, token=token)
        draft = generated("api.editing_pages.get_page_draft").sync_detailed("teststadt", page, client=ours)
        words = models.Words(title="Arbeit finden", content="<p>Neu</p>")
        seen = draft.headers["ETag"]
        saved = generated(f"{entries}.save_text").sync_detailed(
            "teststadt", kind, page, "de", client=ours, body=words, if_match=seen
        )
        assert (saved.status_code, saved.parsed.current.title) == (200, "Arbeit finden")
        refused = generated(f"{entries}.save_text").sync_detailed(
            "teststadt", kind, page, "de", client=ours, body=words, if_match=seen
        )
        assert (refused.status_code, refused.parsed.code) == (412, "text.conflict")
        published = generated(f"{entries}.publish_text").sync_detailed(
            "teststadt", models.PublishTextKind.PAGES, page, "de", client=ours, if_match=saved.headers["ETag"]
        )
        assert published.parsed.stage == "public"
        read = generated(f"{pages}.get_page").sync("teststadt", "de", page, client=ours)
    assert (read.title, read.content) == ("Arbeit finden", "<p>Neu</p>")

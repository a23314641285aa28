"""Media files in a folder."""

from __future__ import annotations

import pytest

from cityinfo.adapters.folder import FolderStore
from cityinfo.kernel.errors import NotFound

KEY = f"7/{'0' * 32}.jpg"


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "media")


def test_everything_below_a_city_is_listed_and_nothing_of_another(store, tmp_path):
    (tmp_path / "archiv.zip").write_bytes(b"PK")
    store.put_file("7/archive-20261129t120000.zip", tmp_path / "archiv.zip", mime="application/zip")
    store.put(KEY, b"picture", mime="image/jpeg")
    store.put(KEY.replace("7/", "77/"), b"another", mime="image/jpeg")
    assert sorted(store.keys("7/")) == [KEY, "7/archive-20261129t120000.zip"]
    assert list(store.keys("7/archive-")) == ["7/archive-20261129t120000.zip"]
    assert list(store.keys("8/")) == []
    assert list(store.keys("../")) == []


def test_what_an_interrupted_upload_left_is_listed_and_goes_and_the_folder_with_it(store, tmp_path):
    store.put(KEY, b"picture", mime="image/jpeg")
    for name in (".half_abc", "Thumbs.db"):
        (tmp_path / "media" / "7" / name).write_bytes(b"pic")
    for key in list(store.keys("7/")):
        store.delete(key)
    assert not (tmp_path / "media" / "7").exists()
    store.put(KEY, b"picture", mime="image/jpeg")
    assert store.get(KEY) == b"picture"


@pytest.mark.parametrize("key", ["7/..", "7/../../secret", "7/.half/../x", "7/.half_abc/", "/etc/passwd", "../secret"])
def test_nothing_outside_is_deleted(store, key):
    with pytest.raises(NotFound):
        store.delete(key)

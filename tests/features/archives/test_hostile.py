"""Archives made by someone who means harm: refused with one sentence, and nothing is left of them."""

from __future__ import annotations

import stat
import zipfile

import pytest

from cityinfo.features import archives
from cityinfo.kernel.errors import Problem
from tests.factories_media import library_of
from tests.features.archives.test_folders import TENANT, everything, put, text

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
PAGE = {"pages/home/page.toml": "position = 10", "pages/home/de.html": text("Start", "start")}


@pytest.fixture
def library(database, settings):
    return library_of(database, settings)


def packed(place, members):
    """A zip with these members: names and bytes, or a whole `ZipInfo` for one that lies about itself."""
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members:
            file.writestr(name, data)
    return place


def link(name, target):
    about = zipfile.ZipInfo(name)
    about.external_attr = (stat.S_IFLNK | 0o777) << 16
    return about, target


def good():
    return [("tenant.toml", TENANT), *PAGE.items()]


def refused(library, place, sentence):
    before = everything(library.database)
    with pytest.raises(Problem) as problem, archives.opened(place) as archive:
        archives.apply(library, archive)
    assert sentence in problem.value.message
    assert "\n" not in problem.value.message
    assert everything(library.database) == before


def test_a_good_zip_is_read(library, tmp_path):
    with archives.opened(packed(tmp_path / "klein.zip", good())) as archive:
        assert archives.apply(library, archive).new_tenant


@pytest.mark.parametrize(
    ("member", "sentence"),
    [
        (("../outside.toml", "x"), "“../outside.toml” leads out of the archive"),
        (("/etc/passwd", "x"), "“/etc/passwd” leads out of the archive"),
        (("pages/../../x.html", "x"), "leads out of the archive"),
        (("C:\\x.toml", "x"), "leads out of the archive"),
        (("files/nul\x01.jpg", "x"), "leads out of the archive"),
        (link("files/x.jpg", "/etc/passwd"), "“files/x.jpg” is no plain file"),
        (("tenant.toml", TENANT), "“tenant.toml” is no plain file"),
        (("files/big.jpg", b"\0" * 30_000_000), "“files/big.jpg” unfolds beyond measure"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_that_reaches_out_or_unfolds_is_refused(library, tmp_path, member, sentence):
    refused(library, packed(tmp_path / "klein.zip", [*good(), member]), sentence)


def test_half_a_zip_is_refused(library, tmp_path):
    place = packed(tmp_path / "klein.zip", good())
    data = bytearray(place.read_bytes())
    data[60:70] = b"\0" * 10
    place.write_bytes(data)
    refused(library, place, "The zip is damaged")
    place.write_bytes(bytes(data[: len(data) // 2]))
    refused(library, place, "there is no folder and no zip")


def test_links_in_a_folder_are_not_followed(library, tmp_path):
    folder = put(tmp_path / "klein", {"tenant.toml": TENANT, **PAGE})
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "page.toml").write_text("position = 20")
    (folder / "pages" / "away").symlink_to(tmp_path / "secret")
    refused(library, folder, "links to other places are not followed")
    (folder / "pages" / "away").unlink()
    (folder / "pages" / "home" / "en.html").symlink_to(folder / "pages" / "home" / "de.html")
    refused(library, folder, "Links to other places are not followed")


def test_numbers_of_other_cities_lead_nowhere(library, tmp_path):
    body = '<p><a href="entry:12">x</a><img src="media:12" alt=""></p>'
    folder = put(
        tmp_path / "klein", {"tenant.toml": TENANT, **PAGE, "pages/home/de.html": text("Start", "start", body)}
    )
    refused(library, folder, "“entry:12” leads to no entry")


def test_scripts_never_arrive(library, tmp_path):
    body = '<p onclick="x()">Hallo</p><script>alert(1)</script><a href="javascript:x()">x</a>'
    folder = put(
        tmp_path / "klein", {"tenant.toml": TENANT, **PAGE, "pages/home/de.html": text("Start", "start", body)}
    )
    with archives.opened(folder) as archive:
        archives.apply(library, archive)
    out = tmp_path / "out"
    archives.write_out(archives.collect(library, "klein"), out)
    said = (out / "pages" / "home" / "de.html").read_text()
    assert "Hallo" in said
    assert not {"onclick", "script", "alert"} & set(said.replace("(", " ").split())
    assert "javascript:" not in said


def test_a_picture_that_is_none_takes_everything_with_it(library, tmp_path):
    files = {
        "tenant.toml": TENANT,
        **PAGE,
        "media/one/media.toml": 'file = "a.jpg"\nname = "a.jpg"',
        "files/a.jpg": "MZ…",
    }
    refused(library, put(tmp_path / "klein", files), "“a.jpg” is none of these")


def test_another_city_is_not_touched_by_an_archive_that_names_it(database, library, tmp_path):
    """Whoever applies an archive works for the whole service; a city is only ever the one it names."""
    put(tmp_path / "klein", {"tenant.toml": TENANT, **PAGE})
    put(tmp_path / "gross", {"tenant.toml": 'slug = "klein"\n' + TENANT.replace("Klein", "Gross"), **PAGE})
    with archives.opened(tmp_path / "klein") as archive:
        archives.apply(library, archive)
    with archives.opened(tmp_path / "gross") as archive:
        report = archives.apply(library, archive, dry_run=True)
    assert (report.tenant, report.new_tenant, report.tenant_changed) == ("klein", False, True)

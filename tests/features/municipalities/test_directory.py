"""The directory is the public list, and a name finds its municipality."""

from __future__ import annotations

import csv

import pytest
from openpyxl import Workbook

from cityinfo.features import audit, municipalities
from cityinfo.kernel.db import NO_TENANT
from cityinfo.kernel.errors import Invalid
from tests.factories import EDITOR

SAMPLE = municipalities.SAMPLE


def bring(database, rows, **options):
    with database.unit_of_work(NO_TENANT, write=True) as db:
        return municipalities.bring_in(db, municipalities.facts_in(rows), actor=EDITOR, **options)


def sample():
    return list(municipalities.rows_of(SAMPLE))


def matching(database, words):
    with database.unit_of_work(NO_TENANT) as db:
        return [(one.full_name, one.official_key) for one in municipalities.matching(db, words)]


def test_the_list_is_brought_in_once_and_follows_the_next_one(database):
    report = bring(database, sample())
    assert (report.created, report.changed, report.gone) == (11, 0, 0)
    again = bring(database, sample())
    assert (again.created, again.changed, again.gone, again.unchanged) == (0, 0, 0, 11)
    merged = [row for row in sample() if row[7] != "Süderhastedt"]
    with pytest.raises(Invalid, match="1 of 11 municipalities are missing"):
        bring(database, merged)
    renamed = [
        [*row[:7], "Heide in Holstein, Stadt", *row[8:]] if row[7].startswith("Heide") else row for row in merged
    ]
    report = bring(database, renamed, shrink=True)
    assert (report.created, report.changed, report.gone) == (0, 1, 1)
    with database.unit_of_work(NO_TENANT) as db:
        rows = db.query(audit.PlatformAuditRow).filter_by(action="MunicipalitiesBroughtIn").all()
    assert [row.note for row in rows] == ["11 created", "1 changed, 1 gone, 9 unchanged"]


def test_a_name_a_part_of_it_a_key_or_a_postal_code_find_a_municipality(database):
    bring(database, sample())
    assert matching(database, "luebeck") == matching(database, "Lübe") == [("Hansestadt Lübeck", "01003000")]
    assert matching(database, "dithmarschen") == [
        ("Kreis Dithmarschen", "01051000"), ("Gemeinde Burg (Dithmarschen)", "01051016"),
    ]  # fmt: skip
    assert matching(database, "büsum") == [("Gemeinde Büsum", "01051013"), ("Amt Büsum-Wesselburen", "010515178000")]
    assert matching(database, "25712") == [("Gemeinde Burg (Dithmarschen)", "01051016")]
    assert matching(database, " % ") == matching(database, "Nirgends") == []
    with database.unit_of_work(NO_TENANT) as db:
        kiel = municipalities.find(db, "010020000000")
    assert (kiel.kind, kiel.state, kiel.postal_code) == ("Kreisfreie Stadt", "Schleswig-Holstein", "24103")
    assert (kiel.latitude, kiel.longitude) == (54.321775, 10.13727)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_workbook_as_it_is_published_says_the_same(database, tmp_path):
    book = Workbook()
    book.active.title = "Deckblatt"
    sheet = book.create_sheet("Onlineprodukt_Gemeinden31122020")
    with SAMPLE.open(encoding="utf-8") as file:
        for row in csv.reader(file, delimiter=";"):
            sheet.append([int(cell) if at == 9 and cell.isdecimal() else cell or None for at, cell in enumerate(row)])
    book.save(tmp_path / "gv.xlsx")
    read = municipalities.facts_in(municipalities.rows_of(tmp_path / "gv.xlsx"))
    assert read == municipalities.facts_in(sample())


def test_what_stands_before_a_name_is_said_once():
    rows = [["40", "43", "03", "2", "41", "", "", "Region Hannover"], ["40", "44", "09", "7", "72", "", "", "Augsburg"]]
    rows += [
        ["60", "60", "09", "7", "71", "5738", "114", "Aindling, M"],
        ["60", "65", "09", "7", "71", "", "444", "Wald"],
    ]
    rows += [["60", "63", "06", "5", "34", "0014", "014", "Marburg, Universitätsstadt"], ["40", "41", *"abcdef"]]
    assert [(one.prefix, one.name, one.official_key) for one in municipalities.facts_in(rows)] == [
        ("Region", "Hannover", "03241000"), ("Landkreis", "Augsburg", "09772000"), ("Markt", "Aindling", "09771114"),
        ("", "Wald", "09771444"), ("Universitätsstadt", "Marburg", "06534014"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([["60", "63", "09", "1", "62", "0000", "000", "X"]] * 2, "Row 2: 091620000000 is there twice"),
        ([["60", "63", "9", "1", "62", "0000", "000", "X"]], "“9” is no part of a key"),
        ([["60", "63", "09", "1", "62", "", "", "X", *[""] * 6, "elf", "48,1"]], "“elf” is no coordinate"),
        ([["Satzart"], []], "There is no municipality in this file"),
    ],
)
def test_a_list_that_cannot_be_understood_says_where(rows, why):
    with pytest.raises(Invalid, match=why):
        municipalities.facts_in(rows)


def test_what_is_no_list_at_all_is_refused_with_a_sentence(tmp_path):
    for name, words in (("gv.xlsx", b"no zip"), ("gv.csv", b"\xff\xfe")):
        (tmp_path / name).write_bytes(words)
        with pytest.raises(Invalid, match=name):
            list(municipalities.rows_of(tmp_path / name))

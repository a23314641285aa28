"""The rows of a list: of a workbook as the Federal Statistical Office publishes it, or of a table like it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from zipfile import BadZipFile

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

SAMPLE = Path(__file__).parent / "sample.csv"  # a few rows of the list, to look at
_SHEET = "Onlineprodukt"  # how the sheet with the list begins to be called


def rows_of(path: Path) -> Iterator[Sequence[object]]:
    """Row after row, never the whole list at once. `Invalid` when the file is neither."""
    return _of_workbook(path) if path.suffix.lower() == ".xlsx" else _of_table(path)


def _of_workbook(path: Path) -> Iterator[Sequence[object]]:
    from openpyxl import load_workbook  # takes a while to be imported, and only this command needs it
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError):
        raise Invalid("municipality.file", say("{file} is no workbook.", file=path.name)) from None
    try:
        named = next((name for name in book.sheetnames if name.startswith(_SHEET)), book.sheetnames[-1])
        sheet = book[named]
        sheet.reset_dimensions()  # what a file says of its own size is often wrong
        yield from sheet.iter_rows(values_only=True)
    finally:
        book.close()


def _of_table(path: Path) -> Iterator[Sequence[object]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.reader(file, delimiter=";")
    except (UnicodeDecodeError, csv.Error):
        raise Invalid("municipality.file", say("{file} is no table in UTF-8.", file=path.name)) from None

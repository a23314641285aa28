"""The audit log for other tools: a table or one JSON object a line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

import orjson

from cityinfo.kernel import cells

from .models import AuditRow
from .rules import SAID

COLUMNS = ("tenant_id", *SAID, "note", "previous", "digest")


def csv_lines(rows: Iterable[AuditRow]) -> Iterator[str]:
    """CSV as RFC 4180 has it, a header first. Moments are RFC 3339 in UTC. No cell is a formula to a spreadsheet."""
    yield _csv_line(COLUMNS)
    for row in rows:
        yield _csv_line(_said(row).values())


def json_lines(rows: Iterable[AuditRow]) -> Iterator[str]:
    """The same names and values, each row an object."""
    for row in rows:
        yield orjson.dumps(_said(row)).decode() + "\n"


def _said(row: AuditRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in COLUMNS} | {"at": row.at.isoformat()}


def _csv_line(values: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([cells.harmless(value) for value in values])
    return line.getvalue()

"""Cells of tables that people open with a spreadsheet."""

from __future__ import annotations

_BEGIN_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def harmless(value: object) -> str:
    """The value as a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_BEGIN_FORMULAS) else text

"""Columns that keep sentences of ours, so that whoever reads them later reads them in their own language."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Dialect, Text
from sqlalchemy.types import TypeDecorator

from . import i18n


class SentenceText(TypeDecorator[str]):
    """One sentence. What an older release kept in plain English is said as it is."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else i18n.kept(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else i18n.recalled(value)


class SentenceJson(TypeDecorator[Any]):
    """Facts as JSON, with sentences among them."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return i18n.with_texts(value, i18n.kept)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return i18n.with_texts(value, lambda text: i18n.recalled(text) if i18n.is_kept(text) else text)

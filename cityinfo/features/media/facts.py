"""What can happen to a library beside its entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMoved(Change):
    """A file lies in another folder. Readers see nothing of it."""

    needs: ClassVar[str] = "edit"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaSet(Change):
    """The city may keep more, or less, than others."""

    needs: ClassVar[str] = "platform:manage"

"""What can happen to the directory."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class MunicipalitiesBroughtIn(Change):
    """The directory is another one; `note` says how much of it."""

    needs: ClassVar[str] = "platform:manage"

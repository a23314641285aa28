"""What happens to tokens. Their secrets are never told."""

from dataclasses import dataclass
from typing import ClassVar

from cityinfo.kernel.facts import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCreated(Change):
    """A machine may work in this city from now on; `after` says what it may do."""

    needs: ClassVar[str] = "tokens:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRevoked(Change):
    """A token is worth nothing any more."""

    needs: ClassVar[str] = "tokens:manage"

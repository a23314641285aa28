"""The only clock."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware, in UTC, cut to milliseconds so that it survives every database and wire format."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

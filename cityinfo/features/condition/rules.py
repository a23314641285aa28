"""What of a city's figures asks for someone. Pure: no session, no clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from cityinfo.features import accounts

from .models import TenantCondition

MANAGERS, BROKEN, OUTDATED, WAITING = "managers", "broken", "outdated", "waiting"
FULL, UNTENDED, UNMEASURED = "full", "untended", "unmeasured"
# The most urgent first.
NEEDS = (BROKEN, MANAGERS, FULL, OUTDATED, WAITING, UNTENDED, UNMEASURED)
FULL_FROM = 80  # percent of the space for files
UNTENDED_AFTER = timedelta(days=90)
MANY_OUTDATED = 10  # percent of the translations


def needs_of(found: TenantCondition | None, *, quota: int, now: datetime) -> list[str]:
    """What asks for someone, the most urgent first. `quota` is the space for files where a city has none of its own."""
    if found is None:
        return [UNMEASURED]
    asked = {
        BROKEN: bool(broken_of(found)),
        MANAGERS: found.managers < accounts.MANAGERS_RECOMMENDED,
        FULL: found.media_bytes * 100 >= (found.media_quota or quota) * FULL_FROM,
        OUTDATED: found.outdated * 100 > found.texts * MANY_OUTDATED,
        WAITING: found.waiting > 0,
        UNTENDED: found.edited_at is None or found.edited_at < now - UNTENDED_AFTER,
    }
    return [need for need in NEEDS if asked.get(need)]


def broken_of(found: TenantCondition) -> int:
    """How much goes wrong by itself again and again."""
    return found.calendars_broken + found.jobs_failed + found.webhooks_failing

"""What the forms of the settings send."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from flask import request

from cityinfo.features.tenants import FEATURES, TenantDraft
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import _

WORDS = ("prefix", "name", "official_key", "time_zone", "app_url")
POINT = ("latitude", "longitude")
FACTS = (*WORDS, *POINT, "postal_codes")
LONGEST = 2_000  # characters of a field


def shown(facts: TenantDraft) -> dict[str, str]:
    """The facts as fields show them."""
    point = {name: "" if getattr(facts, name) is None else str(getattr(facts, name)) for name in POINT}
    return {**{name: getattr(facts, name) for name in WORDS}, **point, "postal_codes": " ".join(facts.postal_codes)}


def typed() -> dict[str, str]:
    """The facts as they were typed."""
    return {name: request.form.get(name, "").strip()[:LONGEST] for name in FACTS}


def with_facts(facts: TenantDraft, values: dict[str, str]) -> TenantDraft:
    """The city with what was typed; `Invalid` where a coordinate is no number."""
    point = {name: _degrees(values[name]) for name in POINT}
    moved = any(point[name] != getattr(facts, name) for name in POINT)
    wanted: dict[str, Any] = {**{name: values[name] for name in WORDS}, **point}
    wanted["bounding_box"] = None if moved else facts.bounding_box
    wanted["postal_codes"] = values["postal_codes"].replace(",", " ").split()
    return replace(facts, **wanted)


def with_features(facts: TenantDraft) -> TenantDraft:
    """The city with exactly the features that were ticked."""
    chosen = request.form.getlist("feature")
    if not set(chosen) <= set(FEATURES):
        raise Invalid("settings.feature", _("This request cannot be used; go back and try again."))
    return replace(facts, features={name: name in chosen for name in FEATURES})


def mark_of(facts: TenantDraft) -> str:
    """By which a form tells what it was opened with."""
    return digest(asdict(facts))


def _degrees(text: str) -> float | None:
    try:
        return float(text.replace(",", ".")) if text else None
    except ValueError:
        raise Invalid("tenant.coordinates", _("Write coordinates as numbers, such as 50.0833.")) from None

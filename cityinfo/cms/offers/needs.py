"""What the form of an offer asks for, kind by kind. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

SERVICE, COURSE, BENEFIT = "service", "course", "benefit"
FUNDING, VOLUNTEERING, LINK = "funding", "volunteering", "link"
# Parts of the form, in its order, with the fields in which something of them is kept.
PARTS: Mapping[str, Collection[str]] = {
    "link": ("link",),
    "eligibility": ("eligibility",),
    "documents": ("documents",),
    "steps": ("steps",),
    "audiences": ("audiences",),
    "age": ("age_from", "age_to"),
    "spoken": ("spoken",),
    "locations": ("locations",),
    "contacts": ("contacts",),
    "schedule": ("schedule", "slots"),
    "cost": ("cost", "cost_from", "cost_to", "cost_words"),
    "appointment": ("appointment",),
    "deadline": ("deadline_on", "deadline_at"),
    "validity": ("valid_on", "valid_at"),
}
_EVERYWHERE = {"audiences", "validity", "contacts"}
_NEEDS: Mapping[str, Collection[str]] = {
    SERVICE: {"eligibility", "documents", "steps", "age", "spoken", "locations", "schedule", "cost", "appointment"},
    COURSE: {
        *("link", "eligibility", "documents", "steps", "age", "spoken", "locations", "schedule", "cost", "deadline"),
    },
    BENEFIT: {"link", "eligibility", "documents", "steps", "locations", "appointment", "deadline"},
    FUNDING: {"link", "eligibility", "documents", "steps", "deadline"},
    VOLUNTEERING: {"link", "age", "spoken", "locations", "schedule"},
    LINK: {"link", "spoken"},
}


def asked(sort: str, *, everything: bool = False) -> list[str]:
    """The parts that this kind needs; all of them for a kind that is not known."""
    needed = _NEEDS.get(sort)
    return [part for part in PARTS if everything or needed is None or part in needed or part in _EVERYWHERE]


def kept(shown: Collection[str], values: Mapping[str, str]) -> list[str]:
    """Parts that are not asked for and yet say something."""
    return [part for part, fields in PARTS.items() if part not in shown and any(values.get(field) for field in fields)]


def named(fields: Collection[str]) -> set[str]:
    """The parts to which these fields belong."""
    return {part for part, own in PARTS.items() if not set(own).isdisjoint(fields)}

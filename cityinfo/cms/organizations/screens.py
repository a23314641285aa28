"""The screens of organizations: what is their own on them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from flask import g

from cityinfo.cms import choices, entries
from cityinfo.cms.entries import Feature, Note, Screens, Wording, picking, used_in
from cityinfo.cms.layout import Form
from cityinfo.features import accounts, content, organizations
from cityinfo.features.organizations import BELONGS_TO, ORGANIZATIONS, OrganizationFacts
from cityinfo.kernel.db import Work
from cityinfo.kernel.i18n import _, ngettext

from .words import sorts


class OrganizationScreens(Screens):
    """What an organization is, to whom it belongs and what belongs to it."""

    content_type = ORGANIZATIONS
    feature: ClassVar[Feature] = organizations
    plural = "organizations"
    symbol = "building-community"
    names = (
        *("sort", "website", "seal", "logo", "part_of", "project_of", "partners"),
        *("find_logo", "find_project_of", "find_partners"),
    )
    several = ("project_of", "partners")
    fields: ClassVar[Mapping[str, str]] = {"organization.part_of_itself": "part_of", "organization.sort": "sort"}

    def wording(self) -> Wording:
        return Wording(
            heading=_("Organizations"),
            lead=_("Who stands behind places, contacts, offers and events."),
            new=_("New organization"),
            all=_("All organizations"),
            archived=_("Archived organizations"),
            more=_("More organizations"),
            none_yet=_("There is no organization yet."),
            none_fits=_("No organization fits."),
            languages=_("Languages of this organization"),
            title=_("Name"),
            body=_("Description"),
        )

    def notes(self, db: Work, entry_ids: Collection[int]) -> Mapping[int, Note]:
        named, owned = sorts(), content.relating(db, entry_ids, BELONGS_TO)
        found = organizations.organizations(db, entry_ids)
        return {one.id: Note(_line(named[one.sort], len(owned.get(one.id, ())))) for one in found.values()}

    def beginning(self, db: Work) -> dict[str, str]:  # noqa: ARG002 - the same in every city
        return {"sort": "association"}

    def shown(self, db: Work, entry_id: int) -> dict[str, str]:
        facts = organizations.facts_of(db, entry_id)
        return {
            "sort": facts.sort,
            "website": facts.website,
            "seal": facts.seal,
            "logo": str(facts.logo or ""),
            "part_of": str(facts.part_of or ""),
            "project_of": picking.together(facts.project_of),
            "partners": picking.together(facts.partners),
        }

    def facts(self, db: Work, entry_id: int | None) -> OrganizationFacts:
        return organizations.facts_of(db, entry_id) if entry_id else OrganizationFacts()

    def with_typed(self, before: OrganizationFacts, values: Mapping[str, str]) -> OrganizationFacts:
        return _facts(before, values)

    def around(self, db: Work, entry_id: int | None, form: Form) -> Mapping[str, Any]:
        related = ("project_of", "partners")
        used, how_many = used_in(db, entry_id)
        return {
            "sorts": sorts(),
            "logo": picking.picture(db, "logo", form),
            "others": {key: name for key, name in choices.entries(db, ORGANIZATIONS).items() if key != str(entry_id)},
            "picks": {name: picking.entries(db, ORGANIZATIONS, name, form, without=entry_id) for name in related},
            "members": _members(db, entry_id),
            "used": used,
            "how_many": how_many,
        }


entries.add(OrganizationScreens())


def _facts(before: OrganizationFacts, values: Mapping[str, str]) -> OrganizationFacts:
    return replace(
        before,
        sort=values["sort"],
        website=values["website"].strip(),
        seal=values["seal"].strip(),
        logo=picking.one(values["logo"]),
        part_of=picking.one(values["part_of"]),
        project_of=picking.many(values["project_of"]),
        partners=picking.many(values["partners"]),
    )


def _line(sort: str, owned: int) -> str:
    if not owned:
        return sort
    belong = ngettext("one entry belongs to it", "{number} entries belong to it", owned)
    return _("{sort} · {belong}", sort=sort, belong=belong)


def _members(db: Work, entry_id: int | None) -> list[accounts.Person]:
    """The people who see and propose only what belongs to the organization; told to those who see people at all."""
    if entry_id is None or not g.me.may("people:read"):
        return []
    return [one for one in accounts.people(db) if one.membership.organization_id == entry_id]

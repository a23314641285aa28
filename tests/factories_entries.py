"""Words of entries of every type, and organizations, as an editor would make them."""

from __future__ import annotations

from cityinfo import registry
from cityinfo.features import content, organizations, proposals
from cityinfo.features.content import TextDraft
from cityinfo.features.organizations import OrganizationFacts
from cityinfo.features.proposals import Draft
from cityinfo.kernel.facts import SYSTEM
from tests.factories import EDITOR, City


def write(
    city: City, entry_id: int, title: str, *, language: str = "de", text: str = "<p>Guten Tag.</p>", public: bool = True
) -> None:
    """Save the words of an entry in a language, and publish them."""
    with city.write() as db:
        write_in(db, entry_id, title, language=language, text=text, public=public)


def write_in(db, entry_id, title, *, language="de", text="<p>Guten Tag.</p>", public=True, slug=None) -> None:
    """The same within a unit of work."""
    known = content.text_of(db, entry_id, language)
    draft = TextDraft(title=title, content=text, slug=slug, revision=known.revision if known else 0)
    content.save_text(db, entry_id, language, draft, actor=EDITOR)
    if public:
        revision = content.find_text(db, entry_id, language).revision
        content.publish_text(db, entry_id, language, revision=revision, actor=EDITOR)


def revision_of(db, entry_id: int) -> int:
    return content.find_entry(db, entry_id).revision


def found(city: City, name: str, *, language: str = "de", **facts: object) -> int:
    """A new organization with its name."""
    with city.write() as db:
        organization = organizations.create(db, OrganizationFacts(**facts), actor=EDITOR)
        write_in(db, organization.id, name, language=language)
        return organization.id


def proposed(city: City, organization_id: int, *, title: str = "Neuer Name", **facts: object) -> int:
    """A change to an organization that waits for a decision."""
    with city.write() as db:
        organizations.set_members(db, organization_id, [str(SYSTEM)], actor=SYSTEM)
        draft = Draft(
            language="de",
            title=title,
            content="<p>Guten Abend.</p>",
            text_revision=content.find_text(db, organization_id, "de").revision,
            facts=facts or {"website": "https://neu.example"},
            entry_revision=revision_of(db, organization_id),
            message="Bitte bald.",
        )
        return proposals.propose(db, organization_id, draft, appliers=registry.APPLY_FACTS, actor=SYSTEM).id

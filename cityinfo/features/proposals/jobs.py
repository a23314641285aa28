"""What the worker does for proposals."""

from __future__ import annotations

from cityinfo.features import accounts, content, logins, organizations, tenants
from cityinfo.features.accounts import Account
from cityinfo.features.logins import Letter, Mailer, Site
from cityinfo.kernel import i18n
from cityinfo.kernel.db import Work
from cityinfo.kernel.i18n import _
from cityinfo.kernel.jobs import Run

from .models import ACCEPTED, RETURNED, Proposal


def send_decision(run: Run, proposal: int, edited: int, *, mailer: Mailer, site: Site) -> None:
    """Tell whoever proposed something what became of it. Not those who may no longer propose anything about it."""
    with run.unit_of_work() as db:
        letter = _letter(db, site, db.get(Proposal, (db.tenant_id, proposal)), is_edited=bool(edited))
        letter = logins.style.styled(letter, logins.style.style(db)) if letter else None
    if letter is not None:
        mailer.send(letter)


def _letter(db: Work, site: Site, proposal: Proposal | None, *, is_edited: bool) -> Letter | None:
    if proposal is None or proposal.state not in (ACCEPTED, RETURNED):
        return None
    entry = content.find_entry(db, proposal.entry_id)
    if proposal.author not in accounts.able(db, f"{entry.kind}:propose", organizations.owners(db, entry.id)):
        return None
    reader = accounts.account(db, int(proposal.author.rpartition(":")[2]))
    with i18n.speaking(reader.language):
        return _written(db, site, reader, proposal, is_edited=is_edited)


def _written(db: Work, site: Site, reader: Account, proposal: Proposal, *, is_edited: bool) -> Letter:
    """In the language that its reader has chosen for the interface."""
    city = db.get_one(tenants.Tenant, db.tenant_id)
    title = content.name(content.titles(db, proposal.entry_id), tenants.root_language(db))[0]
    subject, opening = _said(proposal, title, is_edited=is_edited)
    parts = (
        _("Hello {name},", name=reader.name),
        opening,
        _("The editors of {city} write:", city=city.full_name) if proposal.answer else "",
        proposal.answer,
        f"{site.public_url}/cms/{city.slug}/proposals/{proposal.id}",
    )
    return Letter(
        to=reader.email,
        subject=subject,
        text="\n\n".join(part for part in parts if part) + "\n",
        language=i18n.language(),
        reference=f"proposal-{proposal.id}",
    )


def _said(proposal: Proposal, title: str, *, is_edited: bool) -> tuple[str, str]:
    """What became of it: in the subject, and in the first sentence."""
    if proposal.state == RETURNED:
        return (
            _("Returned: your proposal for “{title}”", title=title),
            _("your proposal for “{title}” came back to you. You can change it and send it again.", title=title),
        )
    subject = _("Accepted: your proposal for “{title}”", title=title)
    if is_edited:
        return subject, _("your proposal for “{title}” was accepted with changes by the editors.", title=title)
    return subject, _("your proposal for “{title}” was accepted.", title=title)

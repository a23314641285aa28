"""What the worker does for comments."""

from __future__ import annotations

from cityinfo.features import accounts, content, logins, tenants
from cityinfo.features.accounts import Account
from cityinfo.features.logins import Letter, Mailer, Site
from cityinfo.kernel import i18n
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _
from cityinfo.kernel.jobs import Run

from . import queries
from .models import Comment, Thread


def send_mention(run: Run, comment: int, account: int, *, mailer: Mailer, site: Site) -> None:
    """Tell someone that a comment is meant for them. Not of what was taken back or dealt with meanwhile, nor to
    someone who may no longer read the text."""
    with run.unit_of_work() as db:
        letter = _letter(db, site, comment, account)
        letter = logins.style.styled(letter, logins.style.style(db)) if letter else None
    if letter is not None:
        mailer.send(letter)


def _letter(db: Work, site: Site, comment_id: int, account_id: int) -> Letter | None:
    comment = db.get(Comment, (db.tenant_id, comment_id))
    thread = db.get(Thread, (db.tenant_id, comment.thread_id)) if comment else None
    if comment is None or thread is None or thread.resolved_at is not None:
        return None
    entry = content.find_entry(db, thread.entry_id)
    if str(Actor(accounts.PERSON, str(account_id))) not in queries.colleagues(db, entry):
        return None
    reader = accounts.account(db, account_id)
    with i18n.speaking(reader.language):
        return _written(db, site, reader, comment, thread)


def _written(db: Work, site: Site, reader: Account, comment: Comment, thread: Thread) -> Letter:
    """In the language that its reader has chosen for the interface."""
    city = db.get_one(tenants.Tenant, db.tenant_id)
    title = content.name(content.titles(db, thread.entry_id), thread.language, tenants.root_language(db))[0]
    author = accounts.names(db).get(comment.author, _("A colleague"))
    opening = _("{name} mentions you in a comment on “{title}” ({city}):", name=author, title=title, city=city.name)
    quoted = _("About: “{quote}”", quote=thread.quote) if thread.quote else ""
    parts = (
        _("Hello {name},", name=reader.name),
        opening,
        quoted,
        comment.words,
        _address(site, city.slug, thread),
    )
    return Letter(
        to=reader.email,
        subject=_("{name} mentions you: {title}", name=author, title=title),
        text="\n\n".join(part for part in parts if part) + "\n",
        language=i18n.language(),
        reference=f"comment-{comment.id}-{reader.id}",
    )


def _address(site: Site, city: str, thread: Thread) -> str:
    """Where it can be answered."""
    return f"{site.public_url}/cms/{city}/texts/{thread.entry_id}/{thread.language}#comments"

"""What letters of a city say beside their words: from whom they come, where answers go, what stands below them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from cityinfo.features import accounts
from cityinfo.kernel.db import Work
from cityinfo.kernel.digests import digest
from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.facts import Actor, tell
from cityinfo.kernel.i18n import say

from . import facts
from .models import LetterStyle
from .ports import Letter

MOST_SENDER, MOST_SIGNATURE = 100, 1_000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """All of it may be empty: then letters come from the service, and nobody is named for answers."""

    sender: str = ""
    reply_to: str = ""
    signature: str = ""


def style(db: Work) -> Style:
    """As the city of this work has it."""
    row = db.get(LetterStyle, db.tenant_id)
    return Style(**{name: getattr(row, name) for name in asdict(Style())}) if row is not None else Style()


def set_style(db: Work, wanted: Style, *, actor: Actor) -> None:
    """Let all further letters of the city say so."""
    wanted, before = checked(wanted), style(db)
    if wanted == before:
        return
    row = db.get(LetterStyle, db.tenant_id) or LetterStyle(tenant_id=db.tenant_id)
    for name, value in asdict(wanted).items():
        setattr(row, name, value)
    db.add(row)
    db.flush()
    said = {"before": digest(asdict(before)), "after": digest(asdict(wanted))}
    tell(db, facts.LetterStyleChanged(actor=actor, kind="settings", entry_id=db.tenant_id, **said))


def checked(wanted: Style) -> Style:
    """As it is kept; `Invalid` for what no mail program would show."""
    sender, signature = wanted.sender.strip(), wanted.signature.replace("\r\n", "\n").strip()
    if len(sender) > MOST_SENDER or not sender.isprintable():
        raise Invalid("letters.sender", say("Write a name of at most {most} letters.", most=MOST_SENDER))
    if len(signature) > MOST_SIGNATURE:
        raise Invalid("letters.signature", say("Write at most {most} characters.", most=MOST_SIGNATURE))
    reply_to = accounts.check_email(wanted.reply_to) if wanted.reply_to.strip() else ""
    return Style(sender=sender, reply_to=reply_to, signature=signature)


def styled(letter: Letter, style: Style) -> Letter:
    """The letter as the city sends it. The line before a signature is one that mail programs know (RFC 3676)."""
    below = f"\n-- \n{style.signature}\n" if style.signature else ""
    reply_to = letter.reply_to or style.reply_to
    return replace(letter, sender=style.sender, reply_to=reply_to, text=letter.text + below)

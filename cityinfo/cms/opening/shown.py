"""What a new city lacks, in sentences, and where to do it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from cityinfo.cms.codes import qr_code
from cityinfo.cms.layout import address
from cityinfo.cms.words import language_name
from cityinfo.cms.writing.preview import link_to
from cityinfo.features import accounts, content, opening, pages, tenants
from cityinfo.features.opening import Checklist
from cityinfo.kernel.db import Work
from cityinfo.kernel.i18n import _, ngettext


@dataclass(frozen=True, slots=True)
class Step:
    """A step with what is so; `to` is where it is done, `action` what the way there is called."""

    name: str
    title: str
    done: bool
    said: str
    to: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The whole list. `reading` is what phones open, `code` the same as they read it from the screen."""

    steps: list[Step]
    may_go_live: bool
    reading: str
    code: Markup
    is_app: bool
    tested: Checklist

    @property
    def left(self) -> int:
        return sum(not step.done for step in self.steps)


def shown(db: Work) -> Shown:
    """The checklist of this city."""
    found, (reading, is_app) = opening.checklist(db), _reading(db)
    return Shown(
        steps=list(_steps(db, found)),
        may_go_live=opening.may_go_live(db),
        reading=reading,
        code=qr_code(reading) if reading else Markup(),
        is_app=is_app,
        tested=found,
    )


def _steps(db: Work, found: Checklist) -> Iterator[Step]:
    slug, done = tenants.own(db).slug, found.done
    yield Step(
        opening.FACTS,
        _("Say what texts ask of the city"),
        done[opening.FACTS],
        _facts(found),
        address("show_placeholders", tenant=slug) if found.facts else "",
        _("Facts in texts"),
    )
    said = (
        _("Readers find it in every language.") if found.has_imprint else _("Readers do not find it in every language.")
    )
    yield Step(
        opening.IMPRINT, _("Imprint"), done[opening.IMPRINT], said, address("show_imprint", tenant=slug), _("Imprint")
    )
    people = address("list_people", tenant=slug)
    yield Step(opening.MANAGERS, _("Two managers"), done[opening.MANAGERS], _managers(found), people, _("People"))
    languages = address("show_city_languages", tenant=slug)
    yield Step(
        opening.LANGUAGES,
        _("First languages"),
        done[opening.LANGUAGES],
        _languages(db, found),
        languages,
        _("Languages"),
    )
    said = _("Someone has looked at it.") if found.tested_at else _("Nobody has looked at it yet.")
    yield Step(opening.TEST, _("Look at it on a phone"), done[opening.TEST], said)


def _facts(found: Checklist) -> str:
    if not found.facts:
        return _("No text of this city asks for facts.")
    if not found.facts_missing:
        return _("Everything that readers need is said.")
    return ngettext(
        "One fact that readers need is missing.",
        "{number} facts that readers need are missing.",
        found.facts_missing,
    )


def _managers(found: Checklist) -> str:
    if not found.managers:
        said = _("Nobody who manages the city has a login yet.")
    else:
        said = ngettext("One manager has a login.", "{number} managers have a login.", found.managers)
    if found.managers < accounts.MANAGERS_RECOMMENDED and found.invited:
        invited = ngettext("One is invited.", "{number} are invited.", found.invited)
        return f"{said} {invited}"
    return said


def _languages(db: Work, found: Checklist) -> str:
    if not found.pages_public:
        return _("Readers find no page yet.")
    registry, said = tenants.languages(db), []
    for one in found.languages:
        name = language_name(registry[one.slug])
        if not one.visible:
            said.append(_("{language}: hidden", language=name))
        elif one.unread:
            count = ngettext("one page is missing", "{number} pages are missing", one.unread)
            said.append(_("{language}: {count}", language=name, count=count))
        else:
            said.append(_("{language}: complete", language=name))
    return ", ".join(said)


def _reading(db: Work) -> tuple[str, bool]:
    """Where a phone shows the city: in the readers' app if it has one, else its first page as a preview."""
    tenant, root = tenants.own(db), tenants.root_language(db)
    if tenant.app_url:
        return f"{tenant.app_url}/{tenant.slug}/{root}/", True
    nodes = [one.id for one in pages.tree(db) if not one.archived]
    titles = content.titles_of(db, nodes)
    first = next((one for one in nodes if root in titles.get(one, {})), None)
    text = content.text_of(db, first, root) if first is not None else None
    version = text and (text.public_version_id or text.current_version_id)
    return (link_to(db.tenant_id, text.entry_id, root, version), False) if text and version else ("", False)

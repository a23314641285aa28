"""What forms offer to choose from."""

from __future__ import annotations

from cityinfo.features import content, pages, tenants
from cityinfo.features.content import ContentType
from cityinfo.features.pages import PAGES
from cityinfo.kernel.db import Work
from cityinfo.kernel.facts import Actor
from cityinfo.kernel.i18n import _

_STEP = "\u2003"  # browsers keep this space at the beginning of what can be chosen


def entries(db: Work, kind: ContentType) -> dict[str, str]:
    """All entries of a kind that have words, by their titles in the city's own language where there are such. A fixed
    number of statements.
    """
    root = tenants.root_language(db)
    found = content.titles_of_kind(db, kind.kind, root)
    named = {str(one): content.name(titles, root)[0] for one, titles in found.items()}
    return dict(sorted(named.items(), key=lambda pair: pair[1].casefold()))


def places(db: Work, actor: Actor) -> dict[str, str]:
    """Where someone may put a new page: below which others, as they hang in the tree; nothing is the first level. A
    fixed number of statements.
    """
    root = tenants.root_language(db)
    reach = actor.reach("create", PAGES.kind, language=root)
    within = None if reach is None else pages.below(db, reach)
    titles, levels = content.titles_of_kind(db, PAGES.kind, root), dict[int, int]()
    found = {"": _("On the first level")} if within is None else {}
    for node in pages.tree(db):
        if node.archived or (node.parent_id is not None and node.parent_id not in levels):
            continue
        levels[node.id] = 0 if node.parent_id is None else levels[node.parent_id] + 1
        if within is None or node.id in within:
            title = content.name(titles.get(node.id, {}), root)[0] or _("(without words yet)")
            found[str(node.id)] = f"{_STEP * levels[node.id]}{title}"
    return found

"""What forms offer to choose from."""

from __future__ import annotations

from cityinfo.features import content, tenants
from cityinfo.features.content import ContentType
from cityinfo.kernel.db import Work


def entries(db: Work, kind: ContentType) -> dict[str, str]:
    """All entries of a kind that have words, by their titles in the city's own language where there are such. A fixed
    number of statements.
    """
    root = tenants.root_language(db)
    found = content.titles_of_kind(db, kind.kind, root)
    named = {str(one): content.name(titles, root)[0] for one, titles in found.items()}
    return dict(sorted(named.items(), key=lambda pair: pair[1].casefold()))

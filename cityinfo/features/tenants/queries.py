"""Reading tenants and languages."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from cityinfo.kernel.db import Work
from cityinfo.kernel.errors import NotFound
from cityinfo.kernel.i18n import say

from .models import ARCHIVED, Directory, Language, Tenant, TenantLanguage
from .rules import SWITCHES, Theme

TREE, DIRECTORY, OWN = "language_tree", "directory_seq", "own_tenant"  # where a unit of work keeps what it has read


def find(db: Work, slug: str) -> Tenant:
    """The tenant under this address; `NotFound` when unknown or archived. Case does not count."""
    tenant = db.scalar(select(Tenant).where(Tenant.slug == slug.lower(), Tenant.status != ARCHIVED))
    if tenant is None:
        raise NotFound("tenant.unknown", say("There is no city under the address “{slug}”.", slug=slug))
    return tenant


def at(db: Work, slug: str) -> Tenant | None:
    """The tenant under this address, archived ones included; None when there is none."""
    return db.scalar(select(Tenant).where(Tenant.slug == slug.lower()))


def by_id(db: Work, tenant_id: int) -> Tenant | None:
    """The tenant under this identity, unless it is archived."""
    return db.scalar(select(Tenant).where(Tenant.id == tenant_id, Tenant.status != ARCHIVED))


def full_names(db: Work, tenant_ids: Collection[int]) -> dict[int, str]:
    """What these tenants are called, archived ones included, by identity. One statement."""
    return {one.id: one.full_name for one in db.scalars(select(Tenant).where(Tenant.id.in_(tenant_ids)))}


def own(db: Work) -> Tenant:
    """The city of this unit of work; `NotFound` when there is none."""
    tenant = _known(db)
    if tenant is None:
        raise NotFound("tenant.unknown", "There is no such city.")
    return tenant


def _known(db: Work) -> Tenant | None:
    """The city's row, asked for once in a unit of work: a session forgets rows that nobody holds."""
    row: Tenant | None = db.info.get(OWN)
    if row is None:
        row = db.info[OWN] = db.get(Tenant, db.tenant_id)
    return row


def directory(db: Work) -> Sequence[Tenant]:
    """All tenants that are not archived, hidden ones included, by name."""
    return db.scalars(select(Tenant).where(Tenant.status != ARCHIVED).order_by(Tenant.name, Tenant.slug)).all()


def root_language(db: Work) -> str:
    """The language the city writes in first, from which all others are translated."""
    return next((slug for slug, row in tree(db).items() if row.source is None), "")


def everyone(db: Work) -> Sequence[Tenant]:
    """All tenants there are, archived ones included, by address."""
    return db.scalars(select(Tenant).order_by(Tenant.slug)).all()


def directory_seq(db: Work) -> int:
    """A number that grows whenever the directory or the registry of languages changes. Asked once in a unit of work."""
    known: int | None = db.info.get(DIRECTORY)
    if known is None:
        known = db.info[DIRECTORY] = db.scalar(select(Directory.seq)) or 0
    return known


def languages(db: Work) -> dict[str, Language]:
    """The registry of languages by slug."""
    return {language.slug: language for language in db.scalars(select(Language))}


def language_uses(db: Work) -> dict[str, list[int]]:
    """The tenants that publish in each language, archived ones left out. One statement."""
    found: dict[str, list[int]] = {}
    statement = select(Tenant.id, Tenant.active_languages).where(Tenant.status != ARCHIVED)
    for tenant_id, slugs in db.execute(statement.order_by(Tenant.id)):
        for slug in slugs:
            found.setdefault(slug, []).append(tenant_id)
    return found


def tree(db: Work) -> dict[str, TenantLanguage]:
    """The tenant's languages by slug, in the tenant's order. Asked once in a unit of work."""
    known: dict[str, TenantLanguage] | None = db.info.get(TREE)
    if known is None:
        rows = db.scalars(select(TenantLanguage).order_by(TenantLanguage.position))
        known = db.info[TREE] = {row.language: row for row in rows}
    return known


def active_sources(db: Work) -> dict[str, str | None]:
    """The active languages in the tenant's order, each with the one it is translated from."""
    return {slug: row.source for slug, row in tree(db).items() if row.active}


def active_languages(db: Work) -> list[str]:
    """Languages in which the tenant publishes, in its order; none once the tenant is archived."""
    tenant = _known(db)
    if tenant is None or tenant.status == ARCHIVED:
        return []
    return [row.language for row in tree(db).values() if row.active]


def time_zone(db: Work) -> str:
    """The city's time zone."""
    tenant = _known(db)
    return tenant.time_zone if tenant is not None else "UTC"


def offers(db: Work, feature: str) -> bool:
    """Whether the city has switched a feature on."""
    tenant = _known(db)
    return tenant is not None and bool(tenant.features.get(feature))


def theme(db: Work) -> Theme:
    """How readers' apps look in the city."""
    return theme_of(own(db))


def theme_of(tenant: Tenant) -> Theme:
    """The same of a tenant that is at hand."""
    return Theme(**(tenant.theme or {}))


def hidden_kinds(db: Work) -> set[str]:
    """Kinds of content that the city has switched off, so that nothing of them is public."""
    return {kind for kind, features in SWITCHES.items() if not any(offers(db, one) for one in features)}


def kinds_switched_by(features: Collection[str]) -> set[str]:
    """Kinds of content whose being public hangs on one of these features."""
    return {kind for kind, switches in SWITCHES.items() if not set(switches).isdisjoint(features)}

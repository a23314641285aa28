"""Where a text stands against its source is kept with it, so that all of a city's texts can be searched by it."""

from __future__ import annotations

from alembic import op

revision = "20261129_2_states"
down_revision = "20261129_1_comments"
branch_labels = None
depends_on = None

# With its check in one piece, which SQLite would else make the table anew for.
_COLUMN = """
ALTER TABLE text ADD COLUMN state TEXT DEFAULT 'up_to_date' NOT NULL
CONSTRAINT ck_text_state CHECK (state IN ('up_to_date', 'outdated', 'in_translation', 'machine_made'))
"""
# What `content.states` computes. A text of the language that the city writes in first has no source and stays as it is.
_STATES = """
UPDATE text SET state = CASE
    WHEN text.in_translation_since IS NOT NULL THEN 'in_translation'
    WHEN EXISTS (
        SELECT 1 FROM text AS source
        JOIN version AS public ON public.tenant_id = source.tenant_id AND public.id = source.public_version_id
        LEFT JOIN version AS shown ON shown.tenant_id = source.tenant_id AND shown.text_id = source.id
            AND shown.id = (
                SELECT based_on_id FROM version AS current
                WHERE current.tenant_id = text.tenant_id AND current.id = text.current_version_id
            )
        WHERE source.tenant_id = text.tenant_id AND source.entry_id = text.entry_id
            AND source.language = (
                SELECT source FROM tenant_language
                WHERE tenant_language.tenant_id = text.tenant_id AND tenant_language.language = text.language
            )
            AND (shown.id IS NULL OR (shown.digest <> public.digest AND EXISTS (
                SELECT 1 FROM version AS major
                WHERE major.tenant_id = source.tenant_id AND major.text_id = source.id AND NOT major.minor
                    AND major.number > shown.number AND major.number <= public.number
            )))
    ) THEN 'outdated'
    WHEN 'machine' = (
        SELECT origin FROM version AS current
        WHERE current.tenant_id = text.tenant_id AND current.id = text.current_version_id
    ) THEN 'machine_made'
    ELSE 'up_to_date'
END
WHERE EXISTS (
    SELECT 1 FROM tenant_language
    WHERE tenant_language.tenant_id = text.tenant_id AND tenant_language.language = text.language
        AND tenant_language.source IS NOT NULL
)
"""
_READ = ("text", "version", "tenant_language")
_WALL = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name IN ('text_update_new', 'text_update_old')"


def upgrade() -> None:
    op.execute(_COLUMN)
    op.create_index("ix_text_state", "text", ["tenant_id", "language", "state"])
    note_states()


def note_states() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _note_on_sqlite()
    else:
        _note_on_postgresql()


def _note_on_sqlite() -> None:
    """Rows are changed by their own city only; for this one statement every city's are."""
    wall = op.get_bind().exec_driver_sql(_WALL).all()
    for name, _ in wall:
        op.execute(f"DROP TRIGGER {name}")
    op.execute(_STATES)
    for _, trigger in wall:
        op.execute(trigger)


def _note_on_postgresql() -> None:
    """The role that owns the tables is kept out of their rows like any other; for this one statement it is let in."""
    for table in _READ:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(_STATES)
    for table in _READ:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")

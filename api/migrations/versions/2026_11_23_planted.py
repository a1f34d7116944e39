"""What of the seed has been planted, when courses, nodes and occupations were changed, and expired events of the mirror
that were shown as cancelled."""

import sqlalchemy as sa
from alembic import op

import api.database

revision = "2026_11_23_planted"
down_revision = "2026_11_23_own_moves"
branch_labels = None
depends_on = None

CHANGED = ("course", "node", "occupation")


def upgrade() -> None:
    op.create_table(
        "seed_planted",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("planted_at", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_seed_planted")),
    )
    for table in CHANGED:
        op.add_column(table, sa.Column("updated_at", api.database.UtcDateTime(timezone=True), nullable=True))
    event = sa.table("susa_event", sa.column("gone", sa.String), sa.column("dirty", sa.Boolean))
    op.execute(event.update().where(event.c.gone == "expired").values(dirty=True))  # the next run looks at them again


def downgrade() -> None:
    for table in CHANGED:
        op.drop_column(table, "updated_at")
    op.drop_table("seed_planted")

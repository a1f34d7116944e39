"""The history of every row that staff keep."""

import sqlalchemy as sa
from alembic import op

import api.database

revision = "2026_11_22_row_change"
down_revision = "2026_11_22_course_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "row_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("batch", sa.String(length=36), nullable=False),
        sa.Column("diff", sa.JSON(), nullable=False),
        sa.CheckConstraint("action IN ('created', 'changed', 'removed')", name=op.f("ck_row_change_action")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_row_change")),
    )
    op.create_index(op.f("ix_row_change_at"), "row_change", ["at"])
    op.create_index(op.f("ix_row_change_batch"), "row_change", ["batch"])
    op.create_index("ix_row_change_row", "row_change", ["kind", "key"])


def downgrade() -> None:
    op.drop_table("row_change")

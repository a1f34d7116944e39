"""Changes of many occasions at once, and the orders in which staff sort the list."""

import sqlalchemy as sa
from alembic import op

import api.database

revision = "2026_11_22_keeping"
down_revision = "2026_11_22_susa"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("change", sa.JSON(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("back", sa.String(length=2000), nullable=False),
        sa.Column("batch", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_bulk_plan_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_plan")),
    )
    op.create_index(op.f("ix_bulk_plan_created_at"), "bulk_plan", ["created_at"])
    op.create_index(op.f("ix_occasion_apply_to"), "occasion", ["apply_to"])
    op.create_index(op.f("ix_occasion_updated_at"), "occasion", ["updated_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_occasion_updated_at"), "occasion")
    op.drop_index(op.f("ix_occasion_apply_to"), "occasion")
    op.drop_table("bulk_plan")

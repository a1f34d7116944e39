"""Conversations that are erased and that the bot has still to forget."""

import sqlalchemy as sa
from alembic import op

import api.database

revision = "2026_11_23_bot_forgetting"
down_revision = "2026_11_23_enquiries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bot_forgetting",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("since", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_bot_forgetting")),
    )
    op.create_index(op.f("ix_bot_forgetting_since"), "bot_forgetting", ["since"], unique=False)


def downgrade() -> None:
    op.drop_table("bot_forgetting")

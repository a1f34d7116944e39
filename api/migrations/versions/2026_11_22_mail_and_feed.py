"""Text messages, drafts, time limits and other addresses in the outbox; secret addresses of calendar feeds."""

import sqlalchemy as sa
from alembic import op

import api.database

revision = "2026_11_22_mail_and_feed"
down_revision = "2026_11_22_import_jobs"
branch_labels = None
depends_on = None

_OUTBOX = ("channel", "draft", "not_after", "notify", "redirected_to")


def upgrade() -> None:
    op.add_column("outbox", sa.Column("channel", sa.String(length=10), nullable=False, server_default="mail"))
    op.add_column("outbox", sa.Column("draft", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("outbox", sa.Column("not_after", api.database.UtcDateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("notify", sa.String(length=254), nullable=True))
    op.add_column("outbox", sa.Column("redirected_to", sa.String(length=254), nullable=True))
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("counsellor_id", sa.Integer(), nullable=True),
        sa.Column("node_id", sa.Integer(), nullable=True),
        sa.Column("created_at", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", api.database.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(counsellor_id IS NULL) <> (node_id IS NULL)", name=op.f("ck_calendar_feed_one_owner")),
        sa.ForeignKeyConstraint(
            ["counsellor_id"], ["counsellor.id"], name=op.f("fk_calendar_feed_counsellor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_calendar_feed_node_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    op.create_index(op.f("ix_calendar_feed_counsellor_id"), "calendar_feed", ["counsellor_id"])
    op.create_index(op.f("ix_calendar_feed_node_id"), "calendar_feed", ["node_id"])


def downgrade() -> None:
    op.drop_table("calendar_feed")
    for name in _OUTBOX:
        op.drop_column("outbox", name)

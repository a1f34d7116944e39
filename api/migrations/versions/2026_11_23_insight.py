"""What people asked, day by day; copies of messages to look at; examples for the training."""

import sqlalchemy as sa
from alembic import op

import api.database

revision = "2026_11_23_insight"
down_revision = "2026_11_23_chain_report"
branch_labels = None
depends_on = None

MOMENT = api.database.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "insight_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_insight_day")),
    )
    op.create_table(
        "insight_topic_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("municipality", sa.String(length=60), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("turns", "talks", "not_understood", "thumbs_up", "thumbs_down", "dead_ends")
        ),
        sa.PrimaryKeyConstraint("day", "topic", "municipality", name=op.f("pk_insight_topic_day")),
    )
    op.create_table(
        "insight_place_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("municipality", sa.String(length=60), nullable=False),
        sa.Column("talks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "municipality", name=op.f("pk_insight_place_day")),
    )
    op.create_table(
        "insight_phrase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("plain", sa.String(length=200), nullable=False),
        sa.Column("municipality", sa.String(length=60), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("answered", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("not_understood", "thumbs_down", "dead_end")),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.CheckConstraint("state IN ('open', 'handled', 'dismissed')", name=op.f("ck_insight_phrase_state")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_insight_phrase_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight_phrase")),
        sa.UniqueConstraint("conversation_id", "turn", name=op.f("uq_insight_phrase_conversation_id_turn")),
    )
    op.create_index(op.f("ix_insight_phrase_said_at"), "insight_phrase", ["said_at"])
    op.create_index("ix_insight_phrase_state_plain", "insight_phrase", ["state", "plain"])
    op.create_table(
        "training_example",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("plain", sa.String(length=300), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("new_topic", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("said_at", MOMENT, nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'approved')", name=op.f("ck_training_example_state")),
        sa.CheckConstraint("(topic = '') <> (new_topic = '')", name=op.f("ck_training_example_one_topic")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_training_example_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_training_example_author_id")),
        sa.ForeignKeyConstraint(["approver_id"], ["account.id"], name=op.f("fk_training_example_approver_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_example")),
    )
    for column in ("plain", "state", "conversation_id"):
        op.create_index(op.f(f"ix_training_example_{column}"), "training_example", [column])


def downgrade() -> None:
    for table in ("training_example", "insight_phrase", "insight_place_day", "insight_topic_day", "insight_day"):
        op.drop_table(table)

"""Events with sign-up and waiting list; the outbox keeps mails about other things than meetings in order too."""

import sqlalchemy as sa
from alembic import op

import api.database

revision = "2026_11_23_events"
down_revision = "2026_11_23_insight"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = api.database.UtcDateTime(timezone=True)
    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("host", sa.String(length=120), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=True),
        sa.Column("network_id", sa.Integer(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("place_name", sa.String(length=120), nullable=False),
        sa.Column("street", sa.String(length=160), nullable=False),
        sa.Column("online_url", sa.String(length=300), nullable=False),
        sa.Column("starts_at", moment, nullable=False),
        sa.Column("ends_at", moment, nullable=False),
        sa.Column("signup_until", moment, nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("step_free", sa.String(length=7), nullable=False),
        sa.Column("hearing_loop", sa.String(length=7), nullable=False),
        sa.Column("interpreter", sa.JSON(), nullable=False),
        sa.Column("women_only", sa.Boolean(), nullable=False),
        sa.Column("for_whom", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("cancel_reason", sa.String(length=500), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.CheckConstraint(
            "kind IN ('information', 'open_house', 'study_visit', 'network')", name=op.f("ck_event_kind")
        ),
        sa.CheckConstraint("status IN ('draft', 'published', 'cancelled')", name=op.f("ck_event_status")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_event_order")),
        sa.CheckConstraint("capacity >= 1", name=op.f("ck_event_capacity")),
        sa.CheckConstraint(
            "step_free IN ('yes', 'no', 'unknown') AND hearing_loop IN ('yes', 'no', 'unknown')",
            name=op.f("ck_event_facts"),
        ),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_event_node_id")),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name=op.f("fk_event_network_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_event_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index("ix_event_status_starts_at", "event", ["status", "starts_at"])
    for column in ("node_id", "network_id", "municipality_id"):
        op.create_index(op.f(f"ix_event_{column}"), "event", [column])
    op.create_table(
        "event_signup",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("needs", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=200), nullable=True),
        sa.Column("offered_until", moment, nullable=True),
        sa.Column("told_free_at", moment, nullable=True),
        sa.Column("ended_by", sa.String(length=10), nullable=True),
        sa.Column("told_facts", sa.String(length=64), nullable=False),
        sa.Column("ical_uid", sa.String(length=120), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.CheckConstraint(
            "status IN ('signed', 'waiting', 'offered', 'cancelled', 'attended', 'absent')",
            name=op.f("ck_event_signup_status"),
        ),
        sa.CheckConstraint(
            "status <> 'offered' OR offered_until IS NOT NULL", name=op.f("ck_event_signup_offered_until")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_signup_event_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_event_signup_conversation_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_signup")),
        sa.UniqueConstraint("event_id", "number", name="uq_event_signup_event_id_number"),
        sa.UniqueConstraint("reference", name=op.f("uq_event_signup_reference")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_event_signup_idempotency_key")),
        sa.UniqueConstraint("ical_uid", name=op.f("uq_event_signup_ical_uid")),
    )
    op.create_index("ix_event_signup_event_id_status_number", "event_signup", ["event_id", "status", "number"])
    op.create_index("ix_event_signup_status_offered_until", "event_signup", ["status", "offered_until"])
    for column in ("email", "phone", "conversation_id"):
        op.create_index(op.f(f"ix_event_signup_{column}"), "event_signup", [column])
    op.create_table(
        "event_signup_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("signup_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["signup_id"], ["event_signup.id"], name=op.f("fk_event_signup_link_signup_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_event_signup_link")),
    )
    op.create_index(op.f("ix_event_signup_link_signup_id"), "event_signup_link", ["signup_id"])

    op.add_column("outbox", sa.Column("thread", sa.Uuid(), nullable=True))
    op.add_column("outbox", sa.Column("reference", sa.String(length=12), nullable=True))
    op.execute("UPDATE outbox SET thread = meeting_id")
    op.create_index("ix_outbox_revision", "outbox", ["thread", "sequence", "kind", "recipient"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_outbox_revision", "outbox")
    op.drop_column("outbox", "reference")
    op.drop_column("outbox", "thread")
    op.drop_table("event_signup_link")
    op.drop_table("event_signup")
    op.drop_table("event")

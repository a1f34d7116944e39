"""Enquiries, what was written about them, and which function gets which."""

import sqlalchemy as sa
from alembic import op

import api.database

revision = "2026_11_23_enquiries"
down_revision = "2026_11_23_events"
branch_labels = None
depends_on = None

MOMENT = api.database.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "enquiry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("matter", sa.String(length=20), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=True),
        sa.Column("network_id", sa.Integer(), nullable=True),
        sa.Column("organisation", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("function", sa.String(length=120), nullable=False),
        sa.Column("function_email", sa.String(length=254), nullable=False),
        sa.Column("taken_by", sa.String(length=60), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("remind_at", MOMENT, nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("taken_back", sa.Boolean(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("client_key", sa.String(length=64), nullable=True),
        sa.CheckConstraint("status IN ('new', 'taken', 'answered', 'closed')", name=op.f("ck_enquiry_status")),
        sa.CheckConstraint("email <> '' OR phone <> ''", name=op.f("ck_enquiry_contact")),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_enquiry_municipality_id")),
        sa.ForeignKeyConstraint(
            ["network_id"], ["network.id"], name=op.f("fk_enquiry_network_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_enquiry_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry")),
        sa.UniqueConstraint("client_key", name=op.f("uq_enquiry_client_key")),
        sa.UniqueConstraint("reference", name=op.f("uq_enquiry_reference")),
    )
    for name in ("municipality_id", "network_id", "created_at", "remind_at", "closed_at", "conversation_id"):
        op.create_index(op.f(f"ix_enquiry_{name}"), "enquiry", [name])
    op.create_index("ix_enquiry_status_due_at", "enquiry", ["status", "due_at"])
    op.create_table(
        "enquiry_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enquiry_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('answer', 'note')", name=op.f("ck_enquiry_note_kind")),
        sa.ForeignKeyConstraint(
            ["enquiry_id"], ["enquiry.id"], name=op.f("fk_enquiry_note_enquiry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry_note")),
    )
    op.create_index(op.f("ix_enquiry_note_enquiry_id"), "enquiry_note", ["enquiry_id"])
    op.create_table(
        "enquiry_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("enquiry_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["enquiry_id"], ["enquiry.id"], name=op.f("fk_enquiry_link_enquiry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_enquiry_link")),
    )
    op.create_index(op.f("ix_enquiry_link_enquiry_id"), "enquiry_link", ["enquiry_id"])
    op.create_table(
        "enquiry_route",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matter", sa.String(length=20), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=True),
        sa.Column("function", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_enquiry_route_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry_route")),
    )
    op.create_index(op.f("ix_enquiry_route_municipality_id"), "enquiry_route", ["municipality_id"])
    op.create_index(
        "uq_enquiry_route_what", "enquiry_route", ["matter", sa.text("coalesce(municipality_id, 0)")], unique=True
    )


def downgrade() -> None:
    op.drop_table("enquiry_route")
    op.drop_table("enquiry_link")
    op.drop_table("enquiry_note")
    op.drop_table("enquiry")

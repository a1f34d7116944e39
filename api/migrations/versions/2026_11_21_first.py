"""The first tables, with the guard that refuses double bookings."""

import sqlalchemy as sa
from alembic import op

import api.database
from api.booking import constraints

revision = "2026_11_21_first"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer",
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("easy", sa.Text(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("source_title", sa.String(length=200), nullable=True),
        sa.Column("source_url", sa.String(length=500), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("updated_at", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("topic", name=op.f("pk_answer")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)
    op.create_index(op.f("ix_audit_subject"), "audit", ["subject"], unique=False)
    op.create_table(
        "conversation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("created_at", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("active_at", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
    )
    op.create_index(op.f("ix_conversation_active_at"), "conversation", ["active_at"], unique=False)
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_at", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("undone_at", api.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("undo", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_table(
        "municipality",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("concept_id", sa.String(length=20), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("misspellings", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipality")),
        sa.UniqueConstraint("code", name=op.f("uq_municipality_code")),
        sa.UniqueConstraint("name", name=op.f("uq_municipality_name")),
    )
    op.create_table(
        "occupation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("ssyk", sa.String(length=4), nullable=True),
        sa.Column("ssyk_title", sa.String(length=120), nullable=True),
        sa.Column("concept_ids", sa.JSON(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("workday", sa.Text(), nullable=False),
        sa.Column("easy", sa.Text(), nullable=False),
        sa.Column("traits", sa.JSON(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("phrases", sa.JSON(), nullable=False),
        sa.Column("misspellings", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occupation")),
        sa.UniqueConstraint("slug", name=op.f("uq_occupation_slug")),
    )
    op.create_table(
        "contact_token",
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("created_at", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_contact_token_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_contact_token")),
        sa.UniqueConstraint("conversation_id", "value", name="uq_contact_token_value"),
    )
    op.create_index(op.f("ix_contact_token_conversation_id"), "contact_token", ["conversation_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sender", sa.String(length=4), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("source", sa.JSON(), nullable=True),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("feedback", sa.String(length=4), nullable=True),
        sa.Column("feedback_comment", sa.Text(), nullable=True),
        sa.Column("client_id", sa.String(length=64), nullable=True),
        sa.Column("created_at", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_message_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("conversation_id", "client_id", name="uq_message_client_id"),
    )
    op.create_index("ix_message_turn", "message", ["conversation_id", "turn", "position"], unique=False)
    op.create_table(
        "node",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("town", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("street", sa.String(length=120), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=False),
        sa.Column("opening_hours", sa.String(length=200), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("equipment", sa.Text(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_node_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_node")),
        sa.UniqueConstraint("slug", name=op.f("uq_node_slug")),
    )
    op.create_table(
        "counsellor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("meeting_types", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("meeting_minutes", sa.Integer(), nullable=False),
        sa.Column("buffer_minutes", sa.Integer(), nullable=False),
        sa.Column("slot_step_minutes", sa.Integer(), nullable=False),
        sa.Column("notice_hours", sa.Integer(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_counsellor_node_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counsellor")),
        sa.UniqueConstraint("slug", name=op.f("uq_counsellor_slug")),
    )
    op.create_index(op.f("ix_counsellor_node_id"), "counsellor", ["node_id"], unique=False)
    op.create_table(
        "course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("occupation_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=True),
        sa.Column("apprenticeship", sa.Boolean(), nullable=False),
        sa.Column("sfi_combined", sa.Boolean(), nullable=False),
        sa.Column("language_level", sa.String(length=200), nullable=False),
        sa.Column("eligibility", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_course_node_id")),
        sa.ForeignKeyConstraint(["occupation_id"], ["occupation.id"], name=op.f("fk_course_occupation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("node_id", "occupation_id", "title", name="uq_course_identity"),
    )
    op.create_index(op.f("ix_course_node_id"), "course", ["node_id"], unique=False)
    op.create_index(op.f("ix_course_occupation_id"), "course", ["occupation_id"], unique=False)
    op.create_table(
        "availability",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counsellor_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("start_time", sa.Time(), nullable=False),
        sa.Column("end_time", sa.Time(), nullable=False),
        sa.CheckConstraint("end_time > start_time", name=op.f("ck_availability_order")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_availability_weekday")),
        sa.ForeignKeyConstraint(
            ["counsellor_id"], ["counsellor.id"], name=op.f("fk_availability_counsellor_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability")),
    )
    op.create_index(op.f("ix_availability_counsellor_id"), "availability", ["counsellor_id"], unique=False)
    op.create_table(
        "meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("counsellor_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("meeting_type", sa.String(length=20), nullable=False),
        sa.Column("starts_at", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("block_from", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("block_to", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("held_until", api.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("staff_override", sa.Boolean(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=True),
        sa.Column("request_digest", sa.String(length=64), nullable=True),
        sa.Column("person_name", sa.String(length=80), nullable=True),
        sa.Column("contact_kind", sa.String(length=10), nullable=True),
        sa.Column("contact_value", sa.String(length=254), nullable=True),
        sa.Column("ical_uid", sa.String(length=120), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", api.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", api.database.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status <> 'held' OR held_until IS NOT NULL", name=op.f("ck_meeting_held_until")),
        sa.CheckConstraint("status IN ('held', 'confirmed', 'cancelled', 'expired')", name=op.f("ck_meeting_status")),
        sa.CheckConstraint("block_to > block_from", name=op.f("ck_meeting_block_order")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_meeting_conversation_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["counsellor_id"], ["counsellor.id"], name=op.f("fk_meeting_counsellor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("ical_uid", name=op.f("uq_meeting_ical_uid")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_meeting_idempotency_key")),
        sa.UniqueConstraint("reference", name=op.f("uq_meeting_reference")),
    )
    op.create_index(op.f("ix_meeting_contact_value"), "meeting", ["contact_value"], unique=False)
    op.create_index(op.f("ix_meeting_conversation_id"), "meeting", ["conversation_id"], unique=False)
    op.create_index("ix_meeting_counsellor_id_block_from", "meeting", ["counsellor_id", "block_from"], unique=False)
    op.create_table(
        "occasion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(length=80), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("apply_from", sa.Date(), nullable=True),
        sa.Column("apply_to", sa.Date(), nullable=True),
        sa.Column("continuous", sa.Boolean(), nullable=False),
        sa.Column("pace", sa.Integer(), nullable=False),
        sa.Column("distance", sa.Boolean(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("apply_url", sa.String(length=500), nullable=False),
        sa.Column("contact_email", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("updated_at", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('draft', 'published', 'cancelled', 'full')", name=op.f("ck_occasion_status")),
        sa.CheckConstraint("pace > 0 AND pace <= 100", name=op.f("ck_occasion_pace")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_occasion_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occasion")),
        sa.UniqueConstraint("external_id", name=op.f("uq_occasion_external_id")),
    )
    op.create_index(op.f("ix_occasion_course_id"), "occasion", ["course_id"], unique=False)
    op.create_index(op.f("ix_occasion_start_date"), "occasion", ["start_date"], unique=False)
    op.create_index(op.f("ix_occasion_status"), "occasion", ["status"], unique=False)
    op.create_table(
        "meeting_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_link_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_meeting_link")),
    )
    op.create_index(op.f("ix_meeting_link_meeting_id"), "meeting_link", ["meeting_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("message_id", sa.String(length=250), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("not_before", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", api.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("sent_at", api.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("dead_at", api.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("superseded_at", api.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_outbox_meeting_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint(
            "meeting_id", "sequence", "kind", "recipient", name=op.f("uq_outbox_meeting_id_sequence_kind_recipient")
        ),
    )
    op.create_index("ix_outbox_sent_at_next_try", "outbox", ["sent_at", "next_try"], unique=False)
    constraints.install(op.get_bind())


def downgrade() -> None:
    op.drop_index("ix_outbox_sent_at_next_try", table_name="outbox")
    op.drop_table("outbox")
    op.drop_index(op.f("ix_meeting_link_meeting_id"), table_name="meeting_link")
    op.drop_table("meeting_link")
    op.drop_index(op.f("ix_occasion_status"), table_name="occasion")
    op.drop_index(op.f("ix_occasion_start_date"), table_name="occasion")
    op.drop_index(op.f("ix_occasion_course_id"), table_name="occasion")
    op.drop_table("occasion")
    op.drop_index("ix_meeting_counsellor_id_block_from", table_name="meeting")
    op.drop_index(op.f("ix_meeting_conversation_id"), table_name="meeting")
    op.drop_index(op.f("ix_meeting_contact_value"), table_name="meeting")
    op.drop_table("meeting")
    op.drop_index(op.f("ix_availability_counsellor_id"), table_name="availability")
    op.drop_table("availability")
    op.drop_index(op.f("ix_course_occupation_id"), table_name="course")
    op.drop_index(op.f("ix_course_node_id"), table_name="course")
    op.drop_table("course")
    op.drop_index(op.f("ix_counsellor_node_id"), table_name="counsellor")
    op.drop_table("counsellor")
    op.drop_table("node")
    op.drop_index("ix_message_turn", table_name="message")
    op.drop_table("message")
    op.drop_index(op.f("ix_contact_token_conversation_id"), table_name="contact_token")
    op.drop_table("contact_token")
    op.drop_table("occupation")
    op.drop_table("municipality")
    op.drop_table("import_batch")
    op.drop_index(op.f("ix_conversation_active_at"), table_name="conversation")
    op.drop_table("conversation")
    op.drop_index(op.f("ix_audit_subject"), table_name="audit")
    op.drop_index(op.f("ix_audit_at"), table_name="audit")
    op.drop_table("audit")
    op.drop_table("answer")

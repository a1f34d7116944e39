"""The mirror of Susa-navet, and where an occasion comes from."""

import sqlalchemy as sa
from alembic import op

import api.database

revision = "2026_11_22_susa"
down_revision = "2026_11_22_mail_and_feed"
branch_labels = None
depends_on = None

MOMENT = api.database.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "susa_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("owner", sa.String(length=36), nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("since", MOMENT, nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('', 'full', 'changes', 'files')", name=op.f("ck_susa_run_kind")),
        sa.CheckConstraint("state IN ('asked', 'running', 'done', 'failed')", name=op.f("ck_susa_run_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_susa_run")),
    )
    op.create_index(op.f("ix_susa_run_state"), "susa_run", ["state"])
    op.create_table(
        "susa_info",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("occupation_id", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["occupation_id"], ["occupation.id"], name=op.f("fk_susa_info_occupation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_susa_info")),
        sa.UniqueConstraint("source_id", name=op.f("uq_susa_info_source_id")),
    )
    op.create_table(
        "susa_provider",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "decision IN ('waiting', 'publish', 'approve', 'omit')", name=op.f("ck_susa_provider_decision")
        ),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_susa_provider_node_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_susa_provider")),
        sa.UniqueConstraint("source_id", name=op.f("uq_susa_provider_source_id")),
    )
    op.create_index(op.f("ix_susa_provider_decision"), "susa_provider", ["decision"])
    op.create_table(
        "susa_course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("info_id", sa.Integer(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("occupation_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("mirrored", sa.JSON(), nullable=False),
        sa.Column("conflicts", sa.JSON(), nullable=False),
        sa.Column("differs", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_susa_course_course_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["info_id"], ["susa_info.id"], name=op.f("fk_susa_course_info_id")),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_susa_course_node_id")),
        sa.ForeignKeyConstraint(["occupation_id"], ["occupation.id"], name=op.f("fk_susa_course_occupation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_susa_course")),
        sa.UniqueConstraint("course_id", name=op.f("uq_susa_course_course_id")),
        sa.UniqueConstraint("info_id", "node_id", "occupation_id", name="uq_susa_course_made_of"),
    )
    op.create_index(op.f("ix_susa_course_differs"), "susa_course", ["differs"])
    op.create_table(
        "susa_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("provider_id", sa.Integer(), nullable=False),
        sa.Column("info_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("gone", sa.String(length=10), nullable=False),
        sa.Column("problem", sa.String(length=60), nullable=False),
        sa.Column("dirty", sa.Boolean(), nullable=False),
        sa.Column("seen_run", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=True),
        sa.Column("mirrored", sa.JSON(), nullable=False),
        sa.Column("conflicts", sa.JSON(), nullable=False),
        sa.Column("differs", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint("gone IN ('', 'removed', 'expired', 'unwanted')", name=op.f("ck_susa_event_gone")),
        sa.CheckConstraint("state IN ('waiting', 'approved', 'omitted')", name=op.f("ck_susa_event_state")),
        sa.ForeignKeyConstraint(["info_id"], ["susa_info.id"], name=op.f("fk_susa_event_info_id")),
        sa.ForeignKeyConstraint(
            ["occasion_id"], ["occasion.id"], name=op.f("fk_susa_event_occasion_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["provider_id"], ["susa_provider.id"], name=op.f("fk_susa_event_provider_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_susa_event")),
        sa.UniqueConstraint("source_id", name=op.f("uq_susa_event_source_id")),
    )
    op.create_index(op.f("ix_susa_event_differs"), "susa_event", ["differs"])
    op.create_index("ix_susa_event_dirty", "susa_event", ["dirty", "id"])
    op.create_index(op.f("ix_susa_event_info_id"), "susa_event", ["info_id"])
    op.create_index(op.f("ix_susa_event_occasion_id"), "susa_event", ["occasion_id"])
    op.create_index(op.f("ix_susa_event_provider_id"), "susa_event", ["provider_id"])
    op.create_index(op.f("ix_susa_event_state"), "susa_event", ["state"])
    op.add_column("occasion", sa.Column("source", sa.String(length=20), server_default="", nullable=False))
    op.add_column("occasion", sa.Column("source_url", sa.String(length=500), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("occasion", "source_url")
    op.drop_column("occasion", "source")
    for table in ("susa_event", "susa_course", "susa_provider", "susa_info", "susa_run"):
        op.drop_table(table)

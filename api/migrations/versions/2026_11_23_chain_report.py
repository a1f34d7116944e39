"""The chain as counts, background, what the yearly report keeps, and the accessibility statement."""

import sqlalchemy as sa
from alembic import op

import api.database

revision = "2026_11_23_chain_report"
down_revision = "2026_11_23_hosts_networks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chain_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("node", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "step IN ('chat', 'event', 'visit', 'meeting', 'application_click')", name=op.f("ck_chain_count_step")
        ),
        sa.CheckConstraint("count >= 0", name=op.f("ck_chain_count_count")),
        sa.PrimaryKeyConstraint("day", "step", "node", name=op.f("pk_chain_count")),
    )
    op.create_table(
        "report_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("measure", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("measure IN ('language', 'enquiry')", name=op.f("ck_report_count_measure")),
        sa.CheckConstraint("count >= 0", name=op.f("ck_report_count_count")),
        sa.PrimaryKeyConstraint("day", "measure", "value", name=op.f("pk_report_count")),
    )
    op.create_table(
        "free_wait",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("node", sa.String(length=40), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("day", "node", name=op.f("pk_free_wait")),
    )
    op.create_table(
        "background_count",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("question", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_background_count_count")),
        sa.PrimaryKeyConstraint("month", "step", "question", "answer", name=op.f("pk_background_count")),
    )
    op.create_table(
        "accessibility_statement",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("compliance", sa.String(length=10), nullable=False),
        sa.Column("instead", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("updated_at", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_accessibility_statement_only_one")),
        sa.CheckConstraint(
            "compliance IN ('fully', 'partly', 'not')", name=op.f("ck_accessibility_statement_compliance")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accessibility_statement")),
    )
    op.create_table(
        "accessibility_gap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("instead", sa.Text(), nullable=False),
        sa.Column("fixed_by", sa.String(length=120), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("updated_at", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason IN ('gap', 'burden', 'outside')", name=op.f("ck_accessibility_gap_reason")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accessibility_gap")),
    )


def downgrade() -> None:
    for table in (
        "accessibility_gap",
        "accessibility_statement",
        "background_count",
        "free_wait",
        "report_count",
        "chain_count",
    ):
        op.drop_table(table)

"""Companies that receive, networks, and courses for people in work as their own kind."""

import sqlalchemy as sa
from alembic import op

import api.database

revision = "2026_11_23_hosts_networks"
down_revision = "2026_11_22_keeping"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receiving_company",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("does", sa.Text(), nullable=False),
        sa.Column("prao", sa.Boolean(), nullable=False),
        sa.Column("apl", sa.Boolean(), nullable=False),
        sa.Column("study_visit", sa.Boolean(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("periods", sa.String(length=200), nullable=False),
        sa.Column("pupils_do", sa.Text(), nullable=False),
        sa.Column("step_free", sa.String(length=8), nullable=False),
        sa.Column("access_note", sa.String(length=300), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("updated_at", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('draft', 'published', 'resting')", name=op.f("ck_receiving_company_status")),
        sa.CheckConstraint(
            "step_free IN ('unknown', 'yes', 'partly', 'no')", name=op.f("ck_receiving_company_step_free")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_receiving_company_municipality_id_municipality")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receiving_company")),
        sa.UniqueConstraint("name", name=op.f("uq_receiving_company_name")),
    )
    op.create_index(op.f("ix_receiving_company_municipality_id"), "receiving_company", ["municipality_id"])
    op.create_index(op.f("ix_receiving_company_status"), "receiving_company", ["status"])
    op.create_table(
        "network",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("for_whom", sa.Text(), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("behind", sa.Text(), nullable=False),
        sa.Column("how_often", sa.String(length=200), nullable=False),
        sa.Column("next_meeting", sa.String(length=200), nullable=False),
        sa.Column("source_title", sa.String(length=200), nullable=False),
        sa.Column("source_url", sa.String(length=500), nullable=False),
        sa.Column("source_year", sa.Integer(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("updated_at", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status IN ('draft', 'published', 'ended')", name=op.f("ck_network_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network")),
        sa.UniqueConstraint("name", name=op.f("uq_network_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_network_slug")),
    )
    op.create_index(op.f("ix_network_status"), "network", ["status"])
    op.add_column("course", sa.Column("kind", sa.String(length=12), nullable=False, server_default="vocational"))
    op.add_column("course", sa.Column("company", sa.String(length=120), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("course", "company")
    op.drop_column("course", "kind")
    op.drop_table("network")
    op.drop_table("receiving_company")

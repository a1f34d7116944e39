"""The regions that the service covers, and Arbetsförmedlingen's forecasts for them."""

import sqlalchemy as sa
from alembic import op

import api.database

revision = "2026_11_22_outlook"
down_revision = "2026_11_21_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "region",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("concept_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("code", name=op.f("uq_region_code")),
    )
    op.create_table(
        "outlook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concept_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=False),
        sa.Column("ssyk", sa.JSON(), nullable=False),
        sa.Column("ssyk_title", sa.Text(), nullable=True),
        sa.Column("coverage", sa.String(length=60), nullable=True),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("possibilities", sa.String(length=60), nullable=True),
        sa.Column("situation", sa.String(length=60), nullable=True),
        sa.Column("forecast", sa.String(length=60), nullable=True),
        sa.Column("possibilities_text", sa.Text(), nullable=True),
        sa.Column("situation_text", sa.Text(), nullable=True),
        sa.Column("taxonomy_version", sa.String(length=20), nullable=True),
        sa.Column("imported_at", api.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outlook")),
        sa.UniqueConstraint("concept_id", "region", name="uq_outlook_row"),
    )
    op.create_index(op.f("ix_outlook_region"), "outlook", ["region"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_outlook_region"), table_name="outlook")
    op.drop_table("outlook")
    op.drop_table("region")

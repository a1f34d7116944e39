"""Accounts of staff, their sessions and failed log-ins."""

import sqlalchemy as sa
from alembic import op

import api.database

revision = "2026_11_22_staff_accounts"
down_revision = "2026_11_22_word_index"
branch_labels = None
depends_on = None

MOMENT = api.database.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("link_hash", sa.String(length=64), nullable=True),
        sa.Column("link_expires_at", MOMENT, nullable=True),
        sa.Column("oidc_issuer", sa.String(length=200), nullable=True),
        sa.Column("oidc_subject", sa.String(length=255), nullable=True),
        sa.Column("oidc_role", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_login_at", MOMENT, nullable=True),
        sa.CheckConstraint("role IN ('admin', 'staff', 'counsellor')", name=op.f("ck_account_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_account_link_hash")),
        sa.UniqueConstraint("oidc_issuer", "oidc_subject", name="uq_account_oidc"),
    )
    op.create_table(
        "staff_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_staff_session_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_session_token_hash")),
    )
    op.create_index(op.f("ix_staff_session_account_id"), "staff_session", ["account_id"], unique=False)
    op.create_index(op.f("ix_staff_session_expires_at"), "staff_session", ["expires_at"], unique=False)
    op.create_table(
        "login_failure",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("blocked_until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_failure")),
    )
    op.create_index(op.f("ix_login_failure_last_at"), "login_failure", ["last_at"], unique=False)


def downgrade() -> None:
    op.drop_table("login_failure")
    op.drop_table("staff_session")
    op.drop_table("account")

"""Exceptions from the weekly hours, nodes' own days, and what a meeting says beyond its time."""

import sqlalchemy as sa
from alembic import op

from api.booking import constraints

revision = "2026_11_22_availability"
down_revision = "2026_11_22_row_change"
branch_labels = None
depends_on = None

_LENGTHS = (
    "meeting_minutes BETWEEN 5 AND 480 AND slot_step_minutes BETWEEN 5 AND 480"
    " AND buffer_minutes BETWEEN 0 AND 480 AND interpreter_minutes BETWEEN 0 AND 480"
    " AND notice_hours BETWEEN 0 AND 1000 AND horizon_days BETWEEN 0 AND 730"
)
_COUNSELLOR = ("account_id", "daily_maximum", "interpreter_minutes", "video_url", "asks_for_answer")
_MEETING = (
    "interpreter_language",
    "wants_easy",
    "asked_about",
    "counsellor_note",
    "no_show",
    "hold_extended",
    "counsellor_chosen",
    "origin",
)


def upgrade() -> None:
    op.create_table(
        "availability_exception",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counsellor_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("start_time", sa.Time(), nullable=True),
        sa.Column("end_time", sa.Time(), nullable=True),
        sa.Column("opens", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(start_time IS NULL) = (end_time IS NULL)", name=op.f("ck_availability_exception_both_times")
        ),
        sa.CheckConstraint("end_time > start_time", name=op.f("ck_availability_exception_order")),
        sa.CheckConstraint("NOT opens OR start_time IS NOT NULL", name=op.f("ck_availability_exception_opens_hours")),
        sa.ForeignKeyConstraint(
            ["counsellor_id"],
            ["counsellor.id"],
            name=op.f("fk_availability_exception_counsellor_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability_exception")),
    )
    op.create_index("ix_availability_exception_counsellor_id_day", "availability_exception", ["counsellor_id", "day"])
    op.create_table(
        "node_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("node_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opens", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["node_id"], ["node.id"], name=op.f("fk_node_day_node_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_node_day")),
        sa.UniqueConstraint("node_id", "day", name="uq_node_day_node_id_day"),
    )
    op.add_column("conversation", sa.Column("origin", sa.String(length=64), nullable=True))
    _add_to_counsellor()
    _add_to_meeting()
    constraints.install(op.get_bind())


def _add_to_counsellor() -> None:
    account = sa.ForeignKey("account.id", name=op.f("fk_counsellor_account_id"), ondelete="SET NULL")
    op.add_column("counsellor", sa.Column("account_id", sa.Integer(), account, nullable=True), inline_references=True)
    op.create_index(op.f("ix_counsellor_account_id"), "counsellor", ["account_id"], unique=True)
    _checked("counsellor", "daily_maximum INTEGER", "ck_counsellor_daily_maximum", "daily_maximum >= 1")
    # SQLite cannot add a check to what is there already, but the check of a new column may speak of all of them.
    _checked("counsellor", "interpreter_minutes INTEGER DEFAULT 30 NOT NULL", "ck_counsellor_lengths", _LENGTHS)
    op.add_column("counsellor", sa.Column("video_url", sa.String(length=300), nullable=False, server_default=""))
    op.add_column("counsellor", sa.Column("asks_for_answer", sa.Boolean(), nullable=False, server_default=sa.false()))


def _add_to_meeting() -> None:
    op.add_column("meeting", sa.Column("interpreter_language", sa.String(length=40), nullable=True))
    op.add_column("meeting", sa.Column("wants_easy", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("meeting", sa.Column("asked_about", sa.Text(), nullable=True))
    op.add_column("meeting", sa.Column("counsellor_note", sa.Text(), nullable=True))
    _checked(
        "meeting",
        "no_show BOOLEAN DEFAULT false NOT NULL",
        "ck_meeting_no_show",
        "NOT no_show OR status = 'confirmed'",
    )
    for name in ("hold_extended", "counsellor_chosen"):
        op.add_column("meeting", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("meeting", sa.Column("origin", sa.String(length=64), nullable=True))
    op.create_index("ix_meeting_status_held_until", "meeting", ["status", "held_until"])


def _checked(table: str, column: str, name: str, check: str) -> None:
    """A column with its check in one statement: the one way that SQLite has without making the table anew."""
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} CONSTRAINT {name} CHECK ({check})")


def downgrade() -> None:
    op.drop_index("ix_meeting_status_held_until", "meeting")
    for name in _MEETING:
        op.drop_column("meeting", name)
    op.drop_index(op.f("ix_counsellor_account_id"), "counsellor")
    for name in _COUNSELLOR:
        op.drop_column("counsellor", name)
    op.drop_column("conversation", "origin")
    op.drop_table("node_day")
    op.drop_table("availability_exception")

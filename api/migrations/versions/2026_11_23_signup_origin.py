"""What is kept for a day of the network address that a sign-up for an event came from."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_signup_origin"
down_revision = "2026_11_23_planted"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event_signup", sa.Column("origin", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("event_signup", "origin")

"""The language of a meeting whose counsellor speaks it, so that no interpreter is needed."""

import sqlalchemy as sa
from alembic import op

from api.booking import constraints

revision = "2026_11_23_spoken_language"
down_revision = "2026_11_23_bot_forgetting"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meeting", sa.Column("spoken_language", sa.String(length=40), nullable=True))
    constraints.install(op.get_bind())


def downgrade() -> None:
    op.drop_column("meeting", "spoken_language")
    constraints.install(op.get_bind())

"""How often the person has moved a meeting: staff's moves no longer use up theirs. Counted from now on."""

import sqlalchemy as sa
from alembic import op

from api.booking import constraints

revision = "2026_11_23_own_moves"
down_revision = "2026_11_23_spoken_language"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meeting", sa.Column("own_moves", sa.Integer(), nullable=False, server_default="0"))
    constraints.install(op.get_bind())


def downgrade() -> None:
    op.drop_column("meeting", "own_moves")
    constraints.install(op.get_bind())

"""An occupation's record: society, demands, environment, hours, paths onward, and what the job guide weighs it by."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_occupation_record"
down_revision = "2026_11_22_outlook"
branch_labels = None
depends_on = None

_TEXTS = ("society", "demands", "environment", "hours", "paths")
_JSON = {"related": "[]", "easy_parts": "{}", "guide": "{}"}


def upgrade() -> None:
    op.add_column("occupation", sa.Column("area", sa.String(length=60), nullable=False, server_default=""))
    op.add_column("occupation", sa.Column("group_concept_id", sa.String(length=20), nullable=True))
    for name in _TEXTS:
        op.add_column("occupation", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name, empty in _JSON.items():
        op.add_column("occupation", sa.Column(name, sa.JSON(), nullable=False, server_default=empty))


def downgrade() -> None:
    for name in ("area", "group_concept_id", *_TEXTS, *_JSON):
        op.drop_column("occupation", name)

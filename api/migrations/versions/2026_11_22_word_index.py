"""An index of the words of answers, occupations and courses, which the database keeps true by itself."""

from alembic import op

from api.guidance import lookup_index

revision = "2026_11_22_word_index"
down_revision = "2026_11_22_occupation_record"
branch_labels = None
depends_on = None


def upgrade() -> None:
    lookup_index.install(op.get_bind())


def downgrade() -> None:
    lookup_index.remove(op.get_bind())

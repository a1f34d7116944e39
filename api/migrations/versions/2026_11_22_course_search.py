"""A stamp that says when the catalogue has changed: what the search keeps in memory is read anew then."""

from alembic import op

from api.catalogue import search_stamp

revision = "2026_11_22_course_search"
down_revision = "2026_11_22_staff_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    search_stamp.install(op.get_bind())


def downgrade() -> None:
    search_stamp.remove(op.get_bind())

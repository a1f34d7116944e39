"""Run by Alembic: applies migrations on the connection that `runner.py` hands over."""

from alembic import context

import api.tables
from api.database import Base

# Batch mode recreates tables on SQLite and drops their triggers: a migration that touches `meeting` must install the
# guards of api.booking.constraints again. The check at start refuses to serve when they are gone.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=False,
    compare_type=True,
    transaction_per_migration=True,  # no lock is held longer than its own migration takes; see runner.py
)
with context.begin_transaction():
    context.run_migrations()

__all__ = ["api"]

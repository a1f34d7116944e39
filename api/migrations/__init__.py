"""Alembic migrations, the same for SQLite and PostgreSQL. `runner.py` applies them."""

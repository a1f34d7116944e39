"""Somebody of the staff at the pages."""

from tests.api.staff.desk import colleague, house, staff

__all__ = ["colleague", "house", "staff"]

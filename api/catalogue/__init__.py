"""Courses, occasions, nodes, municipalities: search, import, pages."""

"""Catalogue files: read, dry run, apply, undo, report."""

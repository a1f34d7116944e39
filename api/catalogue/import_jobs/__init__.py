"""Catalogue files that staff upload: kept as jobs, checked and applied by the worker, shown on staff's pages."""

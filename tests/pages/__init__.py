"""Whole pages, read as a reader would."""

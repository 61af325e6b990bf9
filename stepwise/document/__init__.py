"""Trace → text: story × format × language."""

from stepwise.document.rendering import format_names, render

__all__ = ["format_names", "render"]

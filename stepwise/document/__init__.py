"""Trace → text: story × format × language."""

from stepwise.document.render import formats, render

__all__ = ["formats", "render"]

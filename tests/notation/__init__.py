"""Numbers as they are rounded and printed."""

"""Words, remarks and pages."""

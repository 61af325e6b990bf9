"""The trees, what they are worth, and the parser for typed formulas."""

"""Numbers, symbols, matrices and expressions as LaTeX mathematics."""

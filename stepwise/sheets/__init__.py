"""Fresh numbers for a problem, each time worth doing: drawn from a seed, held to conditions, known by a code."""

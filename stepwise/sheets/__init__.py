"""Fresh numbers for a problem, each time worth doing: drawn from a seed, kept if all conditions hold, named by a code."""

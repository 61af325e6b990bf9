"""What holds for every problem: hypothesis writes problem files over the whole specification."""

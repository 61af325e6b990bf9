"""Are the numbers right? Compared with gradients, sums and roundings that share no code with stepwise."""

"""Derivations on paper, and their proofs."""

"""Fuzzing: every reader is fed what a stranger may send, and only stepwise's own errors may come out, soon and small.

    python -m tests.fuzzing --minutes 30 --jobs 1

makes inputs from shipped files (bytes flipped, files spliced, words exchanged, fields doubled, nested) and from
hostile pieces, gives each to its reader in a process of its own, and writes every input that fails into a folder. What
it found once stands in `found/` and is read again with every test run.
"""

"""`python -m stepwise` is the command line."""

from stepwise.cli import run

run()

"""Mutation check: small errors are put into the code one at a time, and the tests must notice each.

Own code rather than a library: mutmut changes the bodies of functions only, but operations are records and lambdas of
modules; cosmic-ray starts a new process for every change. Here a process that has numpy, sympy and pytest is forked.
"""

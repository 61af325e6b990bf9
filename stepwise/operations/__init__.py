"""The operations: what a person does in one line, a family a file."""

"""`python -m tests.golden` renews the golden pages."""

import sys

from tests.golden import renew

sys.stdout.write("".join(f"{path}\n" for path in renew()) or "nothing has changed\n")

"""`python -m cecert` is the command line."""

import sys

from cecert.cli import main

if __name__ == "__main__":
    sys.exit(main())

"""`python -m cecert` is the command line."""

import sys

from cecert.import_path import leave_working_folder

if __name__ == "__main__":
    leave_working_folder()
    from cecert.cli import main

    sys.exit(main())

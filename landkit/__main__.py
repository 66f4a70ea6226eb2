"""``python -m landkit``: for machines where the folder of scripts is not on the path, as often at Windows."""

import sys

from landkit.cli import main

if __name__ == "__main__":
    sys.exit(main())

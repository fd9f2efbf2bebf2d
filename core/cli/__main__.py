"""`python -m core.cli` is the command `tasktable`."""

import sys

from core.cli import main

sys.exit(main())

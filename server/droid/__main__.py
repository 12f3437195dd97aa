"""`python -m droid`: the same program as `droid-lsp`."""

import sys

from droid.cli.main import main

sys.exit(main())

"""Written from `programs/files.toml` by `make generate`; change that."""

from collections.abc import Mapping
from typing import Any

PROGRAMS: Mapping[str, Any] = {'rm': {'risk': 'medium: removes files',
        'flags': {'-r, -R, --recursive': 'high: removes folders with all that is in them',
                  '-f, --force': 'high: removes files without asking',
                  '-d, --dir': 'flag',
                  '-i, -I, --interactive': 'optional',
                  '-v, --verbose': 'flag'},
        'operands': 'delete...'},
 'echo': {'risk': 'low: prints', 'help': []}}

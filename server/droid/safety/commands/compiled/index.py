"""Written from `programs/*.toml` by `make generate`; change that."""

from collections.abc import Mapping
from typing import Any

NAMES: Mapping[str, Any] = {'echo': ('files', 'echo'), 'rm': ('files', 'rm')}

GLOBS: tuple[Any, ...] = ()

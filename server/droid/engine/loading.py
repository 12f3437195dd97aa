"""Loads what judges and runs tool calls, off the event loop, once a model has begun to write a call.

It knows shell and git, and takes as long to load as all the rest; the call's arguments are still coming then.
"""

import asyncio
import importlib
from types import ModuleType

_TOOL_CALLS = "droid.engine.tool_calls"


def load_tool_calls() -> asyncio.Future[ModuleType]:
    """Load it. Who does not need it yet need not wait: whoever loads it again waits for the same import."""
    return asyncio.get_running_loop().run_in_executor(None, importlib.import_module, _TOOL_CALLS)

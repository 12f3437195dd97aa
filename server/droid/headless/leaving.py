"""Leaving the program without waiting for anything."""

import os
from types import FrameType
from typing import NoReturn

from droid.headless.complaint import PROGRAM
from droid.headless.exit_codes import ExitCode


def leave_at_once(number: int = 0, frame: FrameType | None = None) -> NoReturn:
    """End the program without waiting for anybody: a reader that does not read, an import, a lock.

    `KeyboardInterrupt` would not do: raised inside `exec`, which dataclasses use while they are imported,
    it makes CPython end itself by a signal even where it was caught.
    Source: https://github.com/python/cpython/blob/3.11/Python/pythonrun.c, run_eval_code_obj
    """
    try:
        os.write(2, f"{PROGRAM}: interrupted\n".encode())
    except OSError:
        pass  # nobody reads it
    os._exit(ExitCode.INTERRUPTED)

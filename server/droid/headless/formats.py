"""Which `Output` a run gets; each imports only what it prints with."""

import sys
from typing import TYPE_CHECKING

from droid.headless.options import ExecOptions, OutputFormat
from droid.headless.sink import Sink
from droid.headless.terminal import is_terminal, wants_colour

if TYPE_CHECKING:
    from droid.headless.output import Output


def output_for(options: ExecOptions, out: Sink) -> "Output":
    """The output in the wanted format, on `out` and standard error."""
    err = Sink(sys.stderr)
    match options.output:
        case OutputFormat.TEXT:
            from droid.headless.text import TextOutput

            progress = None
            if is_terminal(sys.stderr):
                from droid.headless.progress import Progress

                progress = Progress(err, colour=wants_colour(sys.stderr))
            return TextOutput(out, err, progress)
        case OutputFormat.JSON:
            from droid.headless.json_output import JsonOutput

            return JsonOutput(out, err)
        case OutputFormat.STREAM_JSON:
            from droid.headless.stream_json import StreamJsonOutput

            return StreamJsonOutput(out, err)

"""`-o json`: one object when the run is over."""

import json
from typing import TYPE_CHECKING, Any

from droid.domain.events import Record
from droid.headless.exit_codes import ExitCode
from droid.headless.sink import Sink

if TYPE_CHECKING:
    from droid.headless.summary import Summary


class JsonOutput:
    """Prints nothing until the end."""

    def __init__(self, out: Sink, err: Sink) -> None:
        self._out = out
        self._err = err

    def event(self, record: Record) -> None:
        """The object is computed at the end."""

    def warn(self, message: str) -> None:
        self._err.write_line(f"warning: {message}")

    def finish(self, summary: "Summary") -> None:
        self._out.write_line(json.dumps(result_object(summary), ensure_ascii=False))


def result_object(summary: "Summary") -> dict[str, Any]:
    """The object that `-o json` prints.

    `subtype` is `success`, or `error_` and the reason: how the turn ended (`cancelled`, `budget`,
    `provider`, `policy`, `loop`, `internal`), or why none began (`usage`, `policy`, `configuration`,
    `failed`). `result` is the answer, or for an error the line that says what went wrong.
    """
    is_error = summary.code is not ExitCode.DONE
    usage = summary.usage
    reason = "internal" if summary.reason == "error" else summary.reason
    return {
        "type": "result",
        "subtype": f"error_{reason}" if is_error else "success",
        "is_error": is_error,
        "duration_ms": round(summary.duration_s * 1000),
        "num_turns": summary.turns,
        "result": summary.message if is_error else summary.answer,
        "session_id": summary.session_id,
        "usage": {
            "input_tokens": usage.input_tokens,
            "output_tokens": usage.output_tokens,
            "cache_read_tokens": usage.cache_read_tokens,
            "cache_write_tokens": usage.cache_write_tokens,
            "cost_usd": summary.cost_usd,
        },
        "files_changed": list(summary.files_changed),
        "denials": [
            {
                "call_id": denial.call_id,
                "tool": denial.tool,
                "input": denial.input,
                "risk": denial.risk,
                "step": denial.step,
                "reason": denial.reason,
            }
            for denial in summary.denials
        ],
    }

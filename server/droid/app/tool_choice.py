"""Which tools a session may use, and why not the others."""

from collections.abc import Iterable, Sequence

from droid.app.options import RuntimeOptions
from droid.domain.errors import PolicyRefused


def unavailable_tools(names: Sequence[str], options: RuntimeOptions) -> dict[str, str]:
    """Tool name to the reason why it cannot be used.

    Raises:
        PolicyRefused: a flag names a tool that does not exist.
    """
    for flag, wanted in (
        ("restrict", options.only_tools),
        ("additional", options.extra_tools),
        ("disabled", options.disabled_tools),
    ):
        _check(flag, wanted, names)
    reasons: dict[str, str] = {}
    for name in names:
        if name in options.disabled_tools:
            reasons[name] = "the tool is disabled for this session"
        elif options.only_tools and name not in (*options.only_tools, *options.extra_tools):
            reasons[name] = "the session is restricted to other tools"
        elif name == "AskUser" and not options.interactive:
            reasons[name] = "there is nobody to ask"
    return reasons


def _check(flag: str, wanted: Iterable[str], names: Sequence[str]) -> None:
    unknown = [name for name in wanted if name not in names]
    if unknown:
        raise PolicyRefused(f"no tool {unknown[0]!r} ({flag} tools); the tools are {', '.join(names)}")

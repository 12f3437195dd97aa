"""What is said of a command in a document: its risk, what it runs, what the gate would do with it."""

from collections.abc import Mapping

from droid.app.command_view import Explained
from droid.domain.decisions import Decision
from droid.lsp.markdown_prose import prose_line
from droid.lsp.markdown_text import code_block, code_span, one_line

_COMMAND_CHARACTERS = 400
_VERDICTS = {"allow": "runs without asking", "ask": "asks first", "deny": "is denied"}


def contents_of(found: Explained, *, markdown: bool) -> Mapping[str, str]:
    """LSP `MarkupContent`."""
    if markdown:
        return {"kind": "markdown", "value": _markdown(found)}
    return {"kind": "plaintext", "value": _plain(found)}


def why(decision: Decision) -> str:
    """What the gate would do, and the rule that decides it, in one line."""
    return f"{_VERDICTS[decision.verdict.value]}: {decision.reason}"


def _markdown(found: Explained) -> str:
    parts = [
        f"**{found.risk.value.capitalize()} risk**" + _programs(found, code=True),
        code_block(one_line(found.command, _COMMAND_CHARACTERS), "sh"),
        "\n".join(f"- {prose_line(reason)}" for reason in found.reasons),
        "\n".join(
            f"- {risk}: {code_span(words, 100)} — {prose_line(why_)}" for words, risk, why_ in found.parts
        ),
        f"**The whole line is {found.line[0]} risk:** {prose_line(found.line[1])}" if found.line else "",
        f"**Gate:** {prose_line(why(found.decision))}",
    ]
    return "\n\n".join(filter(None, parts))


def _programs(found: Explained, *, code: bool) -> str:
    if found.programs is None:
        return " · what runs cannot be told"
    names = [code_span(name, 60) if code else name for name in found.programs[:20]]
    return f" · runs {', '.join(names)}" if names else ""


def _plain(found: Explained) -> str:
    lines = [
        f"{found.risk.value.capitalize()} risk{_programs(found, code=False)}",
        *(f"- {one_line(reason, 300)}" for reason in found.reasons),
        *(f"- {risk}: {one_line(words, 100)}: {one_line(why_, 200)}" for words, risk, why_ in found.parts),
        *([f"The whole line is {found.line[0]} risk: {one_line(found.line[1], 300)}"] if found.line else []),
        f"Gate: {one_line(why(found.decision), 400)}",
    ]
    return "\n".join(lines)

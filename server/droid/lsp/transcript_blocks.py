"""The blocks of a session document: how one thing that happened reads.

Each function returns Markdown without blank lines around it. All that came from a model, a command or a
file is in a fence, a code span or a line of safe prose; the words are the product's (approval, risk,
autonomy).
"""

from collections.abc import Sequence
from pathlib import PurePath

from droid.domain.decisions import Answer, ApprovalRequest, Question
from droid.domain.events import TurnEnded, TurnEndReason
from droid.domain.files import FileChange
from droid.domain.messages import Usage
from droid.domain.tools import Todo, TodoStatus
from droid.lsp.markdown_prose import prose, prose_line
from droid.lsp.markdown_text import code_block, code_span, exact, head, one_line, tail, visible, without_ansi
from droid.lsp.session_headings import approval_heading, question_heading, short_id

DIFF_LINES = 60
OUTPUT_LINES = 12
_OUTPUT_CHARACTERS = 20_000
_MARKS = {TodoStatus.PENDING: "[ ]", TodoStatus.IN_PROGRESS: "[ ] ▸", TodoStatus.COMPLETED: "[x]"}
_ANSWERS = {
    Answer.ONCE: "Approved once",
    Answer.SESSION: "Approved for this session",
    Answer.SESSION_PROGRAM: "Approved for this session, and what is like it",
    Answer.ALWAYS: "Approved always",
    Answer.REJECT: "Rejected",
    Answer.INSTRUCT: "Rejected",
}
_ENDS = {
    TurnEndReason.DONE: "Done",
    TurnEndReason.CANCELLED: "Cancelled",
    TurnEndReason.BUDGET: "Stopped: a budget was reached",
    TurnEndReason.PROVIDER: "Stopped: the model did not answer",
    TurnEndReason.POLICY: "Stopped by policy",
    TurnEndReason.LOOP: "Stopped: the same call again and again",
    TurnEndReason.ERROR: "Stopped by an error",
}


def approval_block(request: ApprovalRequest) -> str:
    """What a person is asked: the exact payload first, then where it would run and which rule asked."""
    parts = [approval_heading(request.risk, request.approval_id)]
    is_command = request.diff is None and request.tool == "Execute"
    if request.diff is None:
        parts.append(code_block(exact(request.subject), "sh" if is_command else "text"))
    else:
        files = [line for line in request.subject.split("\n") if line]
        parts.append("\n".join(f"- {code_span(exact(name), 400)}" for name in files))
        parts.append(code_block(exact(request.diff), "diff"))
    parts.append(
        f"{request.tool} in {code_span(request.cwd, 400)}. "
        f"Asked because: {prose_line(request.reason).rstrip('.')}."
    )
    if request.session_grant and Answer.SESSION in request.options:
        parts[-1] += f" Approving for this session allows {prose_line(request.session_grant).rstrip('.')}."
    if request.session_program and Answer.SESSION_PROGRAM in request.options:
        parts[-1] += (
            f" Approving {code_span(request.session_program, 200)} allows it for this session, with nothing"
            " riskier than here."
        )
    if request.always and Answer.ALWAYS in request.options:
        parts[-1] += f" Always adds {code_span(request.always, 200)} to your allowlist."
    return "\n\n".join(parts)


def approval_answer(
    approval_id: str, answer: Answer | None, instruction: str | None, *, in_part: bool = False
) -> str:
    """How an approval was closed; `in_part`: not every hunk was accepted."""
    what = "Withdrawn" if answer is None else _ANSWERS[answer]
    what += ", some hunks rejected" if in_part else ""
    said = f": {prose_line(instruction)}" if instruction else ""
    return f"**{what}** · {short_id(approval_id)}{said}"


def question_block(question: Question) -> str:
    """What the agent wants to know."""
    options = "\n".join(f"- {prose_line(option)}" for option in question.options)
    return "\n\n".join(
        part for part in (question_heading(question.question_id), prose(question.text), options) if part
    )


def question_answer(question_id: str, answer: str | None) -> str:
    """What the person said to it."""
    said = "Not answered" if answer is None else "Answered"
    return f"**{said}** · {short_id(question_id)}" + (f": {prose_line(answer)}" if answer else "")


def tool_line(title: str, tool: str, workspace: str) -> str:
    """One line for a call: the tool, then what it works on as code."""
    title = title.replace(f"{workspace}/", "") if workspace else title
    what = title.removeprefix(tool).strip()
    return f"- {one_line(tool, 60)}" + (f" {code_span(what)}" if what else "")


def command_block(command: str) -> str:
    """A command that its line does not show whole."""
    return code_block(exact(command), "sh", indent=2)


def output_block(output: str) -> str:
    """The end of what a command wrote."""
    return code_block(
        tail(visible(without_ansi(output[-_OUTPUT_CHARACTERS:])), OUTPUT_LINES), "text", indent=2
    )


def change_line(change: FileChange) -> str:
    """What became of a file: `+3 −1`, `created, +10`, `deleted, −4`."""
    kind = "created, " if change.before is None else "deleted, " if change.after is None else ""
    counts = [f"+{change.added_lines}"] if change.added_lines else []
    counts += [f"−{change.removed_lines}"] if change.removed_lines else []
    unsaved = ", not saved in the editor yet" if change.in_editor else ""
    return f"{kind}{' '.join(counts) or ('no text' if kind else 'changed')}{unsaved}"


def diff_block(diff: str, indent: int) -> str:
    """A diff of one file, bounded, without the lines that name the file."""
    lines = visible(diff).split("\n")
    while lines and lines[0].startswith(("--- ", "+++ ")):
        del lines[0]
    return code_block(head("\n".join(lines), DIFF_LINES), "diff", indent=indent)


def relative(path: str, workspace: str) -> str:
    """A path as people of this workspace write it."""
    if workspace and PurePath(path).is_relative_to(workspace):
        return PurePath(path).relative_to(workspace).as_posix()
    return path


def plan_block(todos: Sequence[Todo], before: Sequence[Todo]) -> str:
    """The plan: whole when it is new, else one line with what moved."""
    done = sum(todo.status is TodoStatus.COMPLETED for todo in todos)
    if [todo.content for todo in todos] == [todo.content for todo in before]:
        now = next((todo.content for todo in todos if todo.status is TodoStatus.IN_PROGRESS), None)
        return f"Plan {done}/{len(todos)}" + (f" · now: {prose_line(now)}" if now else "")
    rows = "\n".join(f"- {_MARKS[todo.status]} {prose_line(todo.content)}" for todo in todos)
    return f"Plan {done}/{len(todos)}:\n\n{rows}" if todos else "Plan: empty"


def steer_block(prompt: str) -> str:
    """What the person said while the turn ran."""
    lines = prose(prompt).split("\n")
    return "\n".join(f"> {line}".rstrip() for line in (f"**You:** {lines[0]}", *lines[1:]))


def thinking_line(text: str) -> str:
    """The gist of the reasoning: its first line."""
    first = next((line for line in visible(text).split("\n") if line.strip()), "")
    return f"> Thinking: {prose_line(one_line(first.strip(' *#'), 160))}"


def note(message: str) -> str:
    """Something the person should know."""
    return f"> ⚠ {prose_line(message)}"


def undone_block(turn_id: str, changes: int, conflicts: Sequence[str], workspace: str) -> str:
    """What was taken back, and what was left because somebody changed it since."""
    files = "1 file" if changes == 1 else f"{changes} files"
    text = f"**Undone** · {short_id(turn_id)}: {files} as before the turn."
    if conflicts:
        names = ", ".join(code_span(relative(path, workspace)) for path in conflicts)
        text += f" Left alone, since changed by somebody else: {names}."
    return text


def restored_block(turn_id: str, changes: int, conflicts: Sequence[str], workspace: str) -> str:
    """What went back to what it was before a turn, and what did not."""
    files = "1 file" if changes == 1 else f"{changes} files"
    text = f"**Restored** · {files} as before {short_id(turn_id)}."
    if conflicts:
        names = ", ".join(code_span(relative(path, workspace)) for path in conflicts)
        text += f" Left as they are: {names}."
    return text


def rewound_block(turn_id: str) -> str:
    """From where the conversation goes on."""
    turn = short_id(turn_id)
    return f"**Rewound** · the conversation goes on from before {turn}, and knows nothing of what followed."


def end_line(event: TurnEnded) -> str:
    """How a turn ended and what it took."""
    steps = "1 step" if event.steps == 1 else f"{event.steps} steps"
    facts = [
        _ENDS[event.reason],
        steps,
        tokens(event.usage),
        cost(event.cost_usd),
        duration(event.duration_s),
    ]
    return f"*{' · '.join(facts)}*"


def tokens(usage: Usage) -> str:
    """`950 tokens`, `14.2k tokens`, `1.3M tokens`."""
    total = usage.total_tokens
    if total < 1_000:
        return f"{total} tokens"
    return f"{total / 1_000:.1f}k tokens" if total < 999_950 else f"{total / 1_000_000:.1f}M tokens"


def cost(cost_usd: float | None) -> str:
    """`$0.03`; small sums with the digits that matter; `cost unknown` without a price."""
    if cost_usd is None:
        return "cost unknown"
    if 0 < cost_usd < 0.0001:
        return "under $0.0001"
    return f"${cost_usd:.2f}" if cost_usd >= 0.1 or cost_usd == 0 else f"${cost_usd:.2g}"


def duration(seconds: float) -> str:
    """`1.2 s`, `42 s`, `3 min 5 s`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"

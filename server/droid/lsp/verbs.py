"""Everything that a client can ask for, in one table: the command, its custom method, its arguments.

Every verb works with no arguments. What a verb does is in `handlers`; what clients, documentation and
the list of commands need to know of it is here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from droid.lsp.arguments import Kind, Parameter

_SESSION = Parameter(name="sessionId", about="a session's id or the beginning of it; else the current one")
_URI = Parameter(name="uri", about="the document; else the last active one")
_RANGE = Parameter(name="range", kind=Kind.RANGE, about="the selection; else the last one known")
_DIAGNOSTICS = Parameter(
    name="diagnostics", kind=Kind.DIAGNOSTICS, about="what is to be dealt with, as the editor shows it"
)
_PROMPT = Parameter(name="prompt", about="more to say; needed for `droid.ask`")
_TURN = Parameter(name="turnId", about="which turn; else the last that changed files")
_CHANGESET = Parameter(name="changesetId", about="which changes; else the newest that are open")
_FILE = Parameter(name="uri", about="which file; else the one that the hunk is in, or the last active one")
_HUNK = Parameter(name="hunkId", about="which hunk; else the one at the cursor")
_AUTONOMY = Parameter(
    name="autonomy", about="what runs without asking", values=("off", "low", "medium", "high")
)
_STEER = Parameter(
    name="steer", kind=Kind.FLAG, about="join a turn that runs; with `false`, the prompt is refused then"
)
_ABOUT_CODE = (_PROMPT, _URI, _RANGE, _DIAGNOSTICS, _SESSION, _STEER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One verb.

    Attributes:
        command: As in `workspace/executeCommand`.
        title: What it is called on a button.
        method: The custom request that does the same, if there is one.
    """

    command: str
    title: str
    parameters: Sequence[Parameter] = ()
    method: str | None = None


VERBS: Mapping[str, Verb] = {
    verb.command: verb
    for verb in (
        Verb(
            command="droid.ask",
            title="Ask",
            parameters=(
                *_ABOUT_CODE,
                Parameter(
                    name="images", kind=Kind.LIST, about="what comes with the prompt", items="PromptImage"
                ),
            ),
            method="droid/prompt",
        ),
        Verb(command="droid.fix", title="Fix", parameters=_ABOUT_CODE),
        Verb(command="droid.explain", title="Explain", parameters=_ABOUT_CODE),
        Verb(command="droid.test", title="Write tests", parameters=_ABOUT_CODE),
        Verb(command="droid.document", title="Document", parameters=_ABOUT_CODE),
        Verb(command="droid.refactor", title="Refactor", parameters=_ABOUT_CODE),
        Verb(command="droid.review", title="Review", parameters=_ABOUT_CODE),
        Verb(
            command="droid.cancel",
            title="Cancel",
            parameters=(_SESSION, Parameter(name="turnId", about="only if this turn runs"), _URI),
            method="droid/cancel",
        ),
        Verb(
            command="droid.undo",
            title="Undo the last turn's changes",
            parameters=(_SESSION, _TURN, _URI),
            method="droid/undo",
        ),
        Verb(
            command="droid.review.list",
            title="List changes",
            parameters=(_SESSION,),
            method="droid/review/list",
        ),
        Verb(
            command="droid.review.open",
            title="Review changes",
            parameters=(_CHANGESET, _SESSION, _URI),
            method="droid/review/open",
        ),
        Verb(
            command="droid.review.acceptHunk",
            title="Accept hunk",
            parameters=(_CHANGESET, _FILE, _HUNK),
            method="droid/review/acceptHunk",
        ),
        Verb(
            command="droid.review.rejectHunk",
            title="Reject hunk",
            parameters=(_CHANGESET, _FILE, _HUNK),
            method="droid/review/rejectHunk",
        ),
        Verb(
            command="droid.review.acceptFile",
            title="Accept file",
            parameters=(_CHANGESET, _FILE),
            method="droid/review/acceptFile",
        ),
        Verb(
            command="droid.review.rejectFile",
            title="Reject file",
            parameters=(_CHANGESET, _FILE),
            method="droid/review/rejectFile",
        ),
        Verb(
            command="droid.review.acceptAll",
            title="Accept all changes",
            parameters=(_CHANGESET,),
            method="droid/review/acceptAll",
        ),
        Verb(
            command="droid.review.rejectAll",
            title="Reject all changes",
            parameters=(_CHANGESET,),
            method="droid/review/rejectAll",
        ),
        Verb(
            command="droid.review.content",
            title="Show one side of a change",
            parameters=(
                _CHANGESET,
                _FILE,
                Parameter(name="side", about="else after", values=("before", "after")),
            ),
            method="droid/review/content",
        ),
        Verb(
            command="droid.checkpoint.list",
            title="List checkpoints",
            parameters=(_SESSION,),
            method="droid/checkpoint/list",
        ),
        Verb(
            command="droid.checkpoint.restore",
            title="Go back to a checkpoint",
            parameters=(
                _SESSION,
                Parameter(name="turnId", about="before which turn; else the last"),
                Parameter(name="what", about="else both", values=("files", "conversation", "both")),
            ),
            method="droid/checkpoint/restore",
        ),
        Verb(
            command="droid.session.new",
            title="New session",
            parameters=(
                Parameter(name="model"),
                _AUTONOMY,
                Parameter(name="open", kind=Kind.FLAG, about="also open its document"),
            ),
            method="droid/session/new",
        ),
        Verb(
            command="droid.session.list",
            title="List sessions",
            parameters=(Parameter(name="query", about="only those that contain this"),),
            method="droid/session/list",
        ),
        Verb(
            command="droid.session.resume",
            title="Resume a session",
            parameters=(_SESSION,),
            method="droid/session/resume",
        ),
        Verb(
            command="droid.session.fork",
            title="Fork a session",
            parameters=(_SESSION,),
            method="droid/session/fork",
        ),
        Verb(
            command="droid.session.rename",
            title="Rename a session",
            parameters=(_SESSION, Parameter(name="title")),
            method="droid/session/rename",
        ),
        Verb(
            command="droid.session.export",
            title="Export a session",
            parameters=(
                _SESSION,
                Parameter(name="format", about="else Markdown", values=("markdown", "json")),
            ),
            method="droid/session/export",
        ),
        Verb(
            command="droid.session.delete",
            title="Delete a session",
            parameters=(Parameter(name="sessionId", about="its id; else the person picks"),),
            method="droid/session/delete",
        ),
        Verb(
            command="droid.transcript.open",
            title="Open the session document",
            parameters=(_SESSION,),
            method="droid/transcript/open",
        ),
        Verb(command="droid.send", title="Send", parameters=(_URI, _SESSION)),
        Verb(command="droid.document.begin", title="Start a session here", parameters=(_URI, _SESSION)),
        Verb(
            command="droid.comment.run",
            title="Run the comment",
            parameters=(_URI, Parameter(name="line", kind=Kind.LINE, about="a line of the comment")),
        ),
        Verb(
            command="droid.approve",
            title="Approve",
            parameters=(
                Parameter(name="approvalId", about="else the question that is open"),
                Parameter(
                    name="answer",
                    about="else once",
                    values=("once", "session", "session_program", "always"),
                ),
                _SESSION,
                _URI,
            ),
            method="droid/approve",
        ),
        Verb(
            command="droid.reject",
            title="Reject",
            parameters=(
                Parameter(name="approvalId", about="else the question that is open"),
                Parameter(name="instruction", about="what to do instead"),
                Parameter(
                    name="answer",
                    about="with `instruct` and no instruction, the draft of `uri` says it",
                    values=("reject", "instruct"),
                ),
                _SESSION,
                _URI,
            ),
            method="droid/reject",
        ),
        Verb(
            command="droid.answer",
            title="Answer",
            parameters=(
                Parameter(name="questionId", about="else the question that is open"),
                Parameter(name="answer", about="else the draft of `uri`; without that, it is declined"),
                _SESSION,
                _URI,
            ),
            method="droid/answer",
        ),
        Verb(
            command="droid.model.set",
            title="Set the model",
            parameters=(_SESSION, Parameter(name="model", about="its id; else the person picks")),
            method="droid/model/set",
        ),
        Verb(
            command="droid.model.list",
            title="List models",
            parameters=(_SESSION,),
            method="droid/model/list",
        ),
        Verb(
            command="droid.autonomy.set",
            title="Set the autonomy level",
            parameters=(_SESSION, _AUTONOMY),
            method="droid/autonomy/set",
        ),
        Verb(
            command="droid.mentions",
            title="Find what a prompt can name",
            parameters=(Parameter(name="query", about="what was typed after `@`"), _SESSION),
            method="droid/mentions",
        ),
        Verb(command="droid.status", title="Status", parameters=(_SESSION,)),
        Verb(command="droid.usage", title="Usage", parameters=(_SESSION,), method="droid/usage"),
        Verb(command="droid.doctor", title="Check the installation", method="droid/doctor"),
        Verb(
            command="droid.settings.explain",
            title="Explain a setting",
            parameters=(
                Parameter(name="key", about="its dotted path; else the one at `uri` and `range`, else all"),
                Parameter(name="uri", about="a settings file; else the last active one"),
                Parameter(name="range", kind=Kind.RANGE, about="where in it; else the last place known"),
            ),
        ),
        Verb(
            command="droid.policy.explain",
            title="Explain what the gate would do",
            method="droid/policy/explain",
            parameters=(
                Parameter(name="command", about="a shell command; else the one at `uri` and `range`"),
                Parameter(name="tool", about="another tool than Execute"),
                Parameter(name="input", kind=Kind.OBJECT, about="that tool's arguments"),
                Parameter(name="uri", about="a document; else the last active one"),
                Parameter(name="range", kind=Kind.RANGE, about="where in it; else the last place known"),
            ),
        ),
        Verb(
            command="droid.trust",
            title="Trust this workspace",
            parameters=(Parameter(name="uri", about="a file in it; else the last active one"),),
        ),
    )
}

# Verbs about code, with what a code action for them says.
CODE_VERBS: Mapping[str, str] = {
    "droid.ask": "Droid: ask about this",
    "droid.explain": "Droid: explain",
    "droid.fix": "Droid: fix",
    "droid.refactor": "Droid: refactor",
    "droid.document": "Droid: document",
    "droid.test": "Droid: write tests",
    "droid.review": "Droid: review",
}

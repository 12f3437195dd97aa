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
_ABOUT_CODE = (_PROMPT, _URI, _RANGE, _DIAGNOSTICS, _SESSION)


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
            parameters=(*_ABOUT_CODE, Parameter(name="images", kind=Kind.LIST, about="`{mediaType, data}`")),
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
            command="droid.session.new",
            title="New session",
            parameters=(
                Parameter(name="model"),
                Parameter(name="autonomy"),
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
            parameters=(_SESSION, Parameter(name="format", about="`markdown` or `json`")),
            method="droid/session/export",
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
                Parameter(name="answer", about="`once`, `session`, `session_program` or `always`"),
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
                Parameter(name="answer", about="`reject`, or `instruct`: then the draft of `uri` says it"),
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
            parameters=(_SESSION, Parameter(name="model")),
        ),
        Verb(
            command="droid.autonomy.set",
            title="Set the autonomy level",
            parameters=(_SESSION, Parameter(name="autonomy", about="`off`, `low`, `medium` or `high`")),
        ),
        Verb(command="droid.status", title="Status", parameters=(_SESSION,)),
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

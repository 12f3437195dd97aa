"""What `docs/protocol.md` says besides the types."""

INTRODUCTION = """\
# The protocol between Droid and its clients

<!-- Written by `make generate`; change `server/droid/lsp/protocol*.py`, `verbs.py`, `protocol_prose.py`. -->

`droid-lsp` is a language server. Everything that it does can be done from a client that knows nothing but
LSP: code actions, code lenses, commands, messages, and a session document that it writes. This page is for
somebody who writes a client that does more: shows a conversation in a view of its own, asks for approvals in
a dialog of its own, reviews changes in the editor's own diff.

The messages are JSON-RPC 2.0 over whatever carries LSP. Names are in camel case. A field that may be missing
is left out where there is nothing to say; one that may be `null` is always there. What a client does
not know it leaves out: new fields, new kinds of update and new options of a question come without a new
version, and what is there keeps its name and its meaning. The same types are in
`vscode-client/src/protocol.ts` and `neovim/lua/droid/protocol.lua`, written from the same
source as this page.

Paths are absolute, except in `rawInput` and in the `locations` of a call that has not changed anything yet:
there they stand as the model wrote them, relative to the session's folder.

Words: a **session** is a conversation that is stored; a **turn** goes from a message of a person to the
agent's last word; a **tool call** is what the model wants to do; an **approval** is the person's answer to
whether it may. Times are seconds since the epoch in UTC, durations are seconds, money is US dollars.

A client that does nothing more than this has a chat:

1. declare `{"api": 1, "transcript": "stream", "approval": "rich", "input": true}`;
2. send `droid/prompt` with `{"prompt": "…"}`;
3. show each `droid/sessionUpdate`: pieces of the answer, tool calls, what they say;
4. answer `droid/requestApproval` with what the person chose, and take the dialog down on `$/cancelRequest`.
"""

CAPABILITIES = """\
In `initialize`, under `capabilities.experimental.droid`, or under `initializationOptions.droid` where a
client cannot add to its capabilities. The first of the two that is there counts. Without either, or without
an `api` that the server knows, no `droid/*` message is ever sent, and everything shows by LSP's own means.
Each value left out means what LSP alone can do. Verbs can be used by every client, whatever it declares.

The server answers under `capabilities.experimental.droid` in the result of `initialize`: the same keys with
what it will really do, and `methods`, the requests that it answers. What a client declares changes how
something is shown, never whether it is allowed. A client may narrow what is allowed with
`initializationOptions.droid.trusted: false`: then the workspace counts as not trusted, whatever was said
before. Nothing that a client sends can widen it.

| key | value | what it means |
| --- | --- | --- |
| `transcript` | `stream` | sessions show in a view of the client's own, from `droid/sessionUpdate` |
| | else | as a Markdown document that the server writes |
| `review` | `hunk` | changes are shown hunk by hunk by the client, from `droid/reviewChanges` |
| | `annotated` | as edits that the editor confirms |
| | else | as a `.diff` document with code actions |
| `approval` | `rich` | `droid/requestApproval` and `droid/requestAnswer` |
| | else | `window/showMessageRequest` |
| `input` | `true` | the client has a box for prompts, so no document is opened to write one in |
| `status` | `true` | `droid/status` |
| `sessions` | `true` | the client lists sessions, from `droid/session/list` and `droid/sessionListChanged` |
| `save` | `true` | `droid/save` |
"""

UPDATES = """\
`droid/sessionUpdate` brings one of these, told apart by `sessionUpdate`; the kinds are those of the
[Agent Client Protocol](https://agentclientprotocol.com/protocol/prompt-turn) where it has them. Each comes
with its `sessionId` and, where it belongs to a turn, its `turnId`. Pieces of text are joined for a thirtieth
of a second, so there are never more than some thirty messages a second of a session.

A session is told live as it happens. One that is taken up (`droid/session/resume`, `droid/session/fork`) is
told from its beginning, between `replay_started` and `replay_ended`: a client clears what it shows of the
session at the first, and moves no cursor and reads nothing aloud before the second. In a replay the answers
come whole instead of in pieces, what a tool printed comes with its end, and questions that are closed come
with their answers. A question that is still open stays open: its request is not sent again.

All updates of a tool call have its `toolCallId`: `tool_call` first, then `decision`, perhaps
`approval_wanted` and `approval_answered`, and `tool_call_update` as it runs and when it ends.
"""

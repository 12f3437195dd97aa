-- Written by `make generate` from `server/droid/lsp/protocol*.py` and `verbs.py`; change those.
-- What each message means is told in `docs/protocol.md`.

---Who the client is.
---@class droid.EditorInfo
---@field name string
---@field version? string

---What a client declares, in `capabilities.experimental.droid` or `initializationOptions.droid`.
---@class droid.ClientCapabilities
---@field api integer
---@field editor? droid.EditorInfo
---@field transcript? "stream"|"file"
---@field review? "hunk"|"annotated"|"file"
---@field approval? "rich"|"message"
---@field input? boolean
---@field status? boolean
---@field sessions? boolean
---@field save? boolean
---@field trusted? boolean In `initializationOptions.droid` alone: `false` where the editor does not trust its folders; `true` changes nothing.

---Which server answers.
---@class droid.ServerInfo
---@field name string
---@field version string

---What the server answers, in `capabilities.experimental.droid`; the same names mean the same.
---@class droid.ServerCapabilities
---@field api integer
---@field server droid.ServerInfo
---@field transcript string
---@field review string
---@field approval string
---@field input boolean
---@field status boolean
---@field sessions boolean
---@field save boolean
---@field methods string[]

---`droid/sessionUpdate`: something happened in a session.
---@class droid.SessionUpdateParams
---@field sessionId string
---@field turnId string|nil
---@field update droid.SessionUpdate

---`droid/status`: what a session is doing, in a word and in a line.
---@class droid.StatusParams
---@field sessionId string
---@field busy boolean
---@field kind string
---@field message string

---`droid/configChanged`, and how verbs describe a live session.
---@class droid.ConfigChangedParams
---@field sessionId string
---@field title string
---@field model string
---@field autonomy string
---@field busy boolean
---@field turnId string|nil

---`droid/requestApproval`: whether a tool may run.
---@class droid.RequestApprovalParams
---@field sessionId string
---@field turnId string|nil
---@field approvalId string
---@field callId string
---@field tool string
---@field subject string The exact command, or a line for each file, or the tool's input.
---@field cwd string
---@field risk string
---@field reason string
---@field options string[] The answers that can be given, of `once`, `session`, `session_program`, `always`, `reject`, `instruct`; a client leaves out those that it does not know.
---@field sessionGrant string|nil What `session` would allow from now on, in words.
---@field sessionProgram string|nil The program with its subcommand that `session_program` would: `git commit`.
---@field always string|nil The entry that `always` would add to the user's allowlist: `npm test`.
---@field diff string|nil What would change, where that can be told.
---@field changeset? droid.Changeset|nil The same, hunk by hunk, for a client that declared `review: hunk`.
---@field trace? droid.TraceRow[] What each step of the gate said.

---The person's answer; anything else is a no.
---@class droid.RequestApprovalResult
---@field answer "once"|"session"|"session_program"|"always"|"reject"|"instruct"
---@field instruction? string
---@field acceptedHunks? string[] With `once`, the hunks of the changeset that may be written; without it, all.

---`droid/requestAnswer`: what the agent wants to know; without options, in the person's own words.
---@class droid.RequestAnswerParams
---@field sessionId string
---@field turnId string|nil
---@field questionId string
---@field text string
---@field options string[]

---`answer` is null where the person declines.
---@class droid.RequestAnswerResult
---@field answer string|nil

---`droid/save`: save these documents; the result says nothing, `didSave` does.
---@class droid.SaveParams
---@field uris string[]

---A piece of text.
---@class droid.TextContent
---@field type "text"
---@field text string

---What the person said: a prompt, or a message that joined the running turn.
---@class droid.UserMessageChunk
---@field sessionUpdate "user_message_chunk"
---@field content droid.TextContent
---@field images? integer How many images came with it.

---A piece of the answer, in Markdown.
---@class droid.AgentMessageChunk
---@field sessionUpdate "agent_message_chunk"
---@field content droid.TextContent

---A piece of what the model thinks.
---@class droid.AgentThoughtChunk
---@field sessionUpdate "agent_thought_chunk"
---@field content droid.TextContent

---A file that a call is about; `line` from 1.
---@class droid.ToolCallLocation
---@field path string
---@field line? integer

---What a call says.
---@class droid.ContentBlock
---@field type "content"
---@field content droid.TextContent

---What a call changed in one file, as a unified diff.
---@class droid.DiffBlock
---@field type "diff"
---@field path string
---@field diff string

---The model wants to use a tool.
---@class droid.ToolCallStarted
---@field sessionUpdate "tool_call"
---@field toolCallId string
---@field title string
---@field kind "read"|"search"|"edit"|"execute"|"fetch"|"think"|"other"
---@field status "pending"
---@field tool string
---@field rawInput table<string, any>

---How a call goes on.
---@class droid.ToolCallUpdate
---@field sessionUpdate "tool_call_update"
---@field toolCallId string
---@field status? "in_progress"|"completed"|"failed"
---@field output? string A piece of what it prints, to be added to the pieces before.
---@field content? (droid.ContentBlock|droid.DiffBlock)[] What it left behind, in place of what was there.
---@field locations? droid.ToolCallLocation[]
---@field durationS? number

---What one step of the gate said of a call.
---@class droid.TraceRow
---@field step string
---@field verdict "allow"|"ask"|"deny"|nil
---@field rule string
---@field level string
---@field file string|nil
---@field matched string|nil

---What the gate decided about a call, and why.
---@class droid.DecisionUpdate
---@field sessionUpdate "decision"
---@field toolCallId string
---@field verdict "allow"|"ask"|"deny"
---@field risk "low"|"medium"|"high"
---@field reason string
---@field trace droid.TraceRow[]

---One thing to do.
---@class droid.PlanEntry
---@field content string
---@field priority "low"|"medium"|"high"
---@field status "pending"|"in_progress"|"completed"

---The whole list of things to do, in place of the one before.
---@class droid.PlanUpdate
---@field sessionUpdate "plan"
---@field entries droid.PlanEntry[]

---A call waits for the person; the question itself is `droid/requestApproval`.
---@class droid.ApprovalWantedUpdate
---@field sessionUpdate "approval_wanted"
---@field approvalId string
---@field toolCallId string

---That question is closed, wherever it was answered; without an answer, it was withdrawn.
---@class droid.ApprovalAnsweredUpdate
---@field sessionUpdate "approval_answered"
---@field approvalId string
---@field toolCallId string
---@field answer string|nil
---@field instruction? string|nil

---The agent wants to know something; the question itself is `droid/requestAnswer`.
---@class droid.QuestionAskedUpdate
---@field sessionUpdate "question_asked"
---@field questionId string
---@field text string
---@field options string[]

---That question is closed.
---@class droid.QuestionAnsweredUpdate
---@field sessionUpdate "question_answered"
---@field questionId string
---@field answer string|nil

---What a request cost, and how full the model's window is.
---@class droid.UsageUpdate
---@field sessionUpdate "usage"
---@field inputTokens integer
---@field outputTokens integer
---@field cacheReadTokens integer
---@field cacheWriteTokens integer
---@field costUsd number|nil US dollars of this request; null where a price is not known.
---@field totalCostUsd number|nil US dollars of the session so far; null where a price is not known.
---@field contextTokens integer What the conversation takes of the window now.
---@field contextWindow integer|nil The model's window in tokens; null where it is not known.

---The provider failed, and will be asked again: what has come of this answer is no part of it any more, and a client takes it away.
---@class droid.RetryUpdate
---@field sessionUpdate "retry"
---@field attempt integer
---@field delayS number
---@field reason string

---What the person should know.
---@class droid.WarningUpdate
---@field sessionUpdate "warning"
---@field message string

---Older messages were replaced with a summary.
---@class droid.CompactedUpdate
---@field sessionUpdate "compacted"

---File changes of a turn were taken back; `conflicts` are left as they are.
---@class droid.UndoneUpdate
---@field sessionUpdate "undone"
---@field turnId string
---@field paths string[]
---@field conflicts string[]

---The conversation goes on from before this turn: it and all after it are no longer part of it.
---@class droid.RewoundUpdate
---@field sessionUpdate "rewound"
---@field turnId string

---What a session is called, or how it goes on.
---@class droid.SessionInfoUpdate
---@field sessionUpdate "session_info_update"
---@field title? string
---@field model? string
---@field autonomy? "off"|"low"|"medium"|"high"

---A turn begins; its first message follows. `startedAt` is in seconds since the epoch, UTC.
---@class droid.TurnStartedUpdate
---@field sessionUpdate "turn_started"
---@field startedAt number

---A turn is over: why, what it cost and how long it took.
---@class droid.TurnEndedUpdate
---@field sessionUpdate "turn_ended"
---@field reason string
---@field message string
---@field costUsd number|nil
---@field durationS number

---All of the session follows from its beginning.
---@class droid.ReplayStarted
---@field sessionUpdate "replay_started"

---What follows happens now.
---@class droid.ReplayEnded
---@field sessionUpdate "replay_ended"

---One hunk; lines from 1, as in a unified diff.
---@class droid.HunkInfo
---@field hunkId string
---@field oldStart integer
---@field oldLines integer
---@field newStart integer
---@field newLines integer
---@field lines string[] Each with ` `, `+` or `-` before it, without its line end; after one that has none in the file, `\ No newline at end of file`. Empty where the file is not text.
---@field state "pending"|"accepted"|"rejected"|"stale"
---@field leftOut? integer How many more lines there are, of a very long hunk; `droid/review/content` has them.

---What changes in one file.
---@class droid.ChangedFile
---@field path string As people name it: relative where it lies in the workspace.
---@field uri string
---@field kind "create"|"edit"|"delete"
---@field version integer|nil The version of the open document that it is based on; null where it was not open.
---@field before string|nil SHA-256 of the content that it is based on; null where there is no file.
---@field after string|nil SHA-256 of the content with all hunks; null where there is no file then.
---@field binary boolean It is not text. As where a file is created or deleted, one hunk stands for all of it; here it has no lines.
---@field state "pending"|"accepted"|"rejected"|"stale"|"mixed"
---@field hunks droid.HunkInfo[]

---Changes that belong together.
---@class droid.Changeset
---@field changesetId string
---@field sessionId string
---@field turnId string|nil
---@field callId string|nil The tool call that wants them; null for those of a whole turn.
---@field approvalId string|nil The question that is answered by accepting and rejecting; null where nobody asks.
---@field kind "edit"|"restore"
---@field state "proposed"|"applied"|"closed"
---@field title string
---@field files droid.ChangedFile[]
---@field conflicts string[] Paths that would be gone back to and that somebody else has changed since.

---A hunk that could not be accepted or rejected, and why.
---@class droid.RefusedHunk
---@field path string
---@field hunkId string|nil
---@field why string

---What `droid/review/*` answers: how things stand now, and what was refused.
---@class droid.ReviewResult
---@field changeset droid.Changeset
---@field refused droid.RefusedHunk[]
---@field document? string

---What `droid/review/list` answers: those of a session that are not closed, the newest last.
---@class droid.ChangesetList
---@field changesets droid.Changeset[]

---What `droid/review/content` answers: one side of a file for a diff; null where there is no file.
---@class droid.ReviewContent
---@field text string|nil

---A moment that can be gone back to: before a turn.
---@class droid.Checkpoint
---@field turnId string
---@field prompt string
---@field startedAt number Seconds since the epoch, UTC.
---@field paths string[] The files that change when it is gone back to, as people name them.
---@field workspace boolean What commands did to other files can be taken back too.
---@field leftOut string[] What could not be kept, in words.

---What `droid/checkpoint/list` answers, the newest last.
---@class droid.CheckpointList
---@field sessionId string
---@field checkpoints droid.Checkpoint[]

---What `droid/checkpoint/restore` answers.
---@class droid.RestoreResult
---@field sessionId string
---@field turnId string
---@field changeset droid.Changeset|nil What is to be accepted first; null where no file changes.
---@field prompt string|nil What the person had said in that turn, to say it again in other words; null where the conversation stays.
---@field done boolean Nothing waits for an answer any more.

---A place in a document as in LSP: from 0, in the agreed position encoding.
---@class droid.Position
---@field line integer
---@field character integer

---A stretch of a document as in LSP.
---@class droid.Range
---@field start droid.Position
---@field end droid.Position

---A diagnostic that is to be dealt with; an LSP `Diagnostic` fits.
---@class droid.GivenDiagnostic
---@field range droid.Range
---@field message string
---@field severity? integer 1 error, 2 warning, 3 information, 4 hint.
---@field source? string|nil

---An image that comes with a prompt.
---@class droid.PromptImage
---@field mediaType string `image/png` and the like.
---@field data string In base64.

---The person is asked first.
---@class droid.Asked
---@field asked boolean

---A prompt was taken.
---@class droid.PromptResult
---@field sessionId string
---@field turnId? string|nil The turn that it began or joined; null where no turn runs any more.
---@field answered? boolean It answered a question that was open, instead of beginning a turn.
---@field document? string Where to write the prompt, in a client without a box for it; then nothing was sent.

---Whether there was something to cancel.
---@class droid.CancelResult
---@field sessionId? string
---@field cancelled boolean

---What was taken back, and what was left as it is because somebody changed it since.
---@class droid.UndoResult
---@field sessionId string
---@field turnId string
---@field paths string[]
---@field conflicts string[]

---A session that is open in this server.
---@class droid.SessionResult
---@field sessionId string
---@field title string
---@field model string
---@field autonomy "off"|"low"|"medium"|"high"
---@field busy boolean
---@field turnId string|nil The turn that runs.
---@field document? string Its session document, where one was opened.

---One session in a list.
---@class droid.SessionRow
---@field sessionId string
---@field title string
---@field workspace string
---@field startedAt number Seconds since the epoch, UTC; `updatedAt` likewise.
---@field updatedAt number
---@field turns integer
---@field tokens integer All that its requests processed, cached or not.
---@field costUsd number|nil US dollars; null where a price is not known.
---@field model string
---@field live boolean It is open in this server.
---@field locked boolean Some process has it open for writing, this one or another.
---@field parent string|nil The session that it was forked from.

---The sessions of a workspace, the last one used first.
---@class droid.SessionList
---@field sessions droid.SessionRow[]

---What a session is called now.
---@class droid.RenameResult
---@field sessionId string
---@field title string

---A session as a text, or the file that it was written to in a client that declares nothing.
---@class droid.ExportResult
---@field sessionId string
---@field format "markdown"|"json"
---@field text? string
---@field document? string

---Whether a session is gone from the disk, with all that belonged to it.
---@class droid.DeleteResult
---@field sessionId string
---@field deleted boolean

---Where a session's document is; null where it cannot be shown.
---@class droid.TranscriptResult
---@field sessionId string
---@field document string|nil

---The document that got a place to write in.
---@class droid.BeginResult
---@field document string

---The question that was answered, and how.
---@class droid.ApprovalResult
---@field approvalId string
---@field answer "once"|"session"|"session_program"|"always"|"reject"|"instruct"

---The question that was answered; null declines.
---@class droid.AnswerResult
---@field questionId string
---@field answer string|nil

---A model that can be chosen.
---@class droid.ModelRow
---@field id string
---@field name string
---@field provider string
---@field contextWindow integer|nil In tokens; null where it is not known.
---@field images boolean It understands images.

---A model that is configured and may not be used, and why.
---@class droid.RefusedModel
---@field id string
---@field why string

---The models of a workspace; `current` is the session's, null where there is none.
---@class droid.ModelList
---@field models droid.ModelRow[]
---@field current string|nil
---@field refused droid.RefusedModel[]

---How things stand; without a session, only the first three.
---@class droid.StatusResult
---@field busy boolean
---@field kind string As in `droid/status`.
---@field message string
---@field sessionId? string
---@field title? string
---@field model? string
---@field autonomy? "off"|"low"|"medium"|"high"
---@field turnId? string|nil
---@field approvalId? string|nil The question that waits for an answer.
---@field costUsd? number|nil US dollars of the session so far; null where a price is not known.
---@field cwd? string

---Something that can be named in a prompt.
---@class droid.MentionItem
---@field insert string What to write: `@src/a.py`.
---@field label string Its name; `detail` says where it is, or what it stands for.
---@field detail string
---@field kind "file"|"folder"|"special"

---What fits the query, the best first.
---@class droid.MentionList
---@field items droid.MentionItem[]

---What a session used so far, and how full the model's window is.
---@class droid.UsageResult
---@field sessionId string|nil
---@field inputTokens integer
---@field outputTokens integer
---@field cacheReadTokens integer
---@field cacheWriteTokens integer
---@field costUsd number|nil US dollars; null where a price is not known.
---@field contextTokens integer What the conversation takes of the window now.
---@field contextWindow integer|nil The model's window in tokens; null where it is not known.
---@field text string The same as Markdown.

---What `droid-lsp doctor` says; `ok` means that nothing fails, `text` is Markdown.
---@class droid.DoctorResult
---@field ok boolean
---@field text string

---The person is asked whether to trust the folder `root`.
---@class droid.TrustResult
---@field asked boolean
---@field root string

---What the gate would do with a call, step by step; `input` as hooks would have made it.
---@class droid.PolicyResult
---@field verdict "allow"|"ask"|"deny"
---@field risk "low"|"medium"|"high"
---@field reason string
---@field input table<string, any>
---@field trace droid.TraceRow[]

---What `droid.ask` takes.
---@class droid.AskArguments
---@field prompt? string more to say; needed for `droid.ask`
---@field uri? string the document; else the last active one
---@field range? droid.Range the selection; else the last one known
---@field diagnostics? droid.GivenDiagnostic[] what is to be dealt with, as the editor shows it
---@field sessionId? string a session's id or the beginning of it; else the current one
---@field steer? boolean join a turn that runs; with `false`, the prompt is refused then
---@field images? droid.PromptImage[] what comes with the prompt

---What `droid.fix` takes.
---@class droid.FixArguments
---@field prompt? string more to say; needed for `droid.ask`
---@field uri? string the document; else the last active one
---@field range? droid.Range the selection; else the last one known
---@field diagnostics? droid.GivenDiagnostic[] what is to be dealt with, as the editor shows it
---@field sessionId? string a session's id or the beginning of it; else the current one
---@field steer? boolean join a turn that runs; with `false`, the prompt is refused then

---What `droid.explain` takes.
---@class droid.ExplainArguments
---@field prompt? string more to say; needed for `droid.ask`
---@field uri? string the document; else the last active one
---@field range? droid.Range the selection; else the last one known
---@field diagnostics? droid.GivenDiagnostic[] what is to be dealt with, as the editor shows it
---@field sessionId? string a session's id or the beginning of it; else the current one
---@field steer? boolean join a turn that runs; with `false`, the prompt is refused then

---What `droid.test` takes.
---@class droid.TestArguments
---@field prompt? string more to say; needed for `droid.ask`
---@field uri? string the document; else the last active one
---@field range? droid.Range the selection; else the last one known
---@field diagnostics? droid.GivenDiagnostic[] what is to be dealt with, as the editor shows it
---@field sessionId? string a session's id or the beginning of it; else the current one
---@field steer? boolean join a turn that runs; with `false`, the prompt is refused then

---What `droid.document` takes.
---@class droid.DocumentArguments
---@field prompt? string more to say; needed for `droid.ask`
---@field uri? string the document; else the last active one
---@field range? droid.Range the selection; else the last one known
---@field diagnostics? droid.GivenDiagnostic[] what is to be dealt with, as the editor shows it
---@field sessionId? string a session's id or the beginning of it; else the current one
---@field steer? boolean join a turn that runs; with `false`, the prompt is refused then

---What `droid.refactor` takes.
---@class droid.RefactorArguments
---@field prompt? string more to say; needed for `droid.ask`
---@field uri? string the document; else the last active one
---@field range? droid.Range the selection; else the last one known
---@field diagnostics? droid.GivenDiagnostic[] what is to be dealt with, as the editor shows it
---@field sessionId? string a session's id or the beginning of it; else the current one
---@field steer? boolean join a turn that runs; with `false`, the prompt is refused then

---What `droid.review` takes.
---@class droid.ReviewArguments
---@field prompt? string more to say; needed for `droid.ask`
---@field uri? string the document; else the last active one
---@field range? droid.Range the selection; else the last one known
---@field diagnostics? droid.GivenDiagnostic[] what is to be dealt with, as the editor shows it
---@field sessionId? string a session's id or the beginning of it; else the current one
---@field steer? boolean join a turn that runs; with `false`, the prompt is refused then

---What `droid.cancel` takes.
---@class droid.CancelArguments
---@field sessionId? string a session's id or the beginning of it; else the current one
---@field turnId? string only if this turn runs
---@field uri? string the document; else the last active one

---What `droid.undo` takes.
---@class droid.UndoArguments
---@field sessionId? string a session's id or the beginning of it; else the current one
---@field turnId? string which turn; else the last that changed files
---@field uri? string the document; else the last active one

---What `droid.review.list` takes.
---@class droid.ReviewListArguments
---@field sessionId? string a session's id or the beginning of it; else the current one

---What `droid.review.open` takes.
---@class droid.ReviewOpenArguments
---@field changesetId? string which changes; else the newest that are open
---@field sessionId? string a session's id or the beginning of it; else the current one
---@field uri? string the document; else the last active one

---What `droid.review.acceptHunk` takes.
---@class droid.ReviewAcceptHunkArguments
---@field changesetId? string which changes; else the newest that are open
---@field uri? string which file; else the one that the hunk is in, or the last active one
---@field hunkId? string which hunk; else the one at the cursor

---What `droid.review.rejectHunk` takes.
---@class droid.ReviewRejectHunkArguments
---@field changesetId? string which changes; else the newest that are open
---@field uri? string which file; else the one that the hunk is in, or the last active one
---@field hunkId? string which hunk; else the one at the cursor

---What `droid.review.acceptFile` takes.
---@class droid.ReviewAcceptFileArguments
---@field changesetId? string which changes; else the newest that are open
---@field uri? string which file; else the one that the hunk is in, or the last active one

---What `droid.review.rejectFile` takes.
---@class droid.ReviewRejectFileArguments
---@field changesetId? string which changes; else the newest that are open
---@field uri? string which file; else the one that the hunk is in, or the last active one

---What `droid.review.acceptAll` takes.
---@class droid.ReviewAcceptAllArguments
---@field changesetId? string which changes; else the newest that are open

---What `droid.review.rejectAll` takes.
---@class droid.ReviewRejectAllArguments
---@field changesetId? string which changes; else the newest that are open

---What `droid.review.content` takes.
---@class droid.ReviewContentArguments
---@field changesetId? string which changes; else the newest that are open
---@field uri? string which file; else the one that the hunk is in, or the last active one
---@field side? "before"|"after" else after

---What `droid.checkpoint.list` takes.
---@class droid.CheckpointListArguments
---@field sessionId? string a session's id or the beginning of it; else the current one

---What `droid.checkpoint.restore` takes.
---@class droid.CheckpointRestoreArguments
---@field sessionId? string a session's id or the beginning of it; else the current one
---@field turnId? string before which turn; else the last
---@field what? "files"|"conversation"|"both" else both

---What `droid.session.new` takes.
---@class droid.SessionNewArguments
---@field model? string
---@field autonomy? "off"|"low"|"medium"|"high" what runs without asking
---@field open? boolean also open its document

---What `droid.session.list` takes.
---@class droid.SessionListArguments
---@field query? string only those that contain this

---What `droid.session.resume` takes.
---@class droid.SessionResumeArguments
---@field sessionId? string a session's id or the beginning of it; else the current one

---What `droid.session.fork` takes.
---@class droid.SessionForkArguments
---@field sessionId? string a session's id or the beginning of it; else the current one

---What `droid.session.rename` takes.
---@class droid.SessionRenameArguments
---@field sessionId? string a session's id or the beginning of it; else the current one
---@field title? string

---What `droid.session.export` takes.
---@class droid.SessionExportArguments
---@field sessionId? string a session's id or the beginning of it; else the current one
---@field format? "markdown"|"json" else Markdown

---What `droid.session.delete` takes.
---@class droid.SessionDeleteArguments
---@field sessionId? string its id; else the person picks

---What `droid.transcript.open` takes.
---@class droid.TranscriptOpenArguments
---@field sessionId? string a session's id or the beginning of it; else the current one

---What `droid.send` takes.
---@class droid.SendArguments
---@field uri? string the document; else the last active one
---@field sessionId? string a session's id or the beginning of it; else the current one

---What `droid.document.begin` takes.
---@class droid.DocumentBeginArguments
---@field uri? string the document; else the last active one
---@field sessionId? string a session's id or the beginning of it; else the current one

---What `droid.comment.run` takes.
---@class droid.CommentRunArguments
---@field uri? string the document; else the last active one
---@field line? integer a line of the comment

---What `droid.approve` takes.
---@class droid.ApproveArguments
---@field approvalId? string else the question that is open
---@field answer? "once"|"session"|"session_program"|"always" else once
---@field sessionId? string a session's id or the beginning of it; else the current one
---@field uri? string the document; else the last active one

---What `droid.reject` takes.
---@class droid.RejectArguments
---@field approvalId? string else the question that is open
---@field instruction? string what to do instead
---@field answer? "reject"|"instruct" with `instruct` and no instruction, the draft of `uri` says it
---@field sessionId? string a session's id or the beginning of it; else the current one
---@field uri? string the document; else the last active one

---What `droid.answer` takes.
---@class droid.AnswerArguments
---@field questionId? string else the question that is open
---@field answer? string else the draft of `uri`; without that, it is declined
---@field sessionId? string a session's id or the beginning of it; else the current one
---@field uri? string the document; else the last active one

---What `droid.model.set` takes.
---@class droid.ModelSetArguments
---@field sessionId? string a session's id or the beginning of it; else the current one
---@field model? string its id; else the person picks

---What `droid.model.list` takes.
---@class droid.ModelListArguments
---@field sessionId? string a session's id or the beginning of it; else the current one

---What `droid.autonomy.set` takes.
---@class droid.AutonomySetArguments
---@field sessionId? string a session's id or the beginning of it; else the current one
---@field autonomy? "off"|"low"|"medium"|"high" what runs without asking

---What `droid.mentions` takes.
---@class droid.MentionsArguments
---@field query? string what was typed after `@`
---@field sessionId? string a session's id or the beginning of it; else the current one

---What `droid.status` takes.
---@class droid.StatusArguments
---@field sessionId? string a session's id or the beginning of it; else the current one

---What `droid.usage` takes.
---@class droid.UsageArguments
---@field sessionId? string a session's id or the beginning of it; else the current one

---What `droid.settings.explain` takes.
---@class droid.SettingsExplainArguments
---@field key? string its dotted path; else the one at `uri` and `range`, else all
---@field uri? string a settings file; else the last active one
---@field range? droid.Range where in it; else the last place known

---What `droid.policy.explain` takes.
---@class droid.PolicyExplainArguments
---@field command? string a shell command; else the one at `uri` and `range`
---@field tool? string another tool than Execute
---@field input? table<string, any> that tool's arguments
---@field uri? string a document; else the last active one
---@field range? droid.Range where in it; else the last place known

---What `droid.trust` takes.
---@class droid.TrustArguments
---@field uri? string a file in it; else the last active one

---One of these, told apart by `sessionUpdate`.
---@alias droid.SessionUpdate droid.UserMessageChunk|droid.AgentMessageChunk|droid.AgentThoughtChunk|droid.ToolCallStarted|droid.ToolCallUpdate|droid.DecisionUpdate|droid.PlanUpdate|droid.ApprovalWantedUpdate|droid.ApprovalAnsweredUpdate|droid.QuestionAskedUpdate|droid.QuestionAnsweredUpdate|droid.UsageUpdate|droid.RetryUpdate|droid.WarningUpdate|droid.CompactedUpdate|droid.UndoneUpdate|droid.RewoundUpdate|droid.SessionInfoUpdate|droid.TurnStartedUpdate|droid.TurnEndedUpdate|droid.ReplayStarted|droid.ReplayEnded

local M = {}

---The version of the protocol.
M.api = 1

---Every command by a short name.
M.commands = {
  ask = "droid.ask",
  fix = "droid.fix",
  explain = "droid.explain",
  test = "droid.test",
  document = "droid.document",
  refactor = "droid.refactor",
  review = "droid.review",
  cancel = "droid.cancel",
  undo = "droid.undo",
  reviewList = "droid.review.list",
  reviewOpen = "droid.review.open",
  reviewAcceptHunk = "droid.review.acceptHunk",
  reviewRejectHunk = "droid.review.rejectHunk",
  reviewAcceptFile = "droid.review.acceptFile",
  reviewRejectFile = "droid.review.rejectFile",
  reviewAcceptAll = "droid.review.acceptAll",
  reviewRejectAll = "droid.review.rejectAll",
  reviewContent = "droid.review.content",
  checkpointList = "droid.checkpoint.list",
  checkpointRestore = "droid.checkpoint.restore",
  sessionNew = "droid.session.new",
  sessionList = "droid.session.list",
  sessionResume = "droid.session.resume",
  sessionFork = "droid.session.fork",
  sessionRename = "droid.session.rename",
  sessionExport = "droid.session.export",
  sessionDelete = "droid.session.delete",
  transcriptOpen = "droid.transcript.open",
  send = "droid.send",
  documentBegin = "droid.document.begin",
  commentRun = "droid.comment.run",
  approve = "droid.approve",
  reject = "droid.reject",
  answer = "droid.answer",
  modelSet = "droid.model.set",
  modelList = "droid.model.list",
  autonomySet = "droid.autonomy.set",
  mentions = "droid.mentions",
  status = "droid.status",
  usage = "droid.usage",
  doctor = "droid.doctor",
  settingsExplain = "droid.settings.explain",
  policyExplain = "droid.policy.explain",
  trust = "droid.trust",
}

---What each command is called on a button and in a menu.
---@type table<string, string>
M.titles = {
  ["droid.ask"] = "Ask",
  ["droid.fix"] = "Fix",
  ["droid.explain"] = "Explain",
  ["droid.test"] = "Write tests",
  ["droid.document"] = "Document",
  ["droid.refactor"] = "Refactor",
  ["droid.review"] = "Review",
  ["droid.cancel"] = "Cancel",
  ["droid.undo"] = "Undo the last turn's changes",
  ["droid.review.list"] = "List changes",
  ["droid.review.open"] = "Review changes",
  ["droid.review.acceptHunk"] = "Accept hunk",
  ["droid.review.rejectHunk"] = "Reject hunk",
  ["droid.review.acceptFile"] = "Accept file",
  ["droid.review.rejectFile"] = "Reject file",
  ["droid.review.acceptAll"] = "Accept all changes",
  ["droid.review.rejectAll"] = "Reject all changes",
  ["droid.review.content"] = "Show one side of a change",
  ["droid.checkpoint.list"] = "List checkpoints",
  ["droid.checkpoint.restore"] = "Go back to a checkpoint",
  ["droid.session.new"] = "New session",
  ["droid.session.list"] = "List sessions",
  ["droid.session.resume"] = "Resume a session",
  ["droid.session.fork"] = "Fork a session",
  ["droid.session.rename"] = "Rename a session",
  ["droid.session.export"] = "Export a session",
  ["droid.session.delete"] = "Delete a session",
  ["droid.transcript.open"] = "Open the session document",
  ["droid.send"] = "Send",
  ["droid.document.begin"] = "Start a session here",
  ["droid.comment.run"] = "Run the comment",
  ["droid.approve"] = "Approve",
  ["droid.reject"] = "Reject",
  ["droid.answer"] = "Answer",
  ["droid.model.set"] = "Set the model",
  ["droid.model.list"] = "List models",
  ["droid.autonomy.set"] = "Set the autonomy level",
  ["droid.mentions"] = "Find what a prompt can name",
  ["droid.status"] = "Status",
  ["droid.usage"] = "Usage",
  ["droid.doctor"] = "Check the installation",
  ["droid.settings.explain"] = "Explain a setting",
  ["droid.policy.explain"] = "Explain what the gate would do",
  ["droid.trust"] = "Trust this workspace",
}

---The names of what each command takes, in its one argument.
---@type table<string, string[]>
M.arguments = {
  ["droid.ask"] = { "prompt", "uri", "range", "diagnostics", "sessionId", "steer", "images" },
  ["droid.fix"] = { "prompt", "uri", "range", "diagnostics", "sessionId", "steer" },
  ["droid.explain"] = { "prompt", "uri", "range", "diagnostics", "sessionId", "steer" },
  ["droid.test"] = { "prompt", "uri", "range", "diagnostics", "sessionId", "steer" },
  ["droid.document"] = { "prompt", "uri", "range", "diagnostics", "sessionId", "steer" },
  ["droid.refactor"] = { "prompt", "uri", "range", "diagnostics", "sessionId", "steer" },
  ["droid.review"] = { "prompt", "uri", "range", "diagnostics", "sessionId", "steer" },
  ["droid.cancel"] = { "sessionId", "turnId", "uri" },
  ["droid.undo"] = { "sessionId", "turnId", "uri" },
  ["droid.review.list"] = { "sessionId" },
  ["droid.review.open"] = { "changesetId", "sessionId", "uri" },
  ["droid.review.acceptHunk"] = { "changesetId", "uri", "hunkId" },
  ["droid.review.rejectHunk"] = { "changesetId", "uri", "hunkId" },
  ["droid.review.acceptFile"] = { "changesetId", "uri" },
  ["droid.review.rejectFile"] = { "changesetId", "uri" },
  ["droid.review.acceptAll"] = { "changesetId" },
  ["droid.review.rejectAll"] = { "changesetId" },
  ["droid.review.content"] = { "changesetId", "uri", "side" },
  ["droid.checkpoint.list"] = { "sessionId" },
  ["droid.checkpoint.restore"] = { "sessionId", "turnId", "what" },
  ["droid.session.new"] = { "model", "autonomy", "open" },
  ["droid.session.list"] = { "query" },
  ["droid.session.resume"] = { "sessionId" },
  ["droid.session.fork"] = { "sessionId" },
  ["droid.session.rename"] = { "sessionId", "title" },
  ["droid.session.export"] = { "sessionId", "format" },
  ["droid.session.delete"] = { "sessionId" },
  ["droid.transcript.open"] = { "sessionId" },
  ["droid.send"] = { "uri", "sessionId" },
  ["droid.document.begin"] = { "uri", "sessionId" },
  ["droid.comment.run"] = { "uri", "line" },
  ["droid.approve"] = { "approvalId", "answer", "sessionId", "uri" },
  ["droid.reject"] = { "approvalId", "instruction", "answer", "sessionId", "uri" },
  ["droid.answer"] = { "questionId", "answer", "sessionId", "uri" },
  ["droid.model.set"] = { "sessionId", "model" },
  ["droid.model.list"] = { "sessionId" },
  ["droid.autonomy.set"] = { "sessionId", "autonomy" },
  ["droid.mentions"] = { "query", "sessionId" },
  ["droid.status"] = { "sessionId" },
  ["droid.usage"] = { "sessionId" },
  ["droid.doctor"] = {},
  ["droid.settings.explain"] = { "key", "uri", "range" },
  ["droid.policy.explain"] = { "command", "tool", "input", "uri", "range" },
  ["droid.trust"] = { "uri" },
}

---Requests to the server by a short name: the parameters are what the command takes.
M.methods = {
  prompt = "droid/prompt",
  cancel = "droid/cancel",
  undo = "droid/undo",
  reviewList = "droid/review/list",
  reviewOpen = "droid/review/open",
  reviewAcceptHunk = "droid/review/acceptHunk",
  reviewRejectHunk = "droid/review/rejectHunk",
  reviewAcceptFile = "droid/review/acceptFile",
  reviewRejectFile = "droid/review/rejectFile",
  reviewAcceptAll = "droid/review/acceptAll",
  reviewRejectAll = "droid/review/rejectAll",
  reviewContent = "droid/review/content",
  checkpointList = "droid/checkpoint/list",
  checkpointRestore = "droid/checkpoint/restore",
  sessionNew = "droid/session/new",
  sessionList = "droid/session/list",
  sessionResume = "droid/session/resume",
  sessionFork = "droid/session/fork",
  sessionRename = "droid/session/rename",
  sessionExport = "droid/session/export",
  sessionDelete = "droid/session/delete",
  transcriptOpen = "droid/transcript/open",
  approve = "droid/approve",
  reject = "droid/reject",
  answer = "droid/answer",
  modelSet = "droid/model/set",
  modelList = "droid/model/list",
  autonomySet = "droid/autonomy/set",
  mentions = "droid/mentions",
  usage = "droid/usage",
  doctor = "droid/doctor",
  policyExplain = "droid/policy/explain",
}

---Requests of the server by a short name.
M.requests = {
  ---Whether a tool may run. Brings `droid.RequestApprovalParams`. Answered with `droid.RequestApprovalResult`. Needs `approval: rich`.
  requestApproval = "droid/requestApproval",
  ---What the agent wants to know. Brings `droid.RequestAnswerParams`. Answered with `droid.RequestAnswerResult`. Needs `approval: rich`.
  requestAnswer = "droid/requestAnswer",
  ---Save documents before a command runs. Brings `droid.SaveParams`. Needs `save`.
  save = "droid/save",
}

---Notifications of the server by a short name.
M.notifications = {
  ---Something happened in a session. Brings `droid.SessionUpdateParams`. Needs `transcript: stream`.
  sessionUpdate = "droid/sessionUpdate",
  ---A session came, went or was renamed. Needs `sessions`.
  sessionListChanged = "droid/sessionListChanged",
  ---What a session is doing. Brings `droid.StatusParams`. Needs `status`.
  status = "droid/status",
  ---A session goes on with another model or autonomy level. Brings `droid.ConfigChangedParams`. Needs `api`.
  configChanged = "droid/configChanged",
  ---Changes to be looked at hunk by hunk came, or stand otherwise than before. Brings `droid.Changeset`. Needs `review: hunk`.
  reviewChanges = "droid/reviewChanges",
}

---Every kind of update by the name of its type.
M.updates = {
  UserMessageChunk = "user_message_chunk",
  AgentMessageChunk = "agent_message_chunk",
  AgentThoughtChunk = "agent_thought_chunk",
  ToolCallStarted = "tool_call",
  ToolCallUpdate = "tool_call_update",
  DecisionUpdate = "decision",
  PlanUpdate = "plan",
  ApprovalWantedUpdate = "approval_wanted",
  ApprovalAnsweredUpdate = "approval_answered",
  QuestionAskedUpdate = "question_asked",
  QuestionAnsweredUpdate = "question_answered",
  UsageUpdate = "usage",
  RetryUpdate = "retry",
  WarningUpdate = "warning",
  CompactedUpdate = "compacted",
  UndoneUpdate = "undone",
  RewoundUpdate = "rewound",
  SessionInfoUpdate = "session_info_update",
  TurnStartedUpdate = "turn_started",
  TurnEndedUpdate = "turn_ended",
  ReplayStarted = "replay_started",
  ReplayEnded = "replay_ended",
}

---What a field may be, where it is one of a few texts: type, then field.
M.values = {
  ClientCapabilities = {
    transcript = { "stream", "file" },
    review = { "hunk", "annotated", "file" },
    approval = { "rich", "message" },
  },
  RequestApprovalResult = {
    answer = { "once", "session", "session_program", "always", "reject", "instruct" },
  },
  ToolCallStarted = {
    kind = { "read", "search", "edit", "execute", "fetch", "think", "other" },
  },
  ToolCallUpdate = {
    status = { "in_progress", "completed", "failed" },
  },
  TraceRow = {
    verdict = { "allow", "ask", "deny" },
  },
  DecisionUpdate = {
    verdict = { "allow", "ask", "deny" },
    risk = { "low", "medium", "high" },
  },
  PlanEntry = {
    priority = { "low", "medium", "high" },
    status = { "pending", "in_progress", "completed" },
  },
  SessionInfoUpdate = {
    autonomy = { "off", "low", "medium", "high" },
  },
  HunkInfo = {
    state = { "pending", "accepted", "rejected", "stale" },
  },
  ChangedFile = {
    kind = { "create", "edit", "delete" },
    state = { "pending", "accepted", "rejected", "stale", "mixed" },
  },
  Changeset = {
    kind = { "edit", "restore" },
    state = { "proposed", "applied", "closed" },
  },
  SessionResult = {
    autonomy = { "off", "low", "medium", "high" },
  },
  ExportResult = {
    format = { "markdown", "json" },
  },
  ApprovalResult = {
    answer = { "once", "session", "session_program", "always", "reject", "instruct" },
  },
  StatusResult = {
    autonomy = { "off", "low", "medium", "high" },
  },
  MentionItem = {
    kind = { "file", "folder", "special" },
  },
  PolicyResult = {
    verdict = { "allow", "ask", "deny" },
    risk = { "low", "medium", "high" },
  },
}

return M

// Written by `make generate` from `server/droid/lsp/protocol*.py` and `verbs.py`; change those.
// What each message means is told in `docs/protocol.md`.

/** The version of the protocol; a client that declares an older one gets no `droid/*` message. */
export const API = 1;

/** Who the client is. */
export interface EditorInfo {
  name: string;
  version?: string;
}

/** What a client declares, in `capabilities.experimental.droid` or `initializationOptions.droid`. */
export interface ClientCapabilities {
  api: number;
  editor?: EditorInfo;
  transcript?: "stream" | "file";
  review?: "hunk" | "annotated" | "file";
  approval?: "rich" | "message";
  input?: boolean;
  status?: boolean;
  sessions?: boolean;
  save?: boolean;
  /** In `initializationOptions.droid` alone: `false` where the editor does not trust its folders; `true` changes nothing. */
  trusted?: boolean;
}

/** Which server answers. */
export interface ServerInfo {
  name: string;
  version: string;
}

/** What the server answers, in `capabilities.experimental.droid`; the same names mean the same. */
export interface ServerCapabilities {
  api: number;
  server: ServerInfo;
  transcript: string;
  review: string;
  approval: string;
  input: boolean;
  status: boolean;
  sessions: boolean;
  save: boolean;
  methods: string[];
}

/** `droid/sessionUpdate`: something happened in a session. */
export interface SessionUpdateParams {
  sessionId: string;
  turnId: string | null;
  update: SessionUpdate;
}

/** `droid/status`: what a session is doing, in a word and in a line. */
export interface StatusParams {
  sessionId: string;
  busy: boolean;
  kind: string;
  message: string;
}

/** `droid/configChanged`, and how verbs describe a live session. */
export interface ConfigChangedParams {
  sessionId: string;
  title: string;
  model: string;
  autonomy: string;
  busy: boolean;
  turnId: string | null;
}

/** `droid/requestApproval`: whether a tool may run. */
export interface RequestApprovalParams {
  sessionId: string;
  turnId: string | null;
  approvalId: string;
  callId: string;
  tool: string;
  /** The exact command, or a line for each file, or the tool's input. */
  subject: string;
  cwd: string;
  risk: string;
  reason: string;
  /** The answers that can be given, of `once`, `session`, `session_program`, `always`, `reject`, `instruct`; a client leaves out those that it does not know. */
  options: string[];
  /** What `session` would allow from now on, in words. */
  sessionGrant: string | null;
  /** The program with its subcommand that `session_program` would: `git commit`. */
  sessionProgram: string | null;
  /** The entry that `always` would add to the user's allowlist: `npm test`. */
  always: string | null;
  /** What would change, where that can be told. */
  diff: string | null;
  /** The same, hunk by hunk, for a client that declared `review: hunk`. */
  changeset?: Changeset | null;
  /** What each step of the gate said. */
  trace?: TraceRow[];
}

/** The person's answer; anything else is a no. */
export interface RequestApprovalResult {
  answer: "once" | "session" | "session_program" | "always" | "reject" | "instruct";
  instruction?: string;
  /** With `once`, the hunks of the changeset that may be written; without it, all. */
  acceptedHunks?: string[];
}

/** `droid/requestAnswer`: what the agent wants to know; without options, in the person's own words. */
export interface RequestAnswerParams {
  sessionId: string;
  turnId: string | null;
  questionId: string;
  text: string;
  options: string[];
}

/** `answer` is null where the person declines. */
export interface RequestAnswerResult {
  answer: string | null;
}

/** `droid/save`: save these documents; the result says nothing, `didSave` does. */
export interface SaveParams {
  uris: string[];
}

/** A piece of text. */
export interface TextContent {
  type: "text";
  text: string;
}

/** What the person said: a prompt, or a message that joined the running turn. */
export interface UserMessageChunk {
  sessionUpdate: "user_message_chunk";
  content: TextContent;
  /** How many images came with it. */
  images?: number;
}

/** A piece of the answer, in Markdown. */
export interface AgentMessageChunk {
  sessionUpdate: "agent_message_chunk";
  content: TextContent;
}

/** A piece of what the model thinks. */
export interface AgentThoughtChunk {
  sessionUpdate: "agent_thought_chunk";
  content: TextContent;
}

/** A file that a call is about; `line` from 1. */
export interface ToolCallLocation {
  path: string;
  line?: number;
}

/** What a call says. */
export interface ContentBlock {
  type: "content";
  content: TextContent;
}

/** What a call changed in one file, as a unified diff. */
export interface DiffBlock {
  type: "diff";
  path: string;
  diff: string;
}

/** The model wants to use a tool. */
export interface ToolCallStarted {
  sessionUpdate: "tool_call";
  toolCallId: string;
  title: string;
  kind: "read" | "search" | "edit" | "execute" | "fetch" | "think" | "other";
  status: "pending";
  tool: string;
  rawInput: Record<string, unknown>;
}

/** How a call goes on. */
export interface ToolCallUpdate {
  sessionUpdate: "tool_call_update";
  toolCallId: string;
  status?: "in_progress" | "completed" | "failed";
  /** A piece of what it prints, to be added to the pieces before. */
  output?: string;
  /** What it left behind, in place of what was there. */
  content?: (ContentBlock | DiffBlock)[];
  locations?: ToolCallLocation[];
  durationS?: number;
}

/** What one step of the gate said of a call. */
export interface TraceRow {
  step: string;
  verdict: "allow" | "ask" | "deny" | null;
  rule: string;
  level: string;
  file: string | null;
  matched: string | null;
}

/** What the gate decided about a call, and why. */
export interface DecisionUpdate {
  sessionUpdate: "decision";
  toolCallId: string;
  verdict: "allow" | "ask" | "deny";
  risk: "low" | "medium" | "high";
  reason: string;
  trace: TraceRow[];
}

/** One thing to do. */
export interface PlanEntry {
  content: string;
  priority: "low" | "medium" | "high";
  status: "pending" | "in_progress" | "completed";
}

/** The whole list of things to do, in place of the one before. */
export interface PlanUpdate {
  sessionUpdate: "plan";
  entries: PlanEntry[];
}

/** A call waits for the person; the question itself is `droid/requestApproval`. */
export interface ApprovalWantedUpdate {
  sessionUpdate: "approval_wanted";
  approvalId: string;
  toolCallId: string;
}

/** That question is closed, wherever it was answered; without an answer, it was withdrawn. */
export interface ApprovalAnsweredUpdate {
  sessionUpdate: "approval_answered";
  approvalId: string;
  toolCallId: string;
  answer: string | null;
  instruction?: string | null;
}

/** The agent wants to know something; the question itself is `droid/requestAnswer`. */
export interface QuestionAskedUpdate {
  sessionUpdate: "question_asked";
  questionId: string;
  text: string;
  options: string[];
}

/** That question is closed. */
export interface QuestionAnsweredUpdate {
  sessionUpdate: "question_answered";
  questionId: string;
  answer: string | null;
}

/** What a request cost, and how full the model's window is. */
export interface UsageUpdate {
  sessionUpdate: "usage";
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  /** US dollars of this request; null where a price is not known. */
  costUsd: number | null;
  /** US dollars of the session so far; null where a price is not known. */
  totalCostUsd: number | null;
  /** What the conversation takes of the window now. */
  contextTokens: number;
  /** The model's window in tokens; null where it is not known. */
  contextWindow: number | null;
}

/** The provider failed, and will be asked again: what has come of this answer is no part of it any more, and a client takes it away. */
export interface RetryUpdate {
  sessionUpdate: "retry";
  attempt: number;
  delayS: number;
  reason: string;
}

/** What the person should know. */
export interface WarningUpdate {
  sessionUpdate: "warning";
  message: string;
}

/** Older messages were replaced with a summary. */
export interface CompactedUpdate {
  sessionUpdate: "compacted";
}

/** File changes of a turn were taken back; `conflicts` are left as they are. */
export interface UndoneUpdate {
  sessionUpdate: "undone";
  turnId: string;
  paths: string[];
  conflicts: string[];
}

/** The conversation goes on from before this turn: it and all after it are no longer part of it. */
export interface RewoundUpdate {
  sessionUpdate: "rewound";
  turnId: string;
}

/** What a session is called, or how it goes on. */
export interface SessionInfoUpdate {
  sessionUpdate: "session_info_update";
  title?: string;
  model?: string;
  autonomy?: "off" | "low" | "medium" | "high";
}

/** A turn begins; its first message follows. `startedAt` is in seconds since the epoch, UTC. */
export interface TurnStartedUpdate {
  sessionUpdate: "turn_started";
  startedAt: number;
}

/** A turn is over: why, what it cost and how long it took. */
export interface TurnEndedUpdate {
  sessionUpdate: "turn_ended";
  reason: string;
  message: string;
  costUsd: number | null;
  durationS: number;
}

/** All of the session follows from its beginning. */
export interface ReplayStarted {
  sessionUpdate: "replay_started";
}

/** What follows happens now. */
export interface ReplayEnded {
  sessionUpdate: "replay_ended";
}

/** One hunk; lines from 1, as in a unified diff. */
export interface HunkInfo {
  hunkId: string;
  oldStart: number;
  oldLines: number;
  newStart: number;
  newLines: number;
  /** Each with ` `, `+` or `-` before it, without its line end; after one that has none in the file, `\ No newline at end of file`. Empty where the file is not text. */
  lines: string[];
  state: "pending" | "accepted" | "rejected" | "stale";
  /** How many more lines there are, of a very long hunk; `droid/review/content` has them. */
  leftOut?: number;
}

/** What changes in one file. */
export interface ChangedFile {
  /** As people name it: relative where it lies in the workspace. */
  path: string;
  uri: string;
  kind: "create" | "edit" | "delete";
  /** The version of the open document that it is based on; null where it was not open. */
  version: number | null;
  /** SHA-256 of the content that it is based on; null where there is no file. */
  before: string | null;
  /** SHA-256 of the content with all hunks; null where there is no file then. */
  after: string | null;
  /** It is not text. As where a file is created or deleted, one hunk stands for all of it; here it has no lines. */
  binary: boolean;
  state: "pending" | "accepted" | "rejected" | "stale" | "mixed";
  hunks: HunkInfo[];
}

/** Changes that belong together. */
export interface Changeset {
  changesetId: string;
  sessionId: string;
  turnId: string | null;
  /** The tool call that wants them; null for those of a whole turn. */
  callId: string | null;
  /** The question that is answered by accepting and rejecting; null where nobody asks. */
  approvalId: string | null;
  kind: "edit" | "restore";
  state: "proposed" | "applied" | "closed";
  title: string;
  files: ChangedFile[];
  /** Paths that would be gone back to and that somebody else has changed since. */
  conflicts: string[];
}

/** A hunk that could not be accepted or rejected, and why. */
export interface RefusedHunk {
  path: string;
  hunkId: string | null;
  why: string;
}

/** What `droid/review/*` answers: how things stand now, and what was refused. */
export interface ReviewResult {
  changeset: Changeset;
  refused: RefusedHunk[];
  document?: string;
}

/** What `droid/review/list` answers: those of a session that are not closed, the newest last. */
export interface ChangesetList {
  changesets: Changeset[];
}

/** What `droid/review/content` answers: one side of a file for a diff; null where there is no file. */
export interface ReviewContent {
  text: string | null;
}

/** A moment that can be gone back to: before a turn. */
export interface Checkpoint {
  turnId: string;
  prompt: string;
  /** Seconds since the epoch, UTC. */
  startedAt: number;
  /** The files that change when it is gone back to, as people name them. */
  paths: string[];
  /** What commands did to other files can be taken back too. */
  workspace: boolean;
  /** What could not be kept, in words. */
  leftOut: string[];
}

/** What `droid/checkpoint/list` answers, the newest last. */
export interface CheckpointList {
  sessionId: string;
  checkpoints: Checkpoint[];
}

/** What `droid/checkpoint/restore` answers. */
export interface RestoreResult {
  sessionId: string;
  turnId: string;
  /** What is to be accepted first; null where no file changes. */
  changeset: Changeset | null;
  /** What the person had said in that turn, to say it again in other words; null where the conversation stays. */
  prompt: string | null;
  /** Nothing waits for an answer any more. */
  done: boolean;
}

/** A place in a document as in LSP: from 0, in the agreed position encoding. */
export interface Position {
  line: number;
  character: number;
}

/** A stretch of a document as in LSP. */
export interface Range {
  start: Position;
  end: Position;
}

/** A diagnostic that is to be dealt with; an LSP `Diagnostic` fits. */
export interface GivenDiagnostic {
  range: Range;
  message: string;
  /** 1 error, 2 warning, 3 information, 4 hint. */
  severity?: number;
  source?: string | null;
}

/** An image that comes with a prompt. */
export interface PromptImage {
  /** `image/png` and the like. */
  mediaType: string;
  /** In base64. */
  data: string;
}

/** The person is asked first. */
export interface Asked {
  asked: boolean;
}

/** A prompt was taken. */
export interface PromptResult {
  sessionId: string;
  /** The turn that it began or joined; null where no turn runs any more. */
  turnId?: string | null;
  /** It answered a question that was open, instead of beginning a turn. */
  answered?: boolean;
  /** Where to write the prompt, in a client without a box for it; then nothing was sent. */
  document?: string;
}

/** Whether there was something to cancel. */
export interface CancelResult {
  sessionId?: string;
  cancelled: boolean;
}

/** What was taken back, and what was left as it is because somebody changed it since. */
export interface UndoResult {
  sessionId: string;
  turnId: string;
  paths: string[];
  conflicts: string[];
}

/** A session that is open in this server. */
export interface SessionResult {
  sessionId: string;
  title: string;
  model: string;
  autonomy: "off" | "low" | "medium" | "high";
  busy: boolean;
  /** The turn that runs. */
  turnId: string | null;
  /** Its session document, where one was opened. */
  document?: string;
}

/** One session in a list. */
export interface SessionRow {
  sessionId: string;
  title: string;
  workspace: string;
  /** Seconds since the epoch, UTC; `updatedAt` likewise. */
  startedAt: number;
  updatedAt: number;
  turns: number;
  /** All that its requests processed, cached or not. */
  tokens: number;
  /** US dollars; null where a price is not known. */
  costUsd: number | null;
  model: string;
  /** It is open in this server. */
  live: boolean;
  /** Some process has it open for writing, this one or another. */
  locked: boolean;
  /** The session that it was forked from. */
  parent: string | null;
}

/** The sessions of a workspace, the last one used first. */
export interface SessionList {
  sessions: SessionRow[];
}

/** What a session is called now. */
export interface RenameResult {
  sessionId: string;
  title: string;
}

/** A session as a text, or the file that it was written to in a client that declares nothing. */
export interface ExportResult {
  sessionId: string;
  format: "markdown" | "json";
  text?: string;
  document?: string;
}

/** Whether a session is gone from the disk, with all that belonged to it. */
export interface DeleteResult {
  sessionId: string;
  deleted: boolean;
}

/** Where a session's document is; null where it cannot be shown. */
export interface TranscriptResult {
  sessionId: string;
  document: string | null;
}

/** The document that got a place to write in. */
export interface BeginResult {
  document: string;
}

/** The question that was answered, and how. */
export interface ApprovalResult {
  approvalId: string;
  answer: "once" | "session" | "session_program" | "always" | "reject" | "instruct";
}

/** The question that was answered; null declines. */
export interface AnswerResult {
  questionId: string;
  answer: string | null;
}

/** A model that can be chosen. */
export interface ModelRow {
  id: string;
  name: string;
  provider: string;
  /** In tokens; null where it is not known. */
  contextWindow: number | null;
  /** It understands images. */
  images: boolean;
}

/** A model that is configured and may not be used, and why. */
export interface RefusedModel {
  id: string;
  why: string;
}

/** The models of a workspace; `current` is the session's, null where there is none. */
export interface ModelList {
  models: ModelRow[];
  current: string | null;
  refused: RefusedModel[];
}

/** How things stand; without a session, only the first three. */
export interface StatusResult {
  busy: boolean;
  /** As in `droid/status`. */
  kind: string;
  message: string;
  sessionId?: string;
  title?: string;
  model?: string;
  autonomy?: "off" | "low" | "medium" | "high";
  turnId?: string | null;
  /** The question that waits for an answer. */
  approvalId?: string | null;
  /** US dollars of the session so far; null where a price is not known. */
  costUsd?: number | null;
  cwd?: string;
}

/** Something that can be named in a prompt. */
export interface MentionItem {
  /** What to write: `@src/a.py`. */
  insert: string;
  /** Its name; `detail` says where it is, or what it stands for. */
  label: string;
  detail: string;
  kind: "file" | "folder" | "special";
}

/** What fits the query, the best first. */
export interface MentionList {
  items: MentionItem[];
}

/** What a session used so far, and how full the model's window is. */
export interface UsageResult {
  sessionId: string | null;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  /** US dollars; null where a price is not known. */
  costUsd: number | null;
  /** What the conversation takes of the window now. */
  contextTokens: number;
  /** The model's window in tokens; null where it is not known. */
  contextWindow: number | null;
  /** The same as Markdown. */
  text: string;
}

/** What `droid-lsp doctor` says; `ok` means that nothing fails, `text` is Markdown. */
export interface DoctorResult {
  ok: boolean;
  text: string;
}

/** The person is asked whether to trust the folder `root`. */
export interface TrustResult {
  asked: boolean;
  root: string;
}

/** What the gate would do with a call, step by step; `input` as hooks would have made it. */
export interface PolicyResult {
  verdict: "allow" | "ask" | "deny";
  risk: "low" | "medium" | "high";
  reason: string;
  input: Record<string, unknown>;
  trace: TraceRow[];
}

/** What `droid.ask` takes. */
export interface AskArguments {
  /** more to say; needed for `droid.ask` */
  prompt?: string;
  /** the document; else the last active one */
  uri?: string;
  /** the selection; else the last one known */
  range?: Range;
  /** what is to be dealt with, as the editor shows it */
  diagnostics?: GivenDiagnostic[];
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
  /** join a turn that runs; with `false`, the prompt is refused then */
  steer?: boolean;
  /** what comes with the prompt */
  images?: PromptImage[];
}

/** What `droid.fix` takes. */
export interface FixArguments {
  /** more to say; needed for `droid.ask` */
  prompt?: string;
  /** the document; else the last active one */
  uri?: string;
  /** the selection; else the last one known */
  range?: Range;
  /** what is to be dealt with, as the editor shows it */
  diagnostics?: GivenDiagnostic[];
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
  /** join a turn that runs; with `false`, the prompt is refused then */
  steer?: boolean;
}

/** What `droid.explain` takes. */
export interface ExplainArguments {
  /** more to say; needed for `droid.ask` */
  prompt?: string;
  /** the document; else the last active one */
  uri?: string;
  /** the selection; else the last one known */
  range?: Range;
  /** what is to be dealt with, as the editor shows it */
  diagnostics?: GivenDiagnostic[];
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
  /** join a turn that runs; with `false`, the prompt is refused then */
  steer?: boolean;
}

/** What `droid.test` takes. */
export interface TestArguments {
  /** more to say; needed for `droid.ask` */
  prompt?: string;
  /** the document; else the last active one */
  uri?: string;
  /** the selection; else the last one known */
  range?: Range;
  /** what is to be dealt with, as the editor shows it */
  diagnostics?: GivenDiagnostic[];
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
  /** join a turn that runs; with `false`, the prompt is refused then */
  steer?: boolean;
}

/** What `droid.document` takes. */
export interface DocumentArguments {
  /** more to say; needed for `droid.ask` */
  prompt?: string;
  /** the document; else the last active one */
  uri?: string;
  /** the selection; else the last one known */
  range?: Range;
  /** what is to be dealt with, as the editor shows it */
  diagnostics?: GivenDiagnostic[];
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
  /** join a turn that runs; with `false`, the prompt is refused then */
  steer?: boolean;
}

/** What `droid.refactor` takes. */
export interface RefactorArguments {
  /** more to say; needed for `droid.ask` */
  prompt?: string;
  /** the document; else the last active one */
  uri?: string;
  /** the selection; else the last one known */
  range?: Range;
  /** what is to be dealt with, as the editor shows it */
  diagnostics?: GivenDiagnostic[];
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
  /** join a turn that runs; with `false`, the prompt is refused then */
  steer?: boolean;
}

/** What `droid.review` takes. */
export interface ReviewArguments {
  /** more to say; needed for `droid.ask` */
  prompt?: string;
  /** the document; else the last active one */
  uri?: string;
  /** the selection; else the last one known */
  range?: Range;
  /** what is to be dealt with, as the editor shows it */
  diagnostics?: GivenDiagnostic[];
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
  /** join a turn that runs; with `false`, the prompt is refused then */
  steer?: boolean;
}

/** What `droid.cancel` takes. */
export interface CancelArguments {
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
  /** only if this turn runs */
  turnId?: string;
  /** the document; else the last active one */
  uri?: string;
}

/** What `droid.undo` takes. */
export interface UndoArguments {
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
  /** which turn; else the last that changed files */
  turnId?: string;
  /** the document; else the last active one */
  uri?: string;
}

/** What `droid.review.list` takes. */
export interface ReviewListArguments {
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
}

/** What `droid.review.open` takes. */
export interface ReviewOpenArguments {
  /** which changes; else the newest that are open */
  changesetId?: string;
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
  /** the document; else the last active one */
  uri?: string;
}

/** What `droid.review.acceptHunk` takes. */
export interface ReviewAcceptHunkArguments {
  /** which changes; else the newest that are open */
  changesetId?: string;
  /** which file; else the one that the hunk is in, or the last active one */
  uri?: string;
  /** which hunk; else the one at the cursor */
  hunkId?: string;
}

/** What `droid.review.rejectHunk` takes. */
export interface ReviewRejectHunkArguments {
  /** which changes; else the newest that are open */
  changesetId?: string;
  /** which file; else the one that the hunk is in, or the last active one */
  uri?: string;
  /** which hunk; else the one at the cursor */
  hunkId?: string;
}

/** What `droid.review.acceptFile` takes. */
export interface ReviewAcceptFileArguments {
  /** which changes; else the newest that are open */
  changesetId?: string;
  /** which file; else the one that the hunk is in, or the last active one */
  uri?: string;
}

/** What `droid.review.rejectFile` takes. */
export interface ReviewRejectFileArguments {
  /** which changes; else the newest that are open */
  changesetId?: string;
  /** which file; else the one that the hunk is in, or the last active one */
  uri?: string;
}

/** What `droid.review.acceptAll` takes. */
export interface ReviewAcceptAllArguments {
  /** which changes; else the newest that are open */
  changesetId?: string;
}

/** What `droid.review.rejectAll` takes. */
export interface ReviewRejectAllArguments {
  /** which changes; else the newest that are open */
  changesetId?: string;
}

/** What `droid.review.content` takes. */
export interface ReviewContentArguments {
  /** which changes; else the newest that are open */
  changesetId?: string;
  /** which file; else the one that the hunk is in, or the last active one */
  uri?: string;
  /** else after */
  side?: "before" | "after";
}

/** What `droid.checkpoint.list` takes. */
export interface CheckpointListArguments {
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
}

/** What `droid.checkpoint.restore` takes. */
export interface CheckpointRestoreArguments {
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
  /** before which turn; else the last */
  turnId?: string;
  /** else both */
  what?: "files" | "conversation" | "both";
}

/** What `droid.session.new` takes. */
export interface SessionNewArguments {
  model?: string;
  /** what runs without asking */
  autonomy?: "off" | "low" | "medium" | "high";
  /** also open its document */
  open?: boolean;
}

/** What `droid.session.list` takes. */
export interface SessionListArguments {
  /** only those that contain this */
  query?: string;
}

/** What `droid.session.resume` takes. */
export interface SessionResumeArguments {
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
}

/** What `droid.session.fork` takes. */
export interface SessionForkArguments {
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
}

/** What `droid.session.rename` takes. */
export interface SessionRenameArguments {
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
  title?: string;
}

/** What `droid.session.export` takes. */
export interface SessionExportArguments {
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
  /** else Markdown */
  format?: "markdown" | "json";
}

/** What `droid.session.delete` takes. */
export interface SessionDeleteArguments {
  /** its id; else the person picks */
  sessionId?: string;
}

/** What `droid.transcript.open` takes. */
export interface TranscriptOpenArguments {
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
}

/** What `droid.send` takes. */
export interface SendArguments {
  /** the document; else the last active one */
  uri?: string;
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
}

/** What `droid.document.begin` takes. */
export interface DocumentBeginArguments {
  /** the document; else the last active one */
  uri?: string;
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
}

/** What `droid.comment.run` takes. */
export interface CommentRunArguments {
  /** the document; else the last active one */
  uri?: string;
  /** a line of the comment */
  line?: number;
}

/** What `droid.approve` takes. */
export interface ApproveArguments {
  /** else the question that is open */
  approvalId?: string;
  /** else once */
  answer?: "once" | "session" | "session_program" | "always";
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
  /** the document; else the last active one */
  uri?: string;
}

/** What `droid.reject` takes. */
export interface RejectArguments {
  /** else the question that is open */
  approvalId?: string;
  /** what to do instead */
  instruction?: string;
  /** with `instruct` and no instruction, the draft of `uri` says it */
  answer?: "reject" | "instruct";
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
  /** the document; else the last active one */
  uri?: string;
}

/** What `droid.answer` takes. */
export interface AnswerArguments {
  /** else the question that is open */
  questionId?: string;
  /** else the draft of `uri`; without that, it is declined */
  answer?: string;
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
  /** the document; else the last active one */
  uri?: string;
}

/** What `droid.model.set` takes. */
export interface ModelSetArguments {
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
  /** its id; else the person picks */
  model?: string;
}

/** What `droid.model.list` takes. */
export interface ModelListArguments {
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
}

/** What `droid.autonomy.set` takes. */
export interface AutonomySetArguments {
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
  /** what runs without asking */
  autonomy?: "off" | "low" | "medium" | "high";
}

/** What `droid.mentions` takes. */
export interface MentionsArguments {
  /** what was typed after `@` */
  query?: string;
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
}

/** What `droid.status` takes. */
export interface StatusArguments {
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
}

/** What `droid.usage` takes. */
export interface UsageArguments {
  /** a session's id or the beginning of it; else the current one */
  sessionId?: string;
}

/** What `droid.settings.explain` takes. */
export interface SettingsExplainArguments {
  /** its dotted path; else the one at `uri` and `range`, else all */
  key?: string;
  /** a settings file; else the last active one */
  uri?: string;
  /** where in it; else the last place known */
  range?: Range;
}

/** What `droid.policy.explain` takes. */
export interface PolicyExplainArguments {
  /** a shell command; else the one at `uri` and `range` */
  command?: string;
  /** another tool than Execute */
  tool?: string;
  /** that tool's arguments */
  input?: Record<string, unknown>;
  /** a document; else the last active one */
  uri?: string;
  /** where in it; else the last place known */
  range?: Range;
}

/** What `droid.trust` takes. */
export interface TrustArguments {
  /** a file in it; else the last active one */
  uri?: string;
}

/** One of these, told apart by `sessionUpdate`. */
export type SessionUpdate =
  | UserMessageChunk
  | AgentMessageChunk
  | AgentThoughtChunk
  | ToolCallStarted
  | ToolCallUpdate
  | DecisionUpdate
  | PlanUpdate
  | ApprovalWantedUpdate
  | ApprovalAnsweredUpdate
  | QuestionAskedUpdate
  | QuestionAnsweredUpdate
  | UsageUpdate
  | RetryUpdate
  | WarningUpdate
  | CompactedUpdate
  | UndoneUpdate
  | RewoundUpdate
  | SessionInfoUpdate
  | TurnStartedUpdate
  | TurnEndedUpdate
  | ReplayStarted
  | ReplayEnded;

export type UpdateKind = SessionUpdate["sessionUpdate"];

/** The update of one kind: `UpdateOf<"tool_call">`. */
export type UpdateOf<K extends UpdateKind> = Extract<SessionUpdate, { sessionUpdate: K }>;

/** What each command takes, as its one argument or not at all, and answers. */
export interface Commands {
  "droid.ask": { argument: AskArguments; result: PromptResult };
  "droid.fix": { argument: FixArguments; result: PromptResult };
  "droid.explain": { argument: ExplainArguments; result: PromptResult };
  "droid.test": { argument: TestArguments; result: PromptResult };
  "droid.document": { argument: DocumentArguments; result: PromptResult };
  "droid.refactor": { argument: RefactorArguments; result: PromptResult };
  "droid.review": { argument: ReviewArguments; result: PromptResult };
  "droid.cancel": { argument: CancelArguments; result: CancelResult };
  "droid.undo": { argument: UndoArguments; result: UndoResult };
  "droid.review.list": { argument: ReviewListArguments; result: ChangesetList };
  "droid.review.open": { argument: ReviewOpenArguments; result: ReviewResult };
  "droid.review.acceptHunk": { argument: ReviewAcceptHunkArguments; result: ReviewResult };
  "droid.review.rejectHunk": { argument: ReviewRejectHunkArguments; result: ReviewResult };
  "droid.review.acceptFile": { argument: ReviewAcceptFileArguments; result: ReviewResult };
  "droid.review.rejectFile": { argument: ReviewRejectFileArguments; result: ReviewResult };
  "droid.review.acceptAll": { argument: ReviewAcceptAllArguments; result: ReviewResult };
  "droid.review.rejectAll": { argument: ReviewRejectAllArguments; result: ReviewResult };
  "droid.review.content": { argument: ReviewContentArguments; result: ReviewContent };
  "droid.checkpoint.list": { argument: CheckpointListArguments; result: CheckpointList };
  "droid.checkpoint.restore": { argument: CheckpointRestoreArguments; result: RestoreResult };
  "droid.session.new": { argument: SessionNewArguments; result: SessionResult };
  "droid.session.list": { argument: SessionListArguments; result: SessionList };
  "droid.session.resume": { argument: SessionResumeArguments; result: SessionResult | Asked };
  "droid.session.fork": { argument: SessionForkArguments; result: SessionResult | Asked };
  "droid.session.rename": { argument: SessionRenameArguments; result: RenameResult };
  "droid.session.export": { argument: SessionExportArguments; result: ExportResult };
  "droid.session.delete": { argument: SessionDeleteArguments; result: DeleteResult | Asked };
  "droid.transcript.open": { argument: TranscriptOpenArguments; result: TranscriptResult };
  "droid.send": { argument: SendArguments; result: PromptResult };
  "droid.document.begin": { argument: DocumentBeginArguments; result: BeginResult };
  "droid.comment.run": { argument: CommentRunArguments; result: PromptResult | Asked };
  "droid.approve": { argument: ApproveArguments; result: ApprovalResult };
  "droid.reject": { argument: RejectArguments; result: ApprovalResult };
  "droid.answer": { argument: AnswerArguments; result: AnswerResult };
  "droid.model.set": { argument: ModelSetArguments; result: SessionResult | Asked };
  "droid.model.list": { argument: ModelListArguments; result: ModelList };
  "droid.autonomy.set": { argument: AutonomySetArguments; result: SessionResult | Asked };
  "droid.mentions": { argument: MentionsArguments; result: MentionList };
  "droid.status": { argument: StatusArguments; result: StatusResult };
  "droid.usage": { argument: UsageArguments; result: UsageResult };
  "droid.doctor": { argument: Record<string, never>; result: DoctorResult };
  "droid.settings.explain": { argument: SettingsExplainArguments; result: unknown };
  "droid.policy.explain": { argument: PolicyExplainArguments; result: PolicyResult };
  "droid.trust": { argument: TrustArguments; result: TrustResult };
}

/** Requests to the server: what each takes and answers. */
export interface ServerRequests {
  "droid/prompt": { params: AskArguments; result: PromptResult };
  "droid/cancel": { params: CancelArguments; result: CancelResult };
  "droid/undo": { params: UndoArguments; result: UndoResult };
  "droid/review/list": { params: ReviewListArguments; result: ChangesetList };
  "droid/review/open": { params: ReviewOpenArguments; result: ReviewResult };
  "droid/review/acceptHunk": { params: ReviewAcceptHunkArguments; result: ReviewResult };
  "droid/review/rejectHunk": { params: ReviewRejectHunkArguments; result: ReviewResult };
  "droid/review/acceptFile": { params: ReviewAcceptFileArguments; result: ReviewResult };
  "droid/review/rejectFile": { params: ReviewRejectFileArguments; result: ReviewResult };
  "droid/review/acceptAll": { params: ReviewAcceptAllArguments; result: ReviewResult };
  "droid/review/rejectAll": { params: ReviewRejectAllArguments; result: ReviewResult };
  "droid/review/content": { params: ReviewContentArguments; result: ReviewContent };
  "droid/checkpoint/list": { params: CheckpointListArguments; result: CheckpointList };
  "droid/checkpoint/restore": { params: CheckpointRestoreArguments; result: RestoreResult };
  "droid/session/new": { params: SessionNewArguments; result: SessionResult };
  "droid/session/list": { params: SessionListArguments; result: SessionList };
  "droid/session/resume": { params: SessionResumeArguments; result: SessionResult | Asked };
  "droid/session/fork": { params: SessionForkArguments; result: SessionResult | Asked };
  "droid/session/rename": { params: SessionRenameArguments; result: RenameResult };
  "droid/session/export": { params: SessionExportArguments; result: ExportResult };
  "droid/session/delete": { params: SessionDeleteArguments; result: DeleteResult | Asked };
  "droid/transcript/open": { params: TranscriptOpenArguments; result: TranscriptResult };
  "droid/approve": { params: ApproveArguments; result: ApprovalResult };
  "droid/reject": { params: RejectArguments; result: ApprovalResult };
  "droid/answer": { params: AnswerArguments; result: AnswerResult };
  "droid/model/set": { params: ModelSetArguments; result: SessionResult | Asked };
  "droid/model/list": { params: ModelListArguments; result: ModelList };
  "droid/autonomy/set": { params: AutonomySetArguments; result: SessionResult | Asked };
  "droid/mentions": { params: MentionsArguments; result: MentionList };
  "droid/usage": { params: UsageArguments; result: UsageResult };
  "droid/doctor": { params: Record<string, never>; result: DoctorResult };
  "droid/policy/explain": { params: PolicyExplainArguments; result: PolicyResult };
}

/** Requests of the server: what each brings and wants to be answered. */
export interface ClientRequests {
  /** Whether a tool may run. Needs `approval: rich`. */
  "droid/requestApproval": { params: RequestApprovalParams; result: RequestApprovalResult };
  /** What the agent wants to know. Needs `approval: rich`. */
  "droid/requestAnswer": { params: RequestAnswerParams; result: RequestAnswerResult };
  /** Save documents before a command runs. Needs `save`. */
  "droid/save": { params: SaveParams; result: unknown };
}

/** Notifications of the server: what each brings. */
export interface ClientNotifications {
  /** Something happened in a session. Needs `transcript: stream`. */
  "droid/sessionUpdate": SessionUpdateParams;
  /** A session came, went or was renamed. Needs `sessions`. */
  "droid/sessionListChanged": Record<string, never>;
  /** What a session is doing. Needs `status`. */
  "droid/status": StatusParams;
  /** A session goes on with another model or autonomy level. Needs `api`. */
  "droid/configChanged": ConfigChangedParams;
  /** Changes to be looked at hunk by hunk came, or stand otherwise than before. Needs `review: hunk`. */
  "droid/reviewChanges": Changeset;
}

/** Notifications to the server: there are none besides those of LSP. */
export type ServerNotifications = Record<string, never>;

export type CommandName = keyof Commands;
export type ServerRequestName = keyof ServerRequests;
export type ClientRequestName = keyof ClientRequests;
export type ClientNotificationName = keyof ClientNotifications;

/** Every command by a short name. */
export const Command = {
  ask: "droid.ask",
  fix: "droid.fix",
  explain: "droid.explain",
  test: "droid.test",
  document: "droid.document",
  refactor: "droid.refactor",
  review: "droid.review",
  cancel: "droid.cancel",
  undo: "droid.undo",
  reviewList: "droid.review.list",
  reviewOpen: "droid.review.open",
  reviewAcceptHunk: "droid.review.acceptHunk",
  reviewRejectHunk: "droid.review.rejectHunk",
  reviewAcceptFile: "droid.review.acceptFile",
  reviewRejectFile: "droid.review.rejectFile",
  reviewAcceptAll: "droid.review.acceptAll",
  reviewRejectAll: "droid.review.rejectAll",
  reviewContent: "droid.review.content",
  checkpointList: "droid.checkpoint.list",
  checkpointRestore: "droid.checkpoint.restore",
  sessionNew: "droid.session.new",
  sessionList: "droid.session.list",
  sessionResume: "droid.session.resume",
  sessionFork: "droid.session.fork",
  sessionRename: "droid.session.rename",
  sessionExport: "droid.session.export",
  sessionDelete: "droid.session.delete",
  transcriptOpen: "droid.transcript.open",
  send: "droid.send",
  documentBegin: "droid.document.begin",
  commentRun: "droid.comment.run",
  approve: "droid.approve",
  reject: "droid.reject",
  answer: "droid.answer",
  modelSet: "droid.model.set",
  modelList: "droid.model.list",
  autonomySet: "droid.autonomy.set",
  mentions: "droid.mentions",
  status: "droid.status",
  usage: "droid.usage",
  doctor: "droid.doctor",
  settingsExplain: "droid.settings.explain",
  policyExplain: "droid.policy.explain",
  trust: "droid.trust",
} as const;

/** What each command is called on a button and in a menu. */
export const CommandTitle = {
  "droid.ask": "Ask",
  "droid.fix": "Fix",
  "droid.explain": "Explain",
  "droid.test": "Write tests",
  "droid.document": "Document",
  "droid.refactor": "Refactor",
  "droid.review": "Review",
  "droid.cancel": "Cancel",
  "droid.undo": "Undo the last turn's changes",
  "droid.review.list": "List changes",
  "droid.review.open": "Review changes",
  "droid.review.acceptHunk": "Accept hunk",
  "droid.review.rejectHunk": "Reject hunk",
  "droid.review.acceptFile": "Accept file",
  "droid.review.rejectFile": "Reject file",
  "droid.review.acceptAll": "Accept all changes",
  "droid.review.rejectAll": "Reject all changes",
  "droid.review.content": "Show one side of a change",
  "droid.checkpoint.list": "List checkpoints",
  "droid.checkpoint.restore": "Go back to a checkpoint",
  "droid.session.new": "New session",
  "droid.session.list": "List sessions",
  "droid.session.resume": "Resume a session",
  "droid.session.fork": "Fork a session",
  "droid.session.rename": "Rename a session",
  "droid.session.export": "Export a session",
  "droid.session.delete": "Delete a session",
  "droid.transcript.open": "Open the session document",
  "droid.send": "Send",
  "droid.document.begin": "Start a session here",
  "droid.comment.run": "Run the comment",
  "droid.approve": "Approve",
  "droid.reject": "Reject",
  "droid.answer": "Answer",
  "droid.model.set": "Set the model",
  "droid.model.list": "List models",
  "droid.autonomy.set": "Set the autonomy level",
  "droid.mentions": "Find what a prompt can name",
  "droid.status": "Status",
  "droid.usage": "Usage",
  "droid.doctor": "Check the installation",
  "droid.settings.explain": "Explain a setting",
  "droid.policy.explain": "Explain what the gate would do",
  "droid.trust": "Trust this workspace",
} as const;

/** Requests to the server by a short name. */
export const ServerMethod = {
  prompt: "droid/prompt",
  cancel: "droid/cancel",
  undo: "droid/undo",
  reviewList: "droid/review/list",
  reviewOpen: "droid/review/open",
  reviewAcceptHunk: "droid/review/acceptHunk",
  reviewRejectHunk: "droid/review/rejectHunk",
  reviewAcceptFile: "droid/review/acceptFile",
  reviewRejectFile: "droid/review/rejectFile",
  reviewAcceptAll: "droid/review/acceptAll",
  reviewRejectAll: "droid/review/rejectAll",
  reviewContent: "droid/review/content",
  checkpointList: "droid/checkpoint/list",
  checkpointRestore: "droid/checkpoint/restore",
  sessionNew: "droid/session/new",
  sessionList: "droid/session/list",
  sessionResume: "droid/session/resume",
  sessionFork: "droid/session/fork",
  sessionRename: "droid/session/rename",
  sessionExport: "droid/session/export",
  sessionDelete: "droid/session/delete",
  transcriptOpen: "droid/transcript/open",
  approve: "droid/approve",
  reject: "droid/reject",
  answer: "droid/answer",
  modelSet: "droid/model/set",
  modelList: "droid/model/list",
  autonomySet: "droid/autonomy/set",
  mentions: "droid/mentions",
  usage: "droid/usage",
  doctor: "droid/doctor",
  policyExplain: "droid/policy/explain",
} as const;

/** Requests and notifications of the server by a short name. */
export const ClientMethod = {
  sessionUpdate: "droid/sessionUpdate",
  sessionListChanged: "droid/sessionListChanged",
  status: "droid/status",
  configChanged: "droid/configChanged",
  requestApproval: "droid/requestApproval",
  requestAnswer: "droid/requestAnswer",
  reviewChanges: "droid/reviewChanges",
  save: "droid/save",
} as const;

/** Every kind of update by the name of its type. */
export const UpdateKinds = {
  UserMessageChunk: "user_message_chunk",
  AgentMessageChunk: "agent_message_chunk",
  AgentThoughtChunk: "agent_thought_chunk",
  ToolCallStarted: "tool_call",
  ToolCallUpdate: "tool_call_update",
  DecisionUpdate: "decision",
  PlanUpdate: "plan",
  ApprovalWantedUpdate: "approval_wanted",
  ApprovalAnsweredUpdate: "approval_answered",
  QuestionAskedUpdate: "question_asked",
  QuestionAnsweredUpdate: "question_answered",
  UsageUpdate: "usage",
  RetryUpdate: "retry",
  WarningUpdate: "warning",
  CompactedUpdate: "compacted",
  UndoneUpdate: "undone",
  RewoundUpdate: "rewound",
  SessionInfoUpdate: "session_info_update",
  TurnStartedUpdate: "turn_started",
  TurnEndedUpdate: "turn_ended",
  ReplayStarted: "replay_started",
  ReplayEnded: "replay_ended",
} as const;

/** What a field may be, where it is one of a few texts: type, then field. */
export const FieldValues = {
  ClientCapabilities: {
    transcript: ["stream", "file"],
    review: ["hunk", "annotated", "file"],
    approval: ["rich", "message"],
  },
  RequestApprovalResult: {
    answer: ["once", "session", "session_program", "always", "reject", "instruct"],
  },
  ToolCallStarted: {
    kind: ["read", "search", "edit", "execute", "fetch", "think", "other"],
  },
  ToolCallUpdate: {
    status: ["in_progress", "completed", "failed"],
  },
  TraceRow: {
    verdict: ["allow", "ask", "deny"],
  },
  DecisionUpdate: {
    verdict: ["allow", "ask", "deny"],
    risk: ["low", "medium", "high"],
  },
  PlanEntry: {
    priority: ["low", "medium", "high"],
    status: ["pending", "in_progress", "completed"],
  },
  SessionInfoUpdate: {
    autonomy: ["off", "low", "medium", "high"],
  },
  HunkInfo: {
    state: ["pending", "accepted", "rejected", "stale"],
  },
  ChangedFile: {
    kind: ["create", "edit", "delete"],
    state: ["pending", "accepted", "rejected", "stale", "mixed"],
  },
  Changeset: {
    kind: ["edit", "restore"],
    state: ["proposed", "applied", "closed"],
  },
  SessionResult: {
    autonomy: ["off", "low", "medium", "high"],
  },
  ExportResult: {
    format: ["markdown", "json"],
  },
  ApprovalResult: {
    answer: ["once", "session", "session_program", "always", "reject", "instruct"],
  },
  StatusResult: {
    autonomy: ["off", "low", "medium", "high"],
  },
  MentionItem: {
    kind: ["file", "folder", "special"],
  },
  PolicyResult: {
    verdict: ["allow", "ask", "deny"],
    risk: ["low", "medium", "high"],
  },
} as const;

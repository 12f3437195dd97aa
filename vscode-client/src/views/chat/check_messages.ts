/** Checks of what one side of the chat got from the other; what has not the right shape is dropped. */
import type { ToHost, ToWebview } from './messages.js';

const MAX_ID = 200;
const MAX_TEXT = 1_000_000;
const MAX_PATH = 4096;
export const MAX_FOLDERS = 100;
const MAX_IMAGES = 20;
const MAX_IMAGE = 8_000_000;

type Check = (value: unknown) => boolean;
type Shape = Readonly<Record<string, Check>>;

const text =
  (max: number): Check =>
  (value) =>
    typeof value === 'string' && value.length <= max;
const one =
  (...values: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && values.includes(value);
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const flag: Check = (value) => typeof value === 'boolean';
const or =
  (empty: null | undefined, check: Check): Check =>
  (value) =>
    value === empty || check(value);
const list =
  (max: number, check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length <= max && value.every(check);
const shape =
  (fields: Shape): Check =>
  (value) =>
    isObject(value) && Object.entries(fields).every(([name, check]) => check(value[name]));

const id: Check = (value) => typeof value === 'string' && value.length > 0 && value.length <= MAX_ID;
const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;

const image = shape({
  mediaType: one('image/png', 'image/jpeg', 'image/gif', 'image/webp'),
  data: (value) => text(MAX_IMAGE)(value) && /^[A-Za-z0-9+/]*={0,2}$/.test(value as string),
});

const TO_HOST: Readonly<Record<ToHost['type'], Shape>> = {
  ready: {},
  painted: { readyMs: number, paintMs: number },
  select: { sessionId: id },
  newSession: {},
  prompt: {
    requestId: count,
    sessionId: or(null, id),
    text: text(MAX_TEXT),
    images: list(MAX_IMAGES, image),
  },
  cancel: { sessionId: id },
  answerApproval: {
    approvalId: id,
    answer: one('once', 'session', 'session_program', 'always', 'reject', 'instruct'),
    instruction: or(undefined, text(MAX_TEXT)),
  },
  answerQuestion: { questionId: id, answer: or(null, text(MAX_TEXT)) },
  reviewApproval: { approvalId: id },
  reviewTurn: { sessionId: id, turnId: id },
  openFile: { sessionId: id, callId: id, path: text(MAX_PATH), line: or(undefined, count) },
  openLink: { sessionId: id, href: text(MAX_PATH) },
  insertCode: { sessionId: id, text: text(MAX_TEXT) },
  createFile: { sessionId: id, text: text(MAX_TEXT), language: text(50) },
  mentions: { requestId: count, sessionId: or(null, id), query: text(500) },
  pickModel: { sessionId: or(null, id) },
  pickAutonomy: { sessionId: or(null, id) },
  restore: {
    requestId: count,
    sessionId: id,
    turnId: id,
    what: one('files', 'conversation', 'both'),
  },
  sessionAction: {
    sessionId: id,
    action: one('rename', 'fork', 'export', 'delete', 'openInEditor', 'transcript'),
  },
  listSessions: { requestId: count, query: text(500) },
  resume: { sessionId: id },
  appAction: { action: one('restart', 'log', 'settings', 'doctor', 'trust') },
};

const meta = shape({
  sessionId: id,
  title: text(MAX_TEXT),
  model: text(MAX_PATH),
  autonomy: text(50),
  busy: flag,
  turnId: or(null, id),
  kind: text(MAX_PATH),
  message: text(MAX_TEXT),
});
const update = shape({ sessionId: id, update: shape({ sessionUpdate: id }) });
const updates = list(Number.MAX_SAFE_INTEGER, update);
const live = { live: list(1000, meta), active: or(null, id) };
const config = shape({ enterSends: flag, place: one('view', 'editor'), trusted: flag, folders: list(MAX_FOLDERS, text(MAX_PATH)) });
const server = shape({ state: one('stopped', 'starting', 'running', 'restarting', 'missing', 'failed') });
const words = list(100, text(MAX_TEXT));
const mention = shape({ insert: text(MAX_PATH), label: text(MAX_PATH), detail: text(MAX_PATH), kind: text(50) });
const listed = shape({ sessionId: id, title: text(MAX_TEXT), updatedAt: number, turns: count, live: flag, locked: flag });

const TO_WEBVIEW: Readonly<Record<ToWebview['type'], Shape>> = {
  init: { config, server, ...live },
  config: { config },
  server: { server },
  live,
  session: { sessionId: id, updates },
  updates: { updates },
  approval: {
    params: shape({ sessionId: id, approvalId: id, callId: id, subject: text(Infinity), options: words, cwd: text(Infinity) }),
  },
  question: { params: shape({ sessionId: id, questionId: id, text: text(Infinity), options: words }) },
  closed: { id, sessionId: id },
  promptResult: { requestId: count, sessionId: or(null, id), error: or(null, text(MAX_TEXT)) },
  mentionsResult: { requestId: count, items: list(1000, mention) },
  restoreResult: { requestId: count, prompt: or(null, text(MAX_TEXT)), error: or(null, text(MAX_TEXT)) },
  sessionList: { requestId: count, sessions: list(10_000, listed), error: or(null, text(MAX_TEXT)) },
  failed: { message: text(MAX_TEXT) },
  compose: { text: text(MAX_TEXT) },
  focus: {},
};

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checked<T>(value: unknown, table: Readonly<Record<string, Shape>>): T | undefined {
  if (!isObject(value) || typeof value['type'] !== 'string') return undefined;
  const fields = Object.hasOwn(table, value['type']) ? table[value['type']] : undefined;
  return fields !== undefined && shape(fields)(value) ? (value as T) : undefined;
}

export function toHost(value: unknown): ToHost | undefined {
  return checked<ToHost>(value, TO_HOST);
}

export function toWebview(value: unknown): ToWebview | undefined {
  return checked<ToWebview>(value, TO_WEBVIEW);
}

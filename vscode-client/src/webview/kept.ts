/** What is kept across reloads: drafts by session, prompts that were sent, tabs that were closed. */
import type { ImageData } from '../views/chat/messages.js';
import { readState, writeState } from './host.js';

export interface Draft {
  readonly text: string;
  readonly images: readonly ImageData[];
}

export const NO_DRAFT: Draft = { text: '', images: [] };

/** Where a draft is kept that no session has yet. */
const NO_SESSION = '';
const MAX_HISTORY = 100;
const MAX_DRAFTS = 50;
const MAX_IMAGE_CHARACTERS = 4_000_000;
const SETTLE_MS = 300;

interface Kept {
  drafts: Record<string, Draft>;
  history: string[];
  closed: string[];
  planFolded: boolean;
  /** For an editor that is opened again with the window. */
  session: string | null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function read(): Kept {
  const state = readState();
  const from = isRecord(state) ? state : {};
  const drafts: Record<string, Draft> = {};
  for (const [id, draft] of Object.entries(isRecord(from['drafts']) ? from['drafts'] : {})) {
    if (!isRecord(draft) || typeof draft['text'] !== 'string') continue;
    const images = Array.isArray(draft['images']) ? (draft['images'] as ImageData[]) : [];
    drafts[id] = { text: draft['text'], images };
  }
  return {
    drafts,
    history: strings(from['history']),
    closed: strings(from['closed']),
    planFolded: from['planFolded'] === true,
    session: typeof from['session'] === 'string' ? from['session'] : null,
  };
}

const kept = read();
let timer: number | undefined;

function save(): void {
  window.clearTimeout(timer);
  timer = undefined;
  writeState(kept);
}

function saveSoon(): void {
  timer ??= window.setTimeout(save, SETTLE_MS);
}

// The page may go at any moment; what was typed last is kept, too.
window.addEventListener('pagehide', save);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') save();
});

export function draftOf(sessionId: string | null): Draft {
  return kept.drafts[sessionId ?? NO_SESSION] ?? NO_DRAFT;
}

export function keepDraft(sessionId: string | null, draft: Draft): void {
  const id = sessionId ?? NO_SESSION;
  delete kept.drafts[id];
  if (draft.text !== '' || draft.images.length > 0) {
    const size = draft.images.reduce((sum, image) => sum + image.data.length, 0);
    kept.drafts[id] = size > MAX_IMAGE_CHARACTERS ? { text: draft.text, images: [] } : draft;
  }
  const ids = Object.keys(kept.drafts);
  for (const old of ids.slice(0, Math.max(0, ids.length - MAX_DRAFTS))) delete kept.drafts[old];
  saveSoon();
}

/** Prompts that were sent, the oldest first. */
export function sentPrompts(): readonly string[] {
  return kept.history;
}

export function keepPrompt(text: string): void {
  kept.history = [...kept.history.filter((one) => one !== text), text].slice(-MAX_HISTORY);
  saveSoon();
}

export function closedTabs(): readonly string[] {
  return kept.closed;
}

export function keepClosed(closed: readonly string[]): void {
  kept.closed = [...closed];
  saveSoon();
}

export function isPlanFolded(): boolean {
  return kept.planFolded;
}

export function keepPlanFolded(folded: boolean): void {
  kept.planFolded = folded;
  saveSoon();
}

export function keepSession(sessionId: string | null): void {
  if (kept.session === sessionId) return;
  kept.session = sessionId;
  saveSoon();
}

/** Small changes of turns and items; what does not change stays the same value, so that it is not drawn again. */
import type { Item, Session, ToolItem, Turn } from './model.js';

/** An item without its key, which its turn gives. */
export type NewItem = Item extends infer One ? (One extends Item ? Omit<One, 'key'> : never) : never;

function emptyTurn(id: string): Turn {
  return { id, startedAt: undefined, items: [], ended: undefined, undone: undefined, nextKey: 0 };
}

/** The session with one turn changed; a turn that is not known yet is begun. */
export function withTurn(session: Session, turnId: string | null, change: (turn: Turn) => Turn): Session {
  const { turns } = session;
  const last = turns.length - 1;
  let at = last;
  if (turnId !== null) {
    while (at >= 0 && turns[at]?.id !== turnId) at -= 1;
  }
  const found = at >= 0 ? turns[at] : undefined;
  if (found === undefined) return { ...session, turns: [...turns, change(emptyTurn(turnId ?? ''))] };
  const changed = change(found);
  return changed === found ? session : { ...session, turns: turns.with(at, changed) };
}

/** The turn with one more item; a text before it is complete. */
export function added(turn: Turn, item: NewItem): Turn {
  const key = `${turn.id}:${turn.nextKey}`;
  const items = closedText(turn.items);
  return { ...turn, items: [...items, { ...item, key } as Item], nextKey: turn.nextKey + 1 };
}

/** The items, the last text among them complete. */
export function closedText(items: readonly Item[]): readonly Item[] {
  const last = items.at(-1);
  if (last === undefined || (last.kind !== 'text' && last.kind !== 'thought') || !last.open) return items;
  return items.with(items.length - 1, { ...last, open: false });
}

export function withTool(
  session: Session,
  turnId: string | null,
  callId: string,
  change: (tool: ToolItem) => ToolItem,
): Session {
  const inTurn = (turn: Turn): Turn => {
    const at = turn.items.findLastIndex((item) => item.kind === 'tool' && item.callId === callId);
    const tool = turn.items[at];
    if (tool?.kind !== 'tool') return turn;
    const changed = change(tool);
    return changed === tool ? turn : { ...turn, items: turn.items.with(at, changed) };
  };
  if (turnId !== null && session.turns.some((turn) => turn.id === turnId)) {
    return withTurn(session, turnId, inTurn);
  }
  for (let at = session.turns.length - 1; at >= 0; at -= 1) {
    const turn = session.turns[at] as Turn;
    const changed = inTurn(turn);
    if (changed !== turn) return { ...session, turns: session.turns.with(at, changed) };
  }
  return session;
}

/** The session with each item of its last turns changed. */
export function mapRecent(session: Session, change: (item: Item) => Item): Session {
  let changed = false;
  const turns = session.turns.map((turn, at) => {
    if (at < session.turns.length - 3) return turn;
    const items = turn.items.map(change);
    if (items.every((item, index) => item === turn.items[index])) return turn;
    changed = true;
    return { ...turn, items };
  });
  return changed ? { ...session, turns } : session;
}


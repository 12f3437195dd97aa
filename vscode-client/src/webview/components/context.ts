/** What parts deep in a conversation need: whose it is, and how to say something to a screen reader. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

export interface ConversationContext {
  readonly sessionId: string;
  /** Put a prompt into the input box, to be sent as a replacement of this turn. */
  editPrompt(turnId: string, text: string): void;
  retry(turnId: string, text: string): void;
  readonly busy: () => boolean;
}

export const Conversation = createContext<ConversationContext>({
  sessionId: '',
  editPrompt: () => undefined,
  retry: () => undefined,
  busy: () => false,
});

/** Paths of the open folders. */
export const Folders = createContext<readonly string[]>([]);

export function useConversation(): ConversationContext {
  return useContext(Conversation);
}

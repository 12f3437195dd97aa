/** A block of code: its language, and buttons to copy it, to put it at the cursor and to make a file of it. */
import { useState } from 'preact/hooks';
import { useConversation } from '../components/context.js';
import { IconButton } from '../components/icons.js';
import { announce } from '../components/announcer.js';
import { post } from '../host.js';
import { visible } from '../text/exact.js';
import { GrowingText } from './growing_text.js';

export async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  announce('Copied');
}

export function CopyButton({ text, label = 'Copy' }: { text: () => string; label?: string }) {
  const [done, setDone] = useState(false);
  return (
    <IconButton
      inMessage
      icon={done ? 'check' : 'copy'}
      label={done ? 'Copied' : label}
      onClick={() => {
        void copy(text()).then(() => {
          setDone(true);
          window.setTimeout(() => setDone(false), 1500);
        });
      }}
    />
  );
}

export function CodeBlock({ text, language }: { text: string; language: string }) {
  const { sessionId } = useConversation();
  const word = language.split(/[\s{,]/)[0] ?? '';
  return (
    <div class="code" role="group" aria-label={word ? `${word} code` : 'code'}>
      <div class="code-head">
        <span class="code-language">{word}</span>
        <span class="buttons">
          <CopyButton text={() => text} label="Copy code" />
          <IconButton inMessage icon="insert" label="Insert at cursor" onClick={() => post({ type: 'insertCode', sessionId, text })} />
          <IconButton
            inMessage
            icon="newFile"
            label="Create file"
            onClick={() => post({ type: 'createFile', sessionId, text, language: word.slice(0, 50) })}
          />
        </span>
      </div>
      <pre tabIndex={-1} data-stop>
        <GrowingText text={visible(text)} />
      </pre>
    </div>
  );
}

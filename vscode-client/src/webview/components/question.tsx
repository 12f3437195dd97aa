/** What the agent wants to know: an option, an answer in one's own words, or none. */
import { useId, useRef, useState } from 'preact/hooks';
import { post } from '../host.js';
import { Markdown } from '../markdown/markdown.js';
import type { QuestionItem } from '../state/model.js';
import { ExactText } from './exact_text.js';
import { Icon } from './icons.js';
import { useGuard } from './use_guard.js';

export function QuestionView({ item }: { item: QuestionItem }) {
  const id = useId();
  const buttons = useRef<HTMLDivElement>(null);
  const guard = useGuard(buttons);
  const [text, setText] = useState('');
  const [sent, setSent] = useState(false);
  const answer = (given: string | null): void => {
    if (sent) return;
    setSent(true);
    post({ type: 'answerQuestion', questionId: item.questionId, answer: given });
  };
  const isOpen = item.state === 'open';
  return (
    <section class={`question ${isOpen ? 'open' : ''}`} aria-labelledby={`${id}-title`} data-approval={isOpen ? item.questionId : undefined}>
      <h2 id={`${id}-title`} class="approval-title">
        <Icon name="think" />
        <span>{isOpen ? 'Droid asks' : 'Droid asked'}</span>
      </h2>
      <Markdown text={item.text} />
      {isOpen ? (
        <>
          <div ref={buttons} class="answers" role="group" aria-label="Answers" onPointerDown={guard.onPointerDown} onKeyDown={guard.onKeyDown}>
            {item.options.map((option, at) => (
              <button key={at} type="button" class="button" aria-disabled={sent || undefined} onClick={guard.press(() => answer(option))}>
                <ExactText text={option} />
              </button>
            ))}
            <button type="button" class="button quiet" aria-disabled={sent || undefined} onClick={guard.press(() => answer(null))}>
              Decline to answer
            </button>
          </div>
          {guard.refused && <p class="hint">Not taken: this had only just come or moved. Press again.</p>}
          <form
            class="instruct"
            onSubmit={(event) => {
              event.preventDefault();
              if (text.trim()) answer(text);
            }}
          >
            <label>
              {item.options.length > 0 ? 'Or in your own words' : 'Your answer'}
              <textarea rows={2} value={text} onInput={(event) => setText(event.currentTarget.value)} />
            </label>
            <button type="button" class="button" aria-disabled={sent || !text.trim() || undefined} onClick={() => text.trim() && answer(text)}>
              Answer
            </button>
          </form>
        </>
      ) : (
        <p class="dim">
          {item.state === 'withdrawn' ? 'Closed without an answer.' : item.answer !== null && <>You answered: {item.answer}</>}
        </p>
      )}
    </section>
  );
}

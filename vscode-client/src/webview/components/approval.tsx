/**
 * Whether a tool may run: the exact payload, why it is asked, and the answers.
 *
 * It takes no focus and has no default: an answer is a press on one of its buttons, begun once the card has
 * been in its place for a while.
 */
import { useId, useMemo, useRef, useState } from 'preact/hooks';
import type { RequestApprovalParams } from '../../protocol.js';
import type { Answer } from '../../views/chat/messages.js';
import { post } from '../host.js';
import type { Approval } from '../state/model.js';
import { filesOf, runsOf, type FileDiff } from '../text/diff.js';
import { hiddenCount } from '../text/exact.js';
import { plural } from '../text/format.js';
import { allows, answered, choicesOf } from './approval_answers.js';
import { DiffView } from './diff_view.js';
import { ExactText } from './exact_text.js';
import { Icon } from './icons.js';
import { Trace } from './trace.js';
import { useGuard } from './use_guard.js';

export function ApprovalView({ approval }: { approval: Approval }) {
  if (approval.state === 'open') return approval.params ? <OpenApproval params={approval.params} /> : null;
  const isYes = allows(approval.answer);
  return (
    <div class={`approval-closed ${isYes ? 'yes' : 'no'}`}>
      <Icon name={isYes ? 'check' : approval.state === 'withdrawn' ? 'history' : 'close'} />
      <span>
        {answered(approval.state === 'withdrawn' ? null : approval.answer)}
        {approval.instruction && (
          <>
            : <q>{approval.instruction}</q>
          </>
        )}
      </span>
    </div>
  );
}

function OpenApproval({ params }: { params: RequestApprovalParams }) {
  const id = useId();
  const buttons = useRef<HTMLDivElement>(null);
  const guard = useGuard(buttons);
  const [instruction, setInstruction] = useState<string>();
  const [sent, setSent] = useState(false);
  const choices = choicesOf(params);
  const grants = choices.filter((choice) => choice.grant !== undefined);

  const answer = (given: Answer, text?: string): void => {
    if (sent) return;
    setSent(true);
    post({ type: 'answerApproval', approvalId: params.approvalId, answer: given, ...(text ? { instruction: text } : {}) });
  };

  return (
    <section class={`approval risk-${params.risk}`} aria-labelledby={`${id}-title`} data-approval={params.approvalId}>
      <h2 id={`${id}-title`} class="approval-title">
        <Icon name="hand" />
        <span>
          Approve <ExactText text={params.tool} />?
        </span>
        <span class={`risk risk-${params.risk}`}>{params.risk} risk</span>
      </h2>
      <Payload params={params} />
      <dl class="facts">
        <dt>Folder</dt>
        <dd class="mono">
          <ExactText text={params.cwd} />
        </dd>
        <dt>Asked by</dt>
        <dd>
          <ExactText text={params.reason} />
        </dd>
      </dl>
      {params.trace !== undefined && params.trace.length > 0 && <Trace trace={params.trace} label="Why it is asked" isOwnStop />}
      {params.changeset && params.changeset.files.length > 0 && (
        <button type="button" class="button quiet" onClick={() => post({ type: 'reviewApproval', approvalId: params.approvalId })}>
          <Icon name="diff" /> Review changes
        </button>
      )}
      {grants.length > 0 && (
        <details class="grants">
          <summary>What the longer answers would allow</summary>
          <dl>
            {grants.map((choice) => (
              <div key={choice.answer}>
                <dt>{choice.label}</dt>
                <dd class="mono">{choice.grant}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      <div
        ref={buttons}
        class="answers"
        role="group"
        aria-label="Answers"
        onPointerDown={guard.onPointerDown}
        onKeyDown={guard.onKeyDown}
      >
        {choices.map((choice) => (
          <button
            key={choice.answer}
            type="button"
            class={`button answer-${choice.answer}`}
            title={choice.grant}
            aria-disabled={sent || undefined}
            aria-expanded={choice.answer === 'instruct' ? instruction !== undefined : undefined}
            onClick={guard.press(() => {
              if (choice.answer === 'instruct') setInstruction(instruction ?? '');
              else answer(choice.answer);
            })}
          >
            {choice.label}
          </button>
        ))}
      </div>
      {guard.refused && <p class="hint">Not taken: this had only just come or moved. Press again.</p>}
      {instruction !== undefined && (
        <Instruction
          text={instruction}
          onText={setInstruction}
          onSend={() => answer('instruct', instruction)}
          onCancel={() => {
            setInstruction(undefined);
            buttons.current?.querySelector<HTMLElement>('.answer-instruct')?.focus();
          }}
        />
      )}
    </section>
  );
}

function Instruction(props: { text: string; onText: (text: string) => void; onSend: () => void; onCancel: () => void }) {
  const isEmpty = props.text.trim() === '';
  return (
    <form
      class="instruct"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isEmpty) props.onSend();
      }}
    >
      <label>
        What should Droid do instead?
        <textarea
          rows={3}
          autoFocus
          ref={focusOnce}
          value={props.text}
          onInput={(event) => props.onText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              event.stopPropagation();
              props.onCancel();
            }
          }}
        />
      </label>
      <div class="answers">
        <button type="button" class="button" aria-disabled={isEmpty || undefined} onClick={() => !isEmpty && props.onSend()}>
          Reject with this
        </button>
        <button type="button" class="button quiet" onClick={props.onCancel}>
          Back
        </button>
      </div>
    </form>
  );
}

const focused = new WeakSet<Element>();

/** It was opened by a press, so the focus goes where writing begins; once. */
function focusOnce(element: HTMLElement | null): void {
  if (element === null || focused.has(element)) return;
  focused.add(element);
  element.focus();
}

/** Everything that would be done, whole: the command, or every file with every change. */
function Payload({ params }: { params: RequestApprovalParams }) {
  const files = useMemo(() => filesOfApproval(params), [params]);
  const hidden =
    hiddenCount(params.subject) +
    files.reduce((sum, file) => sum + file.runs.reduce((count, run) => count + hiddenCount(run.text), 0), 0);
  const lines = files.reduce((sum, file) => sum + file.added + file.removed, 0);
  return (
    <>
      {(files.length === 0 || params.subject.trim() !== files.map((file) => file.path).join('\n')) && (
        <pre class="payload" tabIndex={0} role="region" aria-label="Exactly what would run">
          <code>
            <ExactText text={params.subject} />
          </code>
        </pre>
      )}
      {files.length > 0 && (
        <div class="payload-files" tabIndex={0} role="region" aria-label="Every file that would change">
          {files.length > 1 && (
            <p class="hint">
              {plural(files.length, 'file')}, {plural(lines, 'line')} changed
            </p>
          )}
          {files.map((file, at) => (
            <DiffView key={at} file={file} />
          ))}
        </div>
      )}
      {hidden > 0 && (
        <p class="hint warn">
          <Icon name="error" /> {plural(hidden, 'character')} that would not show {hidden === 1 ? 'is' : 'are'} written out by code point.
        </p>
      )}
    </>
  );
}

function filesOfApproval(params: RequestApprovalParams): readonly FileDiff[] {
  if (!params.changeset) return params.diff === null ? [] : filesOf(params.diff);
  return params.changeset.files.map((file) => {
    const lines = file.hunks.flatMap((hunk) => [
      `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
      ...hunk.lines,
      // What is approved is all of it, so it must not look as if this were.
      ...(hunk.leftOut === undefined ? [] : [`\\ ${plural(hunk.leftOut, 'more line')} of this hunk: not shown here, see “Review changes”`]),
    ]);
    const changed = file.hunks.flatMap((hunk) => hunk.lines);
    return {
      path: file.path,
      kind: file.kind,
      runs: file.binary ? runsOf(['\\ a binary file']) : runsOf(lines),
      added: changed.filter((line) => line.startsWith('+')).length,
      removed: changed.filter((line) => line.startsWith('-')).length,
    };
  });
}

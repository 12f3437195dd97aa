/** Changes of one file: its name, how much, and every line. */
import { memo } from '../memo.js';
import type { FileDiff } from '../text/diff.js';
import { ExactText, PathText } from './exact_text.js';
import { Icon } from './icons.js';

const KINDS = { create: 'new file', edit: '', delete: 'deleted' } as const;

export const DiffView = memo(({ file, onOpen }: { file: FileDiff; onOpen?: (() => void) | undefined }) => (
  <div class="diff" role="group" aria-label={`Changes of ${file.path}`}>
    <div class="diff-head">
      <Icon name="file" />
      {onOpen === undefined ? (
        <span class="path">
          <PathText path={file.path} />
        </span>
      ) : (
        <button type="button" class="link path" tabIndex={-1} data-stop onClick={onOpen}>
          <PathText path={file.path} />
        </button>
      )}
      {KINDS[file.kind] !== '' && <span class="tag">{KINDS[file.kind]}</span>}
      <span class="diff-count">
        <span class="added" aria-label={`${file.added} lines added`}>
          +{file.added}
        </span>
        <span class="removed" aria-label={`${file.removed} lines removed`}>
          −{file.removed}
        </span>
      </span>
    </div>
    {file.runs.length > 0 && (
      <pre class="diff-body" tabIndex={-1} data-stop>
        {file.runs.map((run, at) => (
          <span key={at} class={`run ${run.kind}`}>
            <ExactText text={run.text} />
            {'\n'}
          </span>
        ))}
      </pre>
    )}
  </div>
));

/** A Markdown text that may still grow. */
import { useRef } from 'preact/hooks';
import { memo } from '../memo.js';
import { MarkdownBlock } from './render.js';
import { MarkdownStream } from './stream.js';

export const Markdown = memo(({ text }: { text: string }) => {
  const stream = useRef<MarkdownStream | undefined>(undefined);
  stream.current ??= new MarkdownStream();
  const blocks = stream.current.update(text);
  return (
    <div class="md">
      {blocks.map((block) => (
        <MarkdownBlock key={block.key} block={block} />
      ))}
    </div>
  );
});

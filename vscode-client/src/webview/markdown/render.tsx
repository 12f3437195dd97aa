/**
 * Markdown tokens as elements.
 *
 * No text of a model is ever read as HTML: tokens become elements of a short list here, and HTML in the text
 * shows as the text that it is. Images are not fetched; their address shows as a link.
 */
import type { Token, Tokens } from 'marked';
import type { ComponentChildren } from 'preact';
import { CodeBlock } from './code_block.js';
import { Link } from './link.js';
import { memo } from '../memo.js';
import { visible } from '../text/exact.js';
import type { Block } from './stream.js';

export const MarkdownBlock = memo(
  ({ block }: { block: Block }) => <>{blockOf(block.token)}</>,
  (before, after) => before.block.raw === after.block.raw && before.block.token.type === after.block.token.type,
);

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: '\u00a0' };

/** marked leaves entities in text as they are written; the few that people use are read. */
function plain(text: string): string {
  return text.includes('&') ? text.replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (all, name: string) => ENTITIES[name] ?? all) : text;
}

function blockOf(token: Token): ComponentChildren {
  switch (token.type) {
    case 'heading': {
      const level = Math.min(6, (token as Tokens.Heading).depth + 2);
      const Heading = `h${level}` as 'h3' | 'h4' | 'h5' | 'h6';
      return <Heading class={`md-h md-h${(token as Tokens.Heading).depth}`}>{inline(token.tokens)}</Heading>;
    }
    case 'paragraph':
      return <p>{inline(token.tokens)}</p>;
    case 'code':
      return <CodeBlock text={(token as Tokens.Code).text} language={(token as Tokens.Code).lang ?? ''} />;
    case 'blockquote':
      return <blockquote>{token.tokens?.map(blockOf)}</blockquote>;
    case 'list':
      return <List list={token as Tokens.List} />;
    case 'table':
      return <Table table={token as Tokens.Table} />;
    case 'hr':
      return <hr />;
    case 'html':
      return <p class="md-raw">{token.raw.replace(/\n+$/, '')}</p>;
    case 'space':
    case 'def':
    case 'checkbox':
      return null;
    case 'text':
      return 'tokens' in token && token.tokens ? <>{inline(token.tokens)}</> : <p>{plain((token as Tokens.Text).text)}</p>;
    default:
      return <p>{token.raw}</p>;
  }
}

function List({ list }: { list: Tokens.List }) {
  const items = list.items.map((item, at) => <ListItem key={at} item={item} />);
  if (!list.ordered) return <ul class={list.items.some((item) => item.task) ? 'md-tasks' : undefined}>{items}</ul>;
  return <ol start={typeof list.start === 'number' && list.start !== 1 ? list.start : undefined}>{items}</ol>;
}

const ListItem = memo(
  ({ item }: { item: Tokens.ListItem }) => (
    <li>
      {item.task && (
        <span class="md-task" role="img" aria-label={item.checked ? 'done' : 'not done'}>
          {item.checked ? '☑' : '☐'}
        </span>
      )}
      {item.tokens.map((token) => (token.type === 'text' && !item.loose ? inlineText(token) : blockOf(token)))}
    </li>
  ),
  (before, after) => before.item.raw === after.item.raw && before.item.loose === after.item.loose,
);

function inlineText(token: Token): ComponentChildren {
  return 'tokens' in token && token.tokens ? inline(token.tokens) : plain(token.raw);
}

function Table({ table }: { table: Tokens.Table }) {
  const align = (at: number): string | undefined => {
    const side = table.align[at];
    return side ? `md-${side}` : undefined;
  };
  return (
    <div class="md-table" tabIndex={-1} data-stop>
      <table>
        <thead>
          <tr>
            {table.header.map((cell, at) => (
              <th key={at} scope="col" class={align(at)}>
                {inline(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <Row key={index} cells={row} align={align} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const Row = memo(
  ({ cells, align }: { cells: readonly Tokens.TableCell[]; align: (at: number) => string | undefined }) => (
    <tr>
      {cells.map((cell, at) => (
        <td key={at} class={align(at)}>
          {inline(cell.tokens)}
        </td>
      ))}
    </tr>
  ),
  (before, after) => before.cells.length === after.cells.length && before.cells.every((cell, at) => cell.text === after.cells[at]?.text),
);

function inline(tokens: readonly Token[] | undefined): ComponentChildren {
  return tokens?.map((token, at) => <Inline key={at} token={token} />);
}

const Inline = memo(
  ({ token }: { token: Token }) => {
    switch (token.type) {
      case 'strong':
        return <strong>{inline(token.tokens)}</strong>;
      case 'em':
        return <em>{inline(token.tokens)}</em>;
      case 'del':
        return <del>{inline(token.tokens)}</del>;
      case 'codespan':
        return <code>{visible((token as Tokens.Codespan).text)}</code>;
      case 'checkbox':
        return null;
      case 'br':
        return <br />;
      case 'link':
        return <Link href={(token as Tokens.Link).href}>{inline(token.tokens)}</Link>;
      case 'image':
        return <Link href={(token as Tokens.Image).href}>{`Image: ${plain((token as Tokens.Image).text) || 'untitled'}`}</Link>;
      case 'escape':
        return <>{(token as Tokens.Escape).text}</>;
      case 'text':
        return 'tokens' in token && token.tokens ? <>{inline(token.tokens)}</> : <>{plain((token as Tokens.Text).text)}</>;
      default:
        return <>{token.raw}</>;
    }
  },
  (before, after) => before.token.raw === after.token.raw && before.token.type === after.token.type,
);

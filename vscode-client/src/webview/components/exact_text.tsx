/** Text whose hidden characters stand out by their code points. */
import { useContext } from 'preact/hooks';
import { exactPieces } from '../text/exact.js';
import { shownPath } from '../text/paths.js';
import { Folders } from './context.js';

export function ExactText({ text }: { text: string }) {
  return (
    <>
      {exactPieces(text).map((piece, at) =>
        piece.hidden ? (
          <mark key={at} class="code-point">
            {piece.text}
          </mark>
        ) : (
          piece.text
        ),
      )}
    </>
  );
}

/** A path, shortened where it lies in an open folder; `line` from 1. */
export function PathText({ path, line }: { path: string; line?: number | undefined }) {
  const shown = shownPath(path, useContext(Folders));
  return <ExactText text={line === undefined ? shown : `${shown}:${line}`} />;
}

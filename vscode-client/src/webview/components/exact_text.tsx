/** Text whose hidden characters stand out by their code points. */
import { exactPieces } from '../text/exact.js';

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

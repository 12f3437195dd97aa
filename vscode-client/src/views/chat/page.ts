/**
 * The webview's page: nothing but our script and style, by nonce; no network, no files, no inline handlers.
 *
 * Both stand in the page itself: a request for each would go through the webview's service worker and, in a browser,
 * to the other machine, before anything can be painted.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';

interface Parts {
  readonly script: string;
  readonly style: string;
}

let parts: Parts | undefined;

export function page(extension: vscode.ExtensionContext): string {
  const { script, style } = (parts ??= read(extension));
  const nonce = randomBytes(18).toString('base64url');
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    `img-src data:`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style nonce="${nonce}">${style}</style>
<title>Droid</title>
</head>
<body>
<div id="app"></div>
<script nonce="${nonce}">${script}</script>
</body>
</html>`;
}

function read(extension: vscode.ExtensionContext): Parts {
  const text = (name: string): string => readFileSync(vscode.Uri.joinPath(extension.extensionUri, 'dist', name).fsPath, 'utf8');
  return { script: inScript(text('webview.js')), style: text('webview.css') };
}

/** A script that ends where its element does: what would end it, or hide its end, says the same in strings and patterns. */
function inScript(script: string): string {
  return script.replace(/<(?=!--|\/?script)/gi, '\\x3c');
}

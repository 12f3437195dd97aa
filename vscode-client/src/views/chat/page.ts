/** The webview's page: nothing but our script and style, by nonce; no network, no inline handlers. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The folder that the webview may read: what was built, and no more. */
export function roots(extension: vscode.ExtensionContext): vscode.Uri[] {
  return [vscode.Uri.joinPath(extension.extensionUri, 'dist')];
}

export function page(webview: vscode.Webview, extension: vscode.ExtensionContext): string {
  const [dist] = roots(extension) as [vscode.Uri];
  const script = webview.asWebviewUri(vscode.Uri.joinPath(dist, 'webview.js')).toString();
  const style = webview.asWebviewUri(vscode.Uri.joinPath(dist, 'webview.css')).toString();
  const nonce = randomBytes(18).toString('base64url');
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
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
<link rel="stylesheet" href="${style}">
<title>Droid</title>
</head>
<body>
<div id="app"></div>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}

import * as assert from 'node:assert/strict';
import { test } from 'node:test';
import { findServer, type Surroundings } from '../../src/server/find.js';

const EVERYWHERE = [
  '/shop/.venv/bin/droid-lsp',
  '/shop/venv/bin/droid-lsp',
  '/usr/bin/droid-lsp',
  '/shop/tools/droid-lsp',
  'tools/droid-lsp',
  '/extension/server/bin/droid-lsp',
];

function at(more: Partial<Surroundings> & { there?: readonly string[] }): Surroundings {
  const there = more.there ?? EVERYWHERE;
  return {
    setting: '',
    folders: ['/shop'],
    trusted: true,
    pathVariable: '/usr/local/bin:/usr/bin',
    home: '/home/me',
    extensionFolder: '/extension',
    platform: 'linux',
    isProgram: (file) => there.includes(file),
    ...more,
  };
}

const ROWS: readonly [name: string, where: Parameters<typeof at>[0], command: string][] = [
  ['the folder’s .venv comes first', {}, '/shop/.venv/bin/droid-lsp'],
  ['then its venv', { there: EVERYWHERE.slice(1) }, '/shop/venv/bin/droid-lsp'],
  ['then the PATH', { there: EVERYWHERE.slice(2) }, '/usr/bin/droid-lsp'],
  ['then what came with the extension', { there: EVERYWHERE.slice(3) }, '/extension/server/bin/droid-lsp'],
  ['a setting comes before all', { setting: '/shop/tools/droid-lsp' }, '/shop/tools/droid-lsp'],
  ['a setting may begin at home', { setting: '~/bin/d', there: ['/home/me/bin/d'] }, '/home/me/bin/d'],
  ['a setting may name the folder', { setting: '${workspaceFolder}/d', there: ['/shop/d'] }, '/shop/d'],
  ['nothing of a folder that is not trusted is started', { trusted: false }, '/usr/bin/droid-lsp'],
  [
    'nor by the PATH',
    { trusted: false, pathVariable: '/shop/tools:tools:.:/usr/bin' },
    '/usr/bin/droid-lsp',
  ],
  [
    'on Windows',
    {
      platform: 'win32',
      folders: ['C:\\shop'],
      pathVariable: 'C:\\bin;D:\\bin',
      there: ['D:\\bin\\droid-lsp.exe'],
    },
    'D:\\bin\\droid-lsp.exe',
  ],
];

for (const [name, where, command] of ROWS) {
  test(`the server is found: ${name}`, () => {
    const found = findServer(at(where));
    assert.equal(found.kind === 'found' ? found.command : found.kind, command);
  });
}

test('a setting that names no program is said, and nothing else is started instead', () => {
  const found = findServer(at({ setting: '/nowhere/droid-lsp' }));
  assert.deepEqual(found, { kind: 'missing', looked: ['/nowhere/droid-lsp'], wrongSetting: '/nowhere/droid-lsp' });
});

test('where nothing is found, the places are told', () => {
  const found = findServer(at({ there: [] }));
  assert.deepEqual(found.kind === 'missing' && found.looked, [
    '/shop/.venv/bin/droid-lsp',
    '/shop/venv/bin/droid-lsp',
    'the PATH',
  ]);
});

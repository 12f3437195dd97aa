/**
 * Where the server is looked for: what is set, the folder's own environment, the PATH, what came with the
 * extension. In a folder that is not trusted nothing that lies in it is started.
 */
import * as path from 'node:path';

export type Origin = 'setting' | 'environment' | 'path' | 'bundled';

export interface Found {
  readonly kind: 'found';
  readonly command: string;
  readonly args: readonly string[];
  readonly origin: Origin;
}

/** Nothing was found; `looked` are the places, for people. */
export interface Missing {
  readonly kind: 'missing';
  readonly looked: readonly string[];
  /** What is set and does not exist, or is no program. */
  readonly wrongSetting: string | undefined;
}

export interface Surroundings {
  readonly setting: string;
  readonly folders: readonly string[];
  readonly trusted: boolean;
  readonly pathVariable: string;
  readonly home: string;
  readonly extensionFolder: string;
  readonly platform: NodeJS.Platform;
  isProgram(file: string): boolean;
}

const NAME = 'droid-lsp';
const ENVIRONMENTS = ['.venv', 'venv'];

export function findServer(at: Surroundings): Found | Missing {
  const windows = at.platform === 'win32';
  const join = windows ? path.win32.join : path.posix.join;
  const program = windows ? `${NAME}.exe` : NAME;
  const looked: string[] = [];

  if (at.setting !== '') {
    const setting = expand(at.setting, at, join);
    return setting !== undefined && at.isProgram(setting)
      ? { kind: 'found', command: setting, args: [], origin: 'setting' }
      : { kind: 'missing', looked: [at.setting], wrongSetting: at.setting };
  }

  if (at.trusted) {
    for (const folder of at.folders) {
      for (const environment of ENVIRONMENTS) {
        const file = join(folder, environment, windows ? 'Scripts' : 'bin', program);
        looked.push(file);
        if (at.isProgram(file)) return { kind: 'found', command: file, args: [], origin: 'environment' };
      }
    }
  }

  const separator = windows ? ';' : ':';
  const isAbsolute = windows ? path.win32.isAbsolute : path.posix.isAbsolute;
  for (const folder of at.pathVariable.split(separator)) {
    // A relative entry, or one in a folder that nobody trusts, would start what lies there.
    if (!isAbsolute(folder) || (!at.trusted && at.folders.some((one) => isWithin(folder, one, windows)))) continue;
    const file = join(folder, program);
    if (at.isProgram(file)) return { kind: 'found', command: file, args: [], origin: 'path' };
  }
  looked.push('the PATH');

  const bundled = join(at.extensionFolder, 'server', 'bin', program);
  if (at.isProgram(bundled)) return { kind: 'found', command: bundled, args: [], origin: 'bundled' };
  return { kind: 'missing', looked, wrongSetting: undefined };
}

/** `~` and `${workspaceFolder}`; undefined where there is no such folder. */
function expand(setting: string, at: Surroundings, join: (...parts: string[]) => string): string | undefined {
  if (setting.startsWith('~/')) return join(at.home, setting.slice(2));
  if (!setting.includes('${workspaceFolder}')) return setting;
  const folder = at.folders[0];
  return folder === undefined ? undefined : setting.replaceAll('${workspaceFolder}', folder);
}

function isWithin(folder: string, outer: string, windows: boolean): boolean {
  const { relative, isAbsolute } = windows ? path.win32 : path.posix;
  const way = relative(outer, folder);
  return way === '' || (way !== '..' && !way.startsWith('../') && !way.startsWith('..\\') && !isAbsolute(way));
}

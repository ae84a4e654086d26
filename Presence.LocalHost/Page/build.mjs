// `node build.mjs FOLDER` bundles the pages into FOLDER/page.js and FOLDER/analytics.js. The packages that the lock file pins are installed beside it, once.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const folder = resolve(process.argv[2]);

/** A folder appears under its name when it is whole, so that neither an interrupted build nor another one beside this leaves half of one. */
function install() {
  const pinned = createHash('sha256').update(readFileSync(join(here, 'package-lock.json'))).digest('hex').slice(0, 16);
  const packages = join(folder, pinned);
  if (existsSync(packages)) return packages;
  mkdirSync(folder, { recursive: true });
  const partial = mkdtempSync(`${packages}.`);
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(here, name), join(partial, name));
  const { status, error } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], {
    cwd: partial, stdio: 'inherit', shell: process.platform == 'win32',
  });
  if (status !== 0) {
    rmSync(partial, { recursive: true, force: true });
    console.error(`error: the packages of the page cannot be installed ('npm ci' ${error ? `failed: ${error.message}` : `ended with ${status}`}). Check the connection to the npm registry and build again.`);
    process.exit(1);
  }

  try {
    renameSync(partial, packages);
  } catch (e) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(packages)) throw e;
  }

  return packages;
}

const packages = install();
const { build } = createRequire(join(packages, 'package.json'))('esbuild');
for (const [source, name] of [['main.ts', 'page'], ['analytics/main.ts', 'analytics']]) {
  const built = join(folder, `${name}.${process.pid}.js`);
  await build({
    entryPoints: [join(here, 'src', source)],
    outfile: built,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    nodePaths: [join(packages, 'node_modules')],
    logLevel: 'warning',
  });
  renameSync(built, join(folder, `${name}.js`));
}

import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';

// Bundles the tests of a folder and runs them with Node's own runner: `node test/run.mjs unit`.
const [folder, ...names] = process.argv.slice(2);
const files = readdirSync(`test/${folder}`).filter((f) => /\.test\.tsx?$/.test(f) && (!names.length || names.some((n) => f.includes(n))));
const out = `test/.out/${folder}`;
rmSync(out, { recursive: true, force: true });
await build({
  entryPoints: files.map((f) => `test/${folder}/${f}`),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  jsx: 'automatic',
  sourcemap: 'inline',
});
const { status } = spawnSync(process.execPath, ['--enable-source-maps', '--test', ...readdirSync(out).map((f) => `${out}/${f}`)], { stdio: 'inherit' });
process.exit(status ?? 1);

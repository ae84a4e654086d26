import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';

// Runs the trials of the recipes, on this client, against the host that PRESENCE_URL names.
const recipes = '../../recipes';
const names = readdirSync(recipes).filter((name) => existsSync(`${recipes}/${name}/try.mjs`));
const out = 'test/.out/recipes';
rmSync(out, { recursive: true, force: true });
await build({
  entryPoints: names.map((name) => `${recipes}/${name}/try.mjs`),
  outdir: out,
  outbase: recipes,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  alias: { '@presence/client': './src/index.ts' },
  external: ['@microsoft/signalr'],
});
const ran = names.map((name) => new Promise((resolve) => {
  const trial = spawn(process.execPath, [`${out}/${name}/try.mjs`], { stdio: ['ignore', 'inherit', 'inherit'] });
  trial.on('exit', (code) => {
    console.log(`${name}: ${code === 0 ? 'ok' : `ended with ${code}`}`);
    resolve(code);
  });
}));
process.exit((await Promise.all(ran)).every((code) => code === 0) ? 0 : 1);

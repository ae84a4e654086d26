import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const run = (script: string, ...args: string[]): void => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
};

before(() => {
  run('build.mjs');
  run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json');
});

const signalr = '@microsoft/signalr';
const hooks = 'export { PresenceProvider, useUser, useUsers, useRoom, useMe, useConnection } from "./dist/react.js";';
const core = 'export * from "./dist/index.js";';

/** What an application carries for it, as browsers get it: bundled, minified, gzipped. */
async function sizeOf(text: string, external: string[]): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: text, resolveDir: '.' }, bundle: true, minify: true, format: 'esm', target: 'es2022', external, write: false,
  });
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length;
}

test('it does not grow', async (t) => {
  const sizes = {
    core: await sizeOf(core, [signalr]),
    react: await sizeOf(hooks, [signalr, 'react']),
    all: await sizeOf(core + hooks, ['react']),
  };
  t.diagnostic(JSON.stringify(sizes));
  const most = { core: 6_740, react: 480, all: 21_190 };
  for (const [name, size] of Object.entries(sizes)) assert.ok(size <= most[name as keyof typeof most], `${name}: ${size} B`);
});

test('importing it on a server runs nothing', () => {
  const touched = `
    for (const name of ['window', 'document', 'navigator', 'location', 'localStorage', 'fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest',
      'BroadcastChannel', 'setTimeout', 'setInterval', 'requestAnimationFrame']) {
      Object.defineProperty(globalThis, name, { configurable: true, get() { throw new Error(name + ' was touched'); } });
    }
    for (const name of ['index', 'react', 'panel', 'testing']) await import('./dist/' + name + '.js');`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', touched], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});

test('what package.json exports is there, with types', () => {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const { types, default: script } of Object.values<{ types: string; default: string }>(exports)) {
    assert.ok(existsSync(types), types);
    assert.ok(existsSync(script), script);
  }
});

test('the examples are built', () => {
  for (const name of ['plain', 'react']) assert.deepEqual(readdirSync(`dist/examples/${name}`).sort(), ['index.html', 'main.js']);
});

test('nothing names the host of a registry', () => {
  assert.doesNotMatch(readFileSync('package-lock.json', 'utf8'), /"resolved"/);
});

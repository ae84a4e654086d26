import { build } from 'esbuild';
import { rmSync } from 'node:fs';

const entries = ['index', 'react', 'panel', 'testing'];

rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: entries.map((name) => `src/${name}.ts`),
  outdir: 'dist',
  bundle: true,
  splitting: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  sourcemap: true,
  external: ['@microsoft/signalr', 'react', 'react/jsx-runtime'],
});

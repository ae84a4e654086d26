import { build } from 'esbuild';
import { cpSync, rmSync } from 'node:fs';

const own = ['index', 'react', 'panel', 'testing'];
const common = { bundle: true, splitting: true, minify: true, format: 'esm', target: 'es2022', jsx: 'automatic' };

// What is published: the entries of package.json, with nothing of others in them.
rmSync('dist', { recursive: true, force: true });
await build({
  ...common,
  entryPoints: own.map((name) => `src/${name}.ts`),
  outdir: 'dist',
  sourcemap: true,
  external: ['@microsoft/signalr', 'react', 'react/jsx-runtime'],
});

// The examples, on what is published, with all that they need.
for (const [name, entry] of [['plain', 'main.ts'], ['react', 'main.tsx']]) {
  await build({
    ...common,
    splitting: false,
    entryPoints: [`examples/${name}/${entry}`],
    outdir: `dist/examples/${name}`,
    alias: {
      '@presence/client/react': './dist/react.js', '@presence/client/panel': './dist/panel.js', '@presence/client': './dist/index.js',
    },
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  cpSync(`examples/${name}/index.html`, `dist/examples/${name}/index.html`);
}

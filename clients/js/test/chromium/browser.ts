import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { build } from 'esbuild';
import { chromium, type BrowserContext } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge', 'microsoft-edge'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

function found(): string | undefined {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [process.env['PRESENCE_TEST_BROWSER'] ?? '', chromium.executablePath(), ...onPath, ...places].find((path) => path && existsSync(path) && starts(path));
}

/** What was downloaded may lack libraries of the system. */
const starts = (path: string): boolean => process.platform == 'win32' || run(path, ['--version']);

/** A browser of this machine, or else one that is installed now, by one process at a time; undefined where neither works. */
export function findBrowser(): string | undefined {
  const lock = join(tmpdir(), 'presence-browser.lock');
  for (let waits = 0; ; waits++) {
    const browser = found();
    if (browser) return browser;
    try {
      mkdirSync(lock);
      break;
    } catch {
      // Whoever was stopped in the middle left it behind.
      if (waits > 600) return undefined;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
    }
  }

  try {
    return found()
      ?? (run('apt-get', ['update', '-qq']), run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium']), found())
      ?? (run(process.execPath, ['node_modules/playwright-core/cli.js', 'install', 'chromium']), found());
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

const run = (command: string, args: string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore', timeout: 300_000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0;

/**
 * Starts a browser as a user would: what Playwright sets by itself (every page visible, no back-forward cache) is what these tests are about.
 */
export async function launch(path: string): Promise<{ context: BrowserContext; close(): Promise<void> }> {
  const profile = mkdtempSync(join(tmpdir(), 'presence-'));
  const chrome = spawn(path, [
    '--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`, '--no-first-run', '--disable-gpu',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), 'about:blank',
  ], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = new Promise((resolve) => chrome.on('exit', resolve));
  const address = await new Promise<string>((resolve, reject) => {
    let said = '';
    chrome.stderr.on('data', (data) => {
      said += data;
      const found = /ws:\/\/\S+/.exec(said);
      if (found) resolve(found[0]);
    });
    chrome.on('exit', () => reject(new Error(`the browser ended: ${said}`)));
  });
  const browser = await chromium.connectOverCDP(address, { noDefaults: true });
  return {
    context: browser.contexts()[0]!,
    async close() {
      await browser.close();
      chrome.kill();
      await exited;
      try {
        // Its helpers write for a while yet.
        rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
      } catch {
        // A folder that is left in the system's temporary ones says nothing of the client.
      }
    },
  };
}

export interface Call { method: string; path: string; body: string; origin?: string }

/** Pages that hold the client, and, under another origin, the functions, with a note of each call. */
export async function servePages(functions: string): Promise<{ pages: string; api: string; calls: Call[]; close(): void }> {
  const { outputFiles } = await build({ entryPoints: ['src/index.ts'], bundle: true, minify: true, format: 'iife', globalName: 'presenceClient', target: 'es2022', write: false });
  const script = outputFiles[0]!.text;
  const calls: Call[] = [];
  const server = createServer(async (incoming, response) => {
    const path = incoming.url!;
    if (path.startsWith('/api/')) {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      calls.push({ method: incoming.method!, path, body: `${body}`, origin: incoming.headers.origin });
      const { hostname, port } = new URL(functions);
      const forwarded = request({ hostname, port, path, method: incoming.method, headers: incoming.headers }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      });
      forwarded.on('error', () => response.destroy());
      forwarded.end(body);
      return;
    }

    const isScript = path == '/client.js';
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : path == '/elsewhere' ? '<title>elsewhere</title>' : '<!doctype html><title>page</title><input><script src="/client.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    pages: `http://localhost:${port}`,
    api: `http://127.0.0.1:${port}`,
    calls,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

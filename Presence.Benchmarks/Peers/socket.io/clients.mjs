// Clients of the server in server.mjs. `node clients.mjs PORT COUNT` connects them and says "ready"; for each line then read, one message is
// posted, and a line says how many milliseconds later the first and the last client had it.
import { createInterface } from 'node:readline';
import { io } from 'socket.io-client';

const [port, count] = process.argv.slice(2).map(Number);
const url = `http://127.0.0.1:${port}`;
let round = { id: -1, heard: 0 };

const hear = ({ id }) => {
  if (id !== round.id) {
    return;
  }
  round.last = performance.now() - round.since;
  round.first ??= round.last;
  if (++round.heard === count) {
    console.log(`${round.first} ${round.last}`);
  }
};

for (let connected = 0; connected < count; connected++) {
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false });
  socket.on('status', hear);
  await new Promise((resolve, reject) => socket.on('connect', resolve).on('connect_error', reject));
}

console.log('ready');
const view = { userId: 'the-one', isAnonymous: false, isOnline: true, status: 'online', lastActiveAt: new Date(0), lastSeenAt: null, version: 1 };
for await (const _ of createInterface({ input: process.stdin })) {
  const id = round.id + 1;
  round = { id, heard: 0, since: performance.now() };
  await fetch(url, { method: 'POST', body: JSON.stringify({ id, ...view }) });
}
process.exit();

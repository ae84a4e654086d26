// A bare socket.io server: whatever is posted goes to everybody. Tells its port on the first line, ends with its standard input.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    io.emit('status', JSON.parse(Buffer.concat(chunks)));
    response.writeHead(204).end();
  });
});
const io = new Server(http, { transports: ['websocket'], serveClient: false });
http.listen(0, '127.0.0.1', () => console.log(http.address().port));
process.stdin.resume().on('end', () => process.exit());

// Loaded before Azurite (node --require). Its standard input is a pipe that the local host keeps open: when the local host is gone,
// however it ended, the pipe closes and Azurite ends too.
'use strict';
const net = require('net');

const graceMilliseconds = 3000;
let stopping = false;

function stop() {
  if (stopping) {
    return;
  }
  stopping = true;
  // What Azurite takes as the word to save its data and close; with nobody listening it has not come that far.
  if (!process.emit('message', 'shutdown')) {
    process.exit(0);
  }
  setTimeout(() => process.exit(0), graceMilliseconds).unref();
}

process.stdin.on('end', stop).on('close', stop).on('error', stop);

// 'refuse 30000' resets every connection, and each new one for so many ms, as if there were no storage; 'refuse 0' ends that.
const connections = new Set();
let refusing = false;
let ended;
require('readline').createInterface({ input: process.stdin }).on('line', line => {
  const [word, milliseconds] = line.split(' ');
  if (word === 'refuse') {
    clearTimeout(ended);
    refusing = Number(milliseconds) > 0;
    ended = setTimeout(() => { refusing = false; }, Number(milliseconds));
    if (refusing) {
      connections.forEach(connection => connection.resetAndDestroy());
    }
    process.stdout.write(`azurite refuses for ${milliseconds} ms\n`);
  }
});

function admit(connection) {
  if (refusing) {
    connection.resetAndDestroy();
    return;
  }
  connections.add(connection);
  connection.on('close', () => connections.delete(connection));
}


// Ctrl+C reaches every process of the terminal. The local host still needs its storage to finish; it closes the pipe when it is done.
const ignore = () => {};
process.on('SIGINT', ignore);
process.on('newListener', (event, listener) => {
  if (event === 'SIGINT' && listener !== ignore) {
    process.nextTick(() => process.removeAllListeners('SIGINT').on('SIGINT', ignore));
  }
});

// Nobody reads on when the local host is gone.
process.stdout.on('error', ignore);
process.stderr.on('error', ignore);

// Azurite names the port it was asked for; this is the port it got.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  this.once('listening', () => process.stdout.write(`azurite listens on port ${this.address().port}\n`));
  this.on('connection', admit);
  return listen.apply(this, args);
};

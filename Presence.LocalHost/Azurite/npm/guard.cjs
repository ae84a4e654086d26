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

process.stdin.on('end', stop).on('close', stop).on('error', stop).resume();

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
  return listen.apply(this, args);
};

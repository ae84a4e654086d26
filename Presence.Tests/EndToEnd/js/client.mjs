// Connects as the official client does and prints what it receives, one JSON object a line. Ends with its standard input.
// usage: node client.mjs URL TRANSPORT HEADER VALUE
import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';

const [url, transport, header, value] = process.argv.slice(2);
const print = (event, argument) => process.stdout.write(`${JSON.stringify({ event, argument })}\n`);

// A bearer token is for the negotiation only, and gives way to the one that it grants.
const credentials = header === 'Authorization'
  ? { accessTokenFactory: () => value.replace('Bearer ', '') }
  : { headers: { [header]: value } };

const connection = new HubConnectionBuilder()
  .withUrl(url, { transport: HttpTransportType[transport], ...credentials })
  .configureLogging(LogLevel.None)
  .build();
for (const name of ['presence:snapshot', 'user:status', 'user:status:batch']) {
  connection.on(name, (argument) => print(name, argument));
}
connection.onclose(() => process.exit(0));
process.stdin.on('end', () => connection.stop()).resume();
await connection.start();
print('connected', connection.connectionId);

import { HubConnectionBuilder } from '@microsoft/signalr';
import type { Connect } from './surroundings.js';

const messages = [
  'presence:snapshot', 'presence:me', 'user:status', 'user:status:batch', 'conversation:counts', 'conversation:mode', 'conversation:state',
  'conversation:state:batch', 'conversation:left',
];

/** Opens a connection by the official client. It does not reconnect by itself: each connection is negotiated anew. */
export const connect: Connect = async ({ url, accessToken }, heard) => {
  const hub = new HubConnectionBuilder()
    .withUrl(url, { accessTokenFactory: () => accessToken })
    .configureLogging('none')
    .build();
  for (const name of messages) hub.on(name, (argument) => heard(name, argument));
  const lost = new Promise((resolve) => hub.onclose(resolve));
  await hub.start();
  return { id: hub.connectionId!, stop: () => void hub.stop(), lost };
};

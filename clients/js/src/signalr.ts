import { HubConnectionBuilder, LogLevel, type IHttpConnectionOptions } from '@microsoft/signalr';
import type { Connect } from './surroundings.js';

export type { IHttpConnectionOptions };

const messages = [
  'presence:snapshot', 'presence:me', 'user:status', 'user:status:batch', 'conversation:counts', 'conversation:mode', 'conversation:state',
  'conversation:state:batch',
];

/** Opens a connection by the official client. It does not reconnect by itself: each connection is negotiated anew. */
export const connectWith = (options: IHttpConnectionOptions): Connect => async ({ url, accessToken }, heard, closed) => {
  const hub = new HubConnectionBuilder()
    .withUrl(url, { ...options, accessTokenFactory: () => accessToken })
    .configureLogging(LogLevel.None)
    .build();
  for (const name of messages) hub.on(name, (argument) => heard(name, argument));
  hub.onclose(closed);
  await hub.start();
  return { id: hub.connectionId!, stop: () => void hub.stop() };
};

export const connect = connectWith({});

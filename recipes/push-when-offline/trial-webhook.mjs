import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { createPresence } from '@presence/client';
import { key, tokenOf, unique, until, url } from '../try.mjs';
import { createStatuses } from './webhook.mjs';

/** A backend that is sent who comes and goes, and what it knows of a user. */
export async function tryWebhook() {
  let secret;
  const statuses = createStatuses({ url, key, verify });

  // In yours: new Webhook(secret).verify of the package standardwebhooks.
  function verify(body, headers) {
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const signature = createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64')).update(signed).digest('base64');
    assert.ok(headers['webhook-signature'].split(' ').includes(`v1,${signature}`));
    return JSON.parse(body);
  }

  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    statuses.take(Buffer.concat(chunks).toString('utf8'), request.headers);
    response.writeHead(200).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const made = await statuses.subscribe(`http://127.0.0.1:${server.address().port}/`);
  secret = made.secret;

  try {
    const bob = unique('bob');
    assert.ok(statuses.isOffline(bob));
    const ofBob = createPresence({ url, token: () => tokenOf(bob) });
    ofBob.start();
    await until('bob is here, as the webhook tells', () => !statuses.isOffline(bob));
    await ofBob.signOut();
    await until('bob is gone, as the webhook tells', () => statuses.isOffline(bob));
  } finally {
    await fetch(`${url}/api/webhooks/${made.webhook.webhookId}`, { method: 'DELETE', headers: { 'x-functions-key': key } });
    server.close();
  }
}

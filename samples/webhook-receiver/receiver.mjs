// WEBHOOK_SECRET=whsec_… node receiver.mjs: the secret that POST /api/webhooks has answered.
import { createServer } from 'node:http';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

const webhook = new Webhook(process.env.WEBHOOK_SECRET);
const versions = new Map();

// At least once: what is no newer than what is known was told before. Yours keeps the version where it keeps the rest.
function deal({ type, data: user }) {
  if (versions.get(user.userId) >= user.version) return;
  versions.set(user.userId, user.version);
  console.log(type === 'presence.erased' ? `${user.userId} is erased.` : `${user.userId} is ${user.status}.`);
}

const server = createServer(async (request, response) => {
  // As it came: what was parsed and written anew has another signature.
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    webhook.verify(Buffer.concat(chunks).toString('utf8'), request.headers).forEach(deal);
    response.writeHead(200).end();
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    response.writeHead(401).end();
  }
});
server.listen(process.env.PORT ?? 8080, '127.0.0.1', () => console.log(`Listening at http://127.0.0.1:${server.address().port}/presence`));

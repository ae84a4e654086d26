// What the recipes' own trials share: a running host, its users, and patience.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

/** The host: `dotnet run --project Presence.LocalHost`, or PRESENCE_URL. */
export const url = process.env.PRESENCE_URL ?? 'http://127.0.0.1:7071';

/** Its function key: any on a local host that enforces none. */
export const key = process.env.PRESENCE_KEY ?? 'none';

/** An id that no other trial uses. */
export const unique = (name) => `${name}-${randomUUID().slice(0, 8)}`;

/** A token of a user: your sign-in makes these. */
export const tokenOf = async (user) => (await (await fetch(`${url}/dev/token?user=${encodeURIComponent(user)}`)).text()).trim();

/** Waits for what is to come, however slow the machine is. */
export async function until(what, isTrue) {
  const end = Date.now() + 60_000;
  while (!(await isTrue())) {
    assert.ok(Date.now() < end, `never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  console.log(`seen: ${what}`);
}

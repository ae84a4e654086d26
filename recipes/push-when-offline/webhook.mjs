/** Your backend, where it is sent who comes and goes: whoever writes is answered without a call. `verify(body, headers)` is that of a library of Standard Webhooks. */
export function createStatuses({ url, key, verify }) {
  const known = new Map();

  return {
    /** Once: the secret is shown this once, and belongs where your other secrets are. */
    async subscribe(receiver) {
      const answer = await fetch(`${url}/api/webhooks`, {
        method: 'POST',
        headers: { 'x-functions-key': key },
        body: JSON.stringify({ url: receiver, filter: { types: ['presence.status', 'presence.erased'] } }),
      });
      const { data, error } = await answer.json();
      if (!answer.ok) throw new Error(error);
      return data;
    },

    /** Your receiver's route: the body as it came. An event may come twice, and then tells nothing newer. */
    take(body, headers) {
      for (const { data } of verify(body, headers)) {
        if (!(known.get(data.userId)?.version >= data.version)) known.set(data.userId, data);
      }
    },

    /** Away is here; who was never told of is not. */
    isOffline: (user) => (known.get(user)?.status ?? 'offline') === 'offline',
  };
}

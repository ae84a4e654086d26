import { createPresence } from '@presence/client';

const url = 'http://127.0.0.1:7071';
const user = new URLSearchParams(location.search).get('user') ?? 'alice';
const presence = createPresence({ url, token: async () => (await (await fetch(`${url}/dev/token?user=${encodeURIComponent(user)}`)).text()).trim() });

const lobby = presence.room('lobby');
lobby.subscribe(() => {
  const list = document.querySelector('#room')!;
  list.replaceChildren(...(lobby.get()?.users ?? []).map(({ userId, availability, text }) => {
    const item = document.createElement('li');
    item.textContent = `${userId}: ${availability}${text ? `, ${text}` : ''}`;
    return item;
  }));
});
presence.connection.subscribe(() => (document.querySelector('#connection')!.textContent = presence.connection.get().state));
presence.start();

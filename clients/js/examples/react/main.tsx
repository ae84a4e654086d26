import { createPresence } from '@presence/client';
import { PresencePanel } from '@presence/client/panel';
import { PresenceProvider, useRoom, useUser } from '@presence/client/react';
import { createRoot } from 'react-dom/client';

const url = 'http://127.0.0.1:7071';
const user = new URLSearchParams(location.search).get('user') ?? 'alice';
const presence = createPresence({ url, token: async () => (await (await fetch(`${url}/dev/token?user=${encodeURIComponent(user)}`)).text()).trim() });
presence.start();

function Lobby() {
  const ids = useRoom('lobby', (room) => room?.users.map((u) => u.userId).join('\n') ?? '');
  return <ul>{ids.split('\n').filter(Boolean).map((id) => <Member key={id} id={id} />)}</ul>;
}

function Member({ id }: { id: string }) {
  const availability = useUser(id, (u) => u?.availability);
  return <li>{id}: {availability}</li>;
}

createRoot(document.querySelector('#app')!).render(
  <PresenceProvider presence={presence}>
    <h1>Who is here</h1>
    <Lobby />
    <PresencePanel room="lobby" />
  </PresenceProvider>,
);

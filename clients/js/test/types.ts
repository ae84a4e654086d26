import { createPresence, type Presence, type PresenceChange, type PresenceRoom, type PresenceUser, type Store } from '../src/index.js';
import { useRoom, useUser } from '../src/react.js';
import { fakePresence } from '../src/testing.js';

// What an application may write, and what it may not: checked by the compiler alone.
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <T extends true>(_: T): void => {};

export function checked(): void {
  const presence = createPresence({ url: 'https://presence.example', token: async () => 'token' });
  is<Same<typeof presence, Presence>>(true);
  is<Same<ReturnType<typeof presence.user>, Store<PresenceUser | undefined>>>(true);
  const connection = presence.connection.get();
  if (connection.state == 'waiting') is<Same<typeof connection.until, number>>(true);
  // @ts-expect-error: only one who waits knows until when.
  connection.until;
  // @ts-expect-error: a token is needed.
  createPresence({ url: '' });
  // @ts-expect-error: no such availability.
  void presence.set({ availability: 'asleep' });
  presence.show('team', { typing: true });
  // @ts-expect-error: that is shown in a conversation.
  presence.show({ typing: true });
  // @ts-expect-error: values are not changed by those who read them.
  presence.room('team').get()!.users = [];
  presence.on('change', (change) => {
    is<Same<typeof change, PresenceChange>>(true);
    if (change.kind == 'user') is<Same<typeof change.to, PresenceUser | undefined>>(true);
  });
  // @ts-expect-error: no such event.
  presence.on('changed', () => {});
  const fake: Presence = fakePresence();
  fake.start();
  const useBoth = (): void => {
    is<Same<ReturnType<typeof useStatus>, 'online' | 'away' | 'offline' | undefined>>(true);
    const room = useRoom('team');
    is<Same<typeof room, PresenceRoom | undefined>>(true);
  };
  const useStatus = () => useUser('bob', (bob) => bob?.status);
  void useBoth;
}

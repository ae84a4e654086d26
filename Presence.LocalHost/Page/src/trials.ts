import { everySecond } from './clock.js';
import { troubles } from './host.js';
import { button, h, write } from './html.js';
import type { Log } from './log.js';
import type { Person } from './person.js';
import { left, nameOf } from './words.js';

const cutFor = 60_000;

/** What may happen to one device, and what the system does about it. */
export function createTrials(person: Person, log: Log, happened: () => void) {
  const { attention, network, presence } = person;
  const name = nameOf(person.id);
  const note = h('p', { class: 'note' });
  let told = '';

  const toggle = (label: string, act: (on: boolean) => void): HTMLButtonElement => {
    const element = button(label, () => {
      const on = element.getAttribute('aria-pressed') != 'true';
      element.setAttribute('aria-pressed', `${on}`);
      act(on);
    }, { 'aria-pressed': 'false' });
    return element;
  };

  function tell(what: string, note: string): void {
    told = note;
    log.add('done', what);
    show(Date.now());
    happened();
  }

  function show(now: number): void {
    if (network.cutUntil && network.cutUntil <= now) mend();
    write(note, network.cutUntil ? `${told} Mended in ${left(network.cutUntil - now)}.` : told);
  }

  const idle = toggle('Go idle', (on) => {
    attention.isIdle = on;
    if (!on) presence.touch();
    tell(on ? 'goes idle' : 'is active again', on
      ? `Nothing ${name} does in this card counts now. No call says so: the moment of the last input is told once, and away follows by time alone.`
      : 'One call said that somebody is active; the others see it at once.');
  });

  const cut = toggle('Cut network', (on) => {
    if (!on) return mend();
    network.cut(cutFor);
    tell('the network is cut', 'Nothing gets through, either way. After 30 s of silence the client gives its connection up and tries again, less and less often; '
      + `SignalR gives it up too, and after the grace the others see ${name} offline.`);
  });

  function mend(): void {
    cut.setAttribute('aria-pressed', 'false');
    network.mend();
    tell('the network is back', 'What was known is asked for again, since the version known: the answer is what has changed, or nothing.');
    // What a browser says on such an occasion.
    window.dispatchEvent(new Event('online'));
  }

  const kill = button('Kill connection', async () => {
    try {
      await troubles.cut(person.connectionId ?? '');
      tell('the connection is killed', 'SignalR dropped it. The client comes back after a random moment, so that a crowd does not come at once; '
        + 'as that is within the grace, the others hear nothing.');
    } catch {
      tell('there is no connection to kill', 'There is no connection to kill at this moment, or SignalR is not the emulator of this host.');
    }
  });

  const signOut = button('Sign out', async () => {
    try {
      await presence.signOut();
      tell('signed out', 'Offline at once, on all devices, and their connections are closed. What reconnects by itself stays out.');
    } catch (e) {
      log.add('failure', (e as Error).message);
    }
  });

  const end = everySecond(show);
  return {
    element: h('div', { class: 'trials', role: 'group', 'aria-label': `What may happen to ${name}` }, h('h3', {}, 'Try'), h('div', { class: 'buttons' }, idle, cut, kill, signOut), note),
    end,
  };
}

import { everySecond } from './clock.js';
import { backend, troubles, type Service } from './host.js';
import { button, h, write } from './html.js';
import { createPlot } from './plot.js';
import { say } from './speaker.js';
import { clock, left } from './words.js';

const every = 10_000;
const minute = 60_000;

interface Sums { calls: number; held: number; storage: number; signalR: number }

const services: [Service, string, string][] = [
  ['storage', 'storage', 'Table Storage resets every connection. Calls within the throttle window are still answered; others get 503 with Retry-After, '
    + 'and clients wait so long. Connections stay, and nothing that was answered is lost.'],
  ['signalR', 'SignalR', 'SignalR cuts every connection and takes no call. Activity is still recorded; what the others are owed is kept with each change, '
    + 'and told when SignalR is back. Clients come back one by one, and ask for what has changed.'],
];

/** The whole system: figures of maintenance, and its two services, which can be stopped. */
export function createSystem(): HTMLElement {
  const plots = {
    here: createPlot('Here', 'users'),
    calls: createPlot('Activity calls', '/ min'),
    held: createPlot('Held back', '/ min'),
    storage: createPlot('Storage calls', '/ min'),
    messages: createPlot('SignalR calls', '/ min'),
  };
  const [sweep, note] = [h('p', { class: 'sweep' }), h('p', { class: 'note' })];

  let failure = '';
  const read = createMeter();
  /** Counting users and sessions costs a request of storage per shard and more, so that is done less often. */
  let countedAt = 0;
  async function count(): Promise<void> {
    const { totalUsers, anonymousSessions, maintenanceActive, lastSweep } = await backend.stats();
    countedAt = Date.now();
    write(sweep, `${totalUsers} users ever seen, ${anonymousSessions} sessions of guests; who is here is counted by a census now and then. `
      + `The sweep ${maintenanceActive ? 'runs' : 'does not run'}${lastSweep ? `, last seen at ${clock(lastSweep.startedAt)}` : ''}.`);
  }

  let readAt = 0;
  let reading = false;
  async function measure(): Promise<void> {
    if (reading) return;
    reading = true;
    readAt = Date.now();
    try {
      const [metrics] = await Promise.all([backend.metrics(), ask()]);
      const { here, calls, held, storage, signalR } = read(metrics);
      plots.here.add(here);
      plots.calls.add(calls);
      plots.held.add(held);
      plots.storage.add(storage);
      plots.messages.add(signalR);
      if (Date.now() - countedAt >= minute) await count();
    } catch (e) {
      countedAt = 0;
      write(sweep, `No figures now: ${(e as Error).message}`);
    }

    reading = false;
  }

  const buttons = services.map(([service, name, what]) => {
    let until = 0;
    const element = button(`Stop ${name}`, async () => {
      try {
        failure = '';
        if (until) await troubles.resume(service);
        else await troubles.stop(service);
        say(until ? `${name} is back` : `${name} is stopped`);
        await ask();
      } catch (e) {
        failure = (e as Error).message;
      }
    }, { class: 'danger', 'aria-pressed': 'false' });
    return {
      element, service,
      know({ isPossible, secondsLeft }: { isPossible: boolean; secondsLeft: number }): void {
        element.disabled = !isPossible;
        if (!isPossible) element.title = `${name} is not run by this host`;
        until = secondsLeft && Date.now() + secondsLeft * 1000;
      },
      show(now: number): string {
        if (until && until <= now) {
          until = 0;
          say(`${name} is back`);
        }

        element.setAttribute('aria-pressed', `${!!until}`);
        write(element, until ? `Start ${name} (${left(until - now)})` : `Stop ${name} for 30 s`);
        return until ? what : '';
      },
    };
  });

  const show = (now: number): void => {
    const said = buttons.map((b) => b.show(now)).filter(Boolean).join(' ');
    write(note, said || failure);
  };
  async function ask(): Promise<void> {
    const state = await troubles.state();
    for (const b of buttons) b.know(state[b.service]);
    show(Date.now());
  }

  everySecond((now) => {
    show(now);
    if (now - readAt >= every) void measure();
  });
  return h('div', {},
    h('div', { class: 'plots' }, ...Object.values(plots).map((plot) => plot.element)),
    h('div', { class: 'controls' }, sweep, h('div', { class: 'buttons' }, ...buttons.map((b) => b.element))),
    note);
}

/** What was counted within the last minute, from the sums of the metrics. */
function createMeter() {
  const before: { at: number; sums: Sums }[] = [];
  return (metrics: string): Sums & { here: number } => {
    const sum = (name: string, matches = ''): number =>
      metrics.split('\n').filter((line) => line.startsWith(name) && line.includes(matches)).reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);
    const sums = {
      calls: sum('presence_activity_requests_total') - sum('presence_activity_requests_total', 'passive'),
      held: sum('presence_activity_requests_total', 'throttled'),
      storage: sum('presence_storage_requests_total'),
      signalR: sum('presence_signalr_requests_total'),
    };
    before.push({ at: Date.now(), sums });
    while (before.length > 1 && before[1]!.at <= Date.now() - minute) before.shift();
    const since = Object.fromEntries(Object.entries(sums).map(([key, now]) => [key, Math.max(0, now - before[0]!.sums[key as keyof Sums])])) as unknown as Sums;
    return { ...since, here: sum('presence_users') };
  };
}

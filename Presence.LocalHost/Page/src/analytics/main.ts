import { backend } from '../host.js';
import { button, h, labelled, write } from '../html.js';
import { say } from '../speaker.js';
import { bars, lines, week } from './charts.js';
import type { Report } from './report.js';

const day = 86_400_000;
const isoDay = (moment: number): string => new Date(moment).toISOString().slice(0, 10);
const figures = document.getElementById('figures')!;
const query = new URLSearchParams(location.search);
const [from, to] = [
  h('input', { type: 'date', required: true, value: query.get('from') ?? isoDay(Date.now() - 30 * day) }),
  h('input', { type: 'date', required: true, value: query.get('to') ?? isoDay(Date.now() - day) }),
];
const zone = h('input', {
  required: true, autocomplete: 'off', spellcheck: 'false', list: 'zones', maxlength: 64, value: query.get('timeZone') ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
});
const note = h('p', { class: 'note' });

document.getElementById('asked')!.append(
  h('form', {
    class: 'asked',
    submit: (event: Event) => {
      event.preventDefault();
      void read();
    },
  }, labelled('From', from), labelled('to', to), labelled('Time zone', zone),
  h('datalist', { id: 'zones' }, ...Intl.supportedValuesOf('timeZone').map((id) => h('option', { value: id }))),
  h('button', {}, 'Show')),
  note);
void read();

/** The address names what is shown, for a page that is loaded again, and for links. */
async function read(): Promise<void> {
  const asked = { from: from.value, to: to.value, timeZone: zone.value };
  history.replaceState(null, '', `?${new URLSearchParams(asked)}`);
  try {
    const report = await backend.analytics(asked);
    write(note, '');
    figures.replaceChildren(...(report.days.length ? show(report) : [nothing()]));
    say(report.days.length ? `Figures of ${report.days.length} days` : 'No figures of these days');
  } catch (e) {
    write(note, (e as Error).message);
  }
}

function nothing(): HTMLElement {
  return h('div', { class: 'empty' },
    h('p', {}, 'Of these days nothing is summed up. Start the host with Presence__HistoryRetention=30.00:00:00; a day is summed up by the clean-up, '
      + 'an hour after it has ended (UTC) at the earliest.'),
    button('Clean up now', async () => {
      try {
        await backend.cleanUp();
        await read();
      } catch (e) {
        write(note, (e as Error).message);
      }
    }));
}

function show(report: Report): HTMLElement[] {
  const { days, sessions } = report;
  const labels = days.map((d) => d.day.slice(5));
  const percent = (share: number | null): number | null => share === null ? null : Math.round(share * 100);
  const last = days.at(-1)!;
  return [
    h('dl', { class: 'totals' },
      total('Users on the last day', last.users.toLocaleString('en')),
      total('in its week', last.weeklyUsers.toLocaleString('en')),
      total('Most at once', report.peak.toLocaleString('en'), report.peakAt && `${moment(report.peakAt, report.timeZone)}`),
      total('Sessions', sessions.count.toLocaleString('en')),
      total('Half are no longer than', length(sessions.medianSeconds)),
      total('Nine of ten', length(sessions.p90Seconds)),
      total('99 of 100', length(sessions.p99Seconds))),
    lines({ title: 'Active users', unit: '', labels, series: [
      { name: 'on the day', values: days.map((d) => d.users) },
      { name: 'in seven days', values: days.map((d) => d.weeklyUsers) },
      { name: 'guests', values: days.map((d) => d.guests) },
    ] }),
    bars({ title: 'Most at once', unit: '', labels, series: [{ name: 'users and guests', values: days.map((d) => d.peak) }] }),
    lines({ title: 'Returns', unit: ' %', labels, series: [
      { name: 'of those of the day before', values: days.map((d) => percent(d.returnedAfterDay)) },
      { name: 'of those of the week before', values: days.map((d) => percent(d.returnedAfterWeek)) },
    ] }),
    bars({ title: `Here on average by the hour (${report.timeZone})`, unit: '', labels: report.hours.map((_, hour) => `${hour}:00`), series: [{ name: 'users and guests', values: report.hours }] }),
    week(`Here on average in the week (${report.timeZone})`, report.week),
  ];
}

const total = (name: string, value: string, beside?: string | null): HTMLElement =>
  h('div', {}, h('dt', {}, name), h('dd', {}, value, beside && h('span', { class: 'unit' }, ` ${beside}`)));

const moment = (at: string, timeZone: string): string =>
  new Date(at).toLocaleString('en-GB', { timeZone, day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

function length(seconds: number | null): string {
  return seconds === null ? '–' : seconds < 90 ? `${Math.round(seconds)} s` : seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}

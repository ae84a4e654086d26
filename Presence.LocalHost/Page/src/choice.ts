import type { PresenceChoice } from '../../../clients/js/src/types.js';
import { h, labelled } from './html.js';

const availabilities: [NonNullable<PresenceChoice['availability']>, string][] = [
  ['automatic', 'Automatic'], ['available', 'Available'], ['busy', 'Busy'], ['doNotDisturb', 'Do not disturb'], ['away', 'Away'], ['invisible', 'Invisible'],
];

const ends: [string, string][] = [['', 'until I change it'], ['PT30S', 'for 30 s'], ['PT5M', 'for 5 min'], ['PT1H', 'for 1 h']];

const select = (options: [string, string][]): HTMLSelectElement =>
  h('select', {}, ...options.map(([value, text]) => h('option', { value }, text)));

/** What somebody chooses that others see. */
export function createChoice(set: (choice: PresenceChoice) => Promise<void>) {
  const availability = select(availabilities);
  const until = select(ends);
  const emoji = h('input', { class: 'emoji', maxlength: 8, placeholder: '🚆', autocomplete: 'off' });
  const text = h('input', { maxlength: 80, placeholder: 'on a train', autocomplete: 'off' });
  const form = h('form', {
    class: 'choice',
    submit: (event: Event) => {
      event.preventDefault();
      void set({
        availability: availability.value as PresenceChoice['availability'],
        ...(text.value && { text: text.value }),
        ...(emoji.value && { emoji: emoji.value }),
        ...(until.value && { until: until.value }),
      });
    },
  },
  labelled('Availability', availability, false), labelled('Emoji', emoji, false), labelled('Text', text, false), labelled('Until', until, false),
  h('button', {}, 'Set'));
  return form;
}

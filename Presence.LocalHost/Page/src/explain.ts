import { h } from './html.js';
import type { Explanation } from './host.js';
import { ago, clock, expectation, withClocks } from './words.js';

/** Why somebody is as it is, in a dialog: the sentence, what comes next, and every field. */
export async function showExplanation(name: string, ask: () => Promise<Explanation>): Promise<void> {
  const title = h('h2', { id: 'why-title' }, `Why is ${name} so?`);
  const content = h('div', {}, h('p', {}, 'Asking…'));
  const dialog = h('dialog', { class: 'why', 'aria-labelledby': 'why-title', close: () => dialog.remove() },
    title, content, h('form', { method: 'dialog' }, h('button', { autofocus: true }, 'Close')));
  dialog.addEventListener('click', (event) => event.target == dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  try {
    content.replaceChildren(...contentOf(await ask()));
  } catch (e) {
    content.replaceChildren(h('p', { class: 'failure' }, (e as Error).message));
  }
}

function contentOf({ sentence, expected, ...fields }: Explanation): Node[] {
  const rows = Object.entries(fields).filter(([, value]) => value !== null && !(Array.isArray(value) && !value.length));
  return [
    h('p', { class: 'sentence' }, withClocks(sentence)),
    ...(expected?.length ? [h('h3', {}, 'By time alone'), h('ul', {}, ...expected.map(({ at, what }) => h('li', {}, `${clock(at)}: ${expectation(what)}`)))] : []),
    h('h3', {}, 'What is known'),
    h('dl', { tabindex: 0, 'aria-label': 'What is known' }, ...rows.map(([key, value]) => h('div', {}, h('dt', {}, words(key)), h('dd', {}, valueOf(value))))),
  ];
}

const words = (key: string): string => key.replace(/[A-Z]/g, (letter) => ' ' + letter.toLowerCase());

function valueOf(value: unknown): string {
  if (typeof value == 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) {
    const at = Date.parse(value);
    return at > Date.now() ? clock(at) : `${clock(at)}, ${ago(at, Date.now())}`;
  }

  if (Array.isArray(value)) return value.map(valueOf).join('; ');
  if (value && typeof value == 'object') {
    return Object.entries(value).filter(([, part]) => part !== null).map(([key, part]) => `${words(key)} ${valueOf(part)}`).join(', ');
  }

  return `${value}`;
}

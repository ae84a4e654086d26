/** Small help for plain DOM. */

export type Child = Node | string | false | null | undefined;

type Attributes = Record<string, string | number | boolean | undefined | ((event: any) => void)>;

/** An element; an attribute that is a function listens to the event of its name, true is there, false and undefined are not. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

/** The same of SVG. */
export function svg<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): SVGElementTagNameMap[K] {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function fill<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value == 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== undefined) element.setAttribute(name, `${value}`);
  }

  element.append(...children.filter((child): child is Node | string => !!child || child === ''));
  return element;
}

/** Writes where something is different, so that nothing else notices. */
export function write(element: Element, text: string): void {
  if (element.textContent != text) element.textContent = text;
}

let last = 0;

/** An id for what a label is for. */
export const newId = (name: string): string => `${name}-${++last}`;

/** A field with its label in front. */
export const labelled = (label: string, field: HTMLElement, isSeen = true): HTMLElement => {
  field.id ||= newId('field');
  return h('div', { class: 'field' }, h('label', { for: field.id, class: isSeen ? undefined : 'unseen' }, label), field);
};

export const button = (label: string, click: () => unknown, more: Attributes = {}): HTMLButtonElement =>
  h('button', { type: 'button', click: () => void click(), ...more }, label);

/**
 * Keeps one element per item in an element, in the order of the items. Elements of items that stay are neither made anew nor moved without
 * need, so that the focus stays in them.
 */
export function keyed<T>(parent: Element, key: (item: T) => string, create: (item: T) => { element: HTMLElement; update(item: T): void }): (items: readonly T[]) => void {
  const rows = new Map<string, { element: HTMLElement; update(item: T): void }>();
  return (items) => {
    const keys = new Set(items.map(key));
    for (const [old, row] of rows) {
      if (keys.has(old)) continue;
      row.element.remove();
      rows.delete(old);
    }

    items.forEach((item, i) => {
      let row = rows.get(key(item));
      if (!row) rows.set(key(item), row = create(item));
      row.update(item);
      if (parent.children[i] !== row.element) parent.insertBefore(row.element, parent.children[i] ?? null);
    });
  };
}

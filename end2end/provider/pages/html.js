/** Markup that may stand in a page as it is. */
class Markup {
  constructor(text) {
    this.text = text;
  }

  toString() {
    return this.text;
  }
}

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** @param {unknown} text */
export function escape(text) {
  return String(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** A template whose values are escaped unless they are markup themselves. */
export function html(strings, ...values) {
  return new Markup(String.raw({ raw: strings }, ...values.map(rendered)));
}

/** For markup that the library made. */
export function trusted(text) {
  return new Markup(text);
}

function rendered(value) {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(rendered).join('');
  if (value === undefined || value === null || value === false) return '';
  return escape(value);
}

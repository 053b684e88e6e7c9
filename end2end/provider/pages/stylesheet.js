/** The app's tokens with the informational colour as accent, so that nobody takes this for the app. */
export const STYLESHEET = `
:root {
  color-scheme: light dark;
  --bg: light-dark(#F6F7F6, #101413);
  --surface: light-dark(#FFFFFF, #171C1A);
  --sunken: light-dark(#EDF0EE, #0B0F0E);
  --line: light-dark(#D5DAD7, #2C3431);
  --control: light-dark(#7C8782, #74807B);
  --text: light-dark(#17201C, #E7ECE9);
  --muted: light-dark(#535F59, #A3AEA9);
  --accent: light-dark(#1D5A93, #86B8E8);
  --accent-hover: light-dark(#164673, #A6CBF0);
  --on-accent: light-dark(#FFFFFF, #0B1C2C);
  --accent-soft: light-dark(#E5EFF8, #132A40);
  --ok: light-dark(#1B6B35, #74CF8F);
  --danger: light-dark(#A4262C, #F0938D);
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace;
}
* { box-sizing: border-box; margin: 0; }
body {
  --measure: 42rem;
  background: var(--bg); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif;
  overflow-wrap: anywhere;
}
.banner {
  background: var(--accent-soft); border-block-end: 2px solid var(--accent); font-size: 0.9375rem;
}
body:has(.wide) { --measure: 72rem; }
.banner strong { color: var(--accent); }
.banner p, main { max-inline-size: calc(var(--measure) + 32px); margin-inline: auto; padding: 8px 16px; }
main { padding-block: 32px 72px; }
h1, h2, h3 { line-height: 1.2; font-weight: 600; }
h1 { font-size: 1.75rem; margin-block-end: 24px; }
h2 { font-size: 1.375rem; margin-block: 32px 12px; }
main > p { max-inline-size: 68ch; }
p + p, ul + p, p + form { margin-block-start: 16px; }
code { font-family: var(--mono); font-size: 0.9em; }
a { color: var(--accent); }
.muted { color: var(--muted); }
.stack { display: grid; gap: 24px; justify-items: start; }
.stack h2 { margin-block: 32px 0; }
.field { display: grid; gap: 4px; inline-size: 100%; max-inline-size: 28rem; }
.field label { font-weight: 600; }
.check { display: flex; gap: 12px; align-items: center; min-block-size: 24px; }
.problem { color: var(--danger); }
input:not([type=checkbox]) {
  font: inherit; color: inherit; background: var(--surface); inline-size: 100%; min-block-size: 44px;
  padding: 8px 12px; border: 1px solid var(--control); border-radius: 4px;
}
input[type=checkbox] { inline-size: 20px; block-size: 20px; accent-color: var(--accent); }
button {
  font: inherit; font-weight: 600; min-block-size: 44px; padding: 8px 24px; cursor: pointer;
  color: var(--accent); background: var(--surface); border: 1px solid var(--control); border-radius: 4px;
  transition: background-color 120ms ease-out;
}
button:hover { background: var(--accent-soft); }
button.primary { background: var(--accent); color: var(--on-accent); border-color: var(--accent); }
button.primary:hover { background: var(--accent-hover); border-color: var(--accent-hover); }
button.account { display: flex; gap: 12px; align-items: center; padding: 12px 16px; font-weight: 400; color: var(--text); text-align: start; }
button.account img { border-radius: 4px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.buttons { display: flex; flex-wrap: wrap; gap: 12px; margin-block-start: 24px; }
.scopes { list-style: none; padding: 0; border-block-start: 1px solid var(--line); }
.scopes li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 16px; padding-block: 8px; border-block-end: 1px solid var(--line); }
.scopes code { color: var(--muted); }
.armed, .faults, .requests { list-style: none; padding: 0; }
.jumps { display: flex; flex-wrap: wrap; gap: 4px 24px; list-style: none; padding: 0; margin-block-start: 24px; }
.jumps a { display: inline-block; padding-block: 4px; }
.faults { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 28rem), 1fr)); column-gap: 48px; }
.faults li { display: flex; flex-wrap: wrap; gap: 8px 24px; align-items: flex-start; justify-content: space-between; padding-block: 12px; border-block-start: 1px solid var(--line); }
.faults li > div { flex: 1 1 14rem; }
.faults h3 { font-size: 1rem; display: flex; flex-wrap: wrap; gap: 0 12px; align-items: baseline; }
.faults h3 code { font-weight: 400; color: var(--muted); }
.faults p { margin-block-start: 4px; max-inline-size: 68ch; }
.faults form { display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-end; margin: 0; }
.faults form label { font-size: 0.8125rem; color: var(--muted); inline-size: 10rem; }
.faults form input { font-size: 1rem; color: var(--text); }
.ends { font-size: 0.9375rem; color: var(--muted); }
.ends code, .ends strong { color: var(--text); }
.ok { color: var(--ok); }
.requests li { padding-block: 8px; border-block-end: 1px solid var(--line); font-size: 0.9375rem; }
.requests time { font-variant-numeric: tabular-nums; color: var(--muted); }
.hidden { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (prefers-reduced-motion: reduce) { * { transition: none; } }
@media (max-width: 40rem) { .buttons button, .stack .primary, .account { inline-size: 100%; } }
`;

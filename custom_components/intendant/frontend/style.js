// How the page looks, in Home Assistant's own variables: a theme changes it too.

const CSS = `
:host { display: block; height: 100%; color: var(--primary-text-color); font-family: var(--ha-font-family-body, Roboto, Noto, sans-serif);
  font-size: var(--ha-font-size-m, 14px); line-height: var(--ha-line-height-normal, 1.6); -webkit-font-smoothing: var(--ha-font-smoothing, auto); }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.bar { display: flex; align-items: center; gap: 24px; height: var(--header-height, 56px); padding: 0 12px; font-size: 20px;
  background: var(--app-header-background-color, var(--primary-color)); color: var(--app-header-text-color, #fff); border-bottom: var(--app-header-border-bottom, none); }
.page { max-width: 1040px; margin: 0 auto; padding: 0 16px 48px; }
.tabs { margin: 8px 0 16px; }
nav.tabs { display: flex; flex-wrap: wrap; gap: 8px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.card { display: block; margin-bottom: 16px; overflow: clip; }
section.card, dialog { background: var(--card-background-color, #fff); color: inherit; border: 1px solid var(--divider-color, #ccc); border-radius: 12px; }
h2.card-header { margin: 0; }
section.card > h2, section.card > .card-content { padding: 16px; margin: 0; font-weight: 400; }
.secondary, .hint, .count, .day, .area { color: var(--secondary-text-color); }
p.card-content { margin: 0; padding-top: 0; }
p.card-content.secondary { padding: 0 16px 16px; }
.empty { padding: 24px 16px; margin: 0; text-align: center; color: var(--secondary-text-color); }
.spinner { display: block; margin: 48px auto; }
ha-alert { display: block; margin-bottom: 16px; }
.notice { padding: 12px 16px; margin-bottom: 16px; border-radius: 8px; border: 1px solid var(--warning-color); }
.tools { display: flex; flex-direction: column; gap: 12px; margin-bottom: 16px; }
.filters { display: flex; gap: 8px; flex-wrap: wrap; }
.foot { display: flex; justify-content: center; }
.count { text-align: center; margin: 8px 0; }
.day { font-size: var(--ha-font-size-m, 14px); font-weight: var(--ha-font-weight-medium, 500); margin: 0; padding: 16px 16px 4px; }
.turn + .turn { border-top: 1px solid var(--divider-color); }
.head { display: grid; grid-template-columns: 24px minmax(0, 1fr) auto auto 24px; gap: 16px; align-items: center; width: 100%; min-height: 56px; padding: 8px 16px;
  background: none; border: 0; color: inherit; font: inherit; text-align: start; cursor: pointer; }
.head:hover, .thing:hover { background: color-mix(in srgb, var(--primary-text-color) 4%, transparent); }
.head:focus-visible, .thing:focus-within, .wide:focus-visible, .select:focus-visible, .number-input:focus-visible, summary:focus-visible, .plain:focus-visible, .chip:focus-visible {
  outline: 2px solid var(--primary-color); outline-offset: -2px; }
.said { display: flex; flex-direction: column; min-width: 0; }
.utterance { overflow-wrap: anywhere; }
.answer { color: var(--secondary-text-color); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.time { color: var(--secondary-text-color); font-variant-numeric: tabular-nums; }
.decision { color: var(--secondary-text-color); }
.decision.act, .decision.tell { color: var(--success-color); }
.decision.error, .decision.none { color: var(--error-color); }
.decision.ask, .decision.refuse { color: var(--warning-color); }
.chevron { color: var(--secondary-text-color); transition: transform 0.2s; }
[aria-expanded="true"] .chevron { transform: rotate(180deg); }
.badges { display: flex; gap: 4px; flex-wrap: wrap; justify-content: end; }
.badge { display: inline-block; padding: 0 8px; border-radius: 9999px; font-size: var(--ha-font-size-s, 12px); line-height: 20px; white-space: nowrap; color: var(--primary-text-color);
  background: color-mix(in srgb, var(--secondary-text-color) 18%, transparent); }
.badge.right, .badge.in_service { background: color-mix(in srgb, var(--success-color) 25%, transparent); }
.badge.wrong, .badge.failed, .badge.refused { background: color-mix(in srgb, var(--error-color) 25%, transparent); }
.badge.corrected, .badge.shadow { background: color-mix(in srgb, var(--warning-color) 30%, transparent); }
.details { padding: 0 16px 16px 56px; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 24px; margin: 0 0 12px; }
dt { color: var(--secondary-text-color); }
dd { margin: 0; overflow-wrap: anywhere; }
dl.facts { gap: 12px 24px; margin: 16px 0; }
.marking, .buttons, .actions, .answers { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.judge { margin-inline-end: 8px; }
.end { margin-inline-start: auto; color: var(--secondary-text-color); }
.actions, .answers { justify-content: end; }
.answers { width: 100%; }
.asked { margin: 0; }
.editor { display: flex; flex-direction: column; gap: 12px; margin-top: 12px; padding: 16px; border: 1px solid var(--divider-color); border-radius: 12px; }
.field { display: flex; flex-direction: column; gap: 4px; }
.field > span { color: var(--secondary-text-color); }
.select, .number-input, input.search { font: inherit; color: inherit; min-height: 40px; padding: 0 12px; border-radius: 8px; border: 1px solid var(--ha-color-border-neutral-normal, var(--divider-color));
  background: var(--card-background-color); max-width: 100%; }
.number-input { width: 160px; }
.number-input:invalid { border-color: var(--error-color); }
.limits { display: flex; flex-wrap: wrap; gap: 24px; }
.picked:empty, .hint:empty { display: none; }
.hint { margin: 0; }
.found { max-height: 264px; overflow-y: auto; border-block: 1px solid var(--divider-color); }
.found:empty { display: none; }
.thing { display: flex; align-items: center; gap: 12px; min-height: 40px; padding: 4px 8px; border-radius: 8px; cursor: pointer; }
.thing input { width: 18px; height: 18px; accent-color: var(--primary-color); margin: 0; flex: none; }
.thing .area { margin-inline-start: auto; }
.setting { display: flex; align-items: center; justify-content: space-between; gap: 24px; }
.setting > :last-child { flex: none; }
.rows { list-style: none; margin: 0; padding: 0; }
.row { display: flex; align-items: center; gap: 16px; padding: 12px 16px; border-top: 1px solid var(--divider-color); }
.row .main { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.row .buttons { justify-content: end; }
.card-actions { border-top: 1px solid var(--divider-color); padding: 8px; }
.plot svg { display: block; width: 100%; max-width: 720px; margin: 0 auto; height: auto; }
.grid { stroke: var(--divider-color); }
.label { fill: var(--secondary-text-color); font-size: 12px; }
.label.end { text-anchor: end; }
.label.middle { text-anchor: middle; }
.line { fill: none; stroke-width: 2; stroke: currentColor; }
.point { fill: currentColor; }
.first_try { color: var(--success-color); }
.corrected.line, .corrected.point { color: var(--warning-color); }
.not_understood { color: var(--error-color); }
.line.corrected { stroke-dasharray: 6 3; }
.line.not_understood { stroke-dasharray: 2 3; }
.legend { display: flex; flex-wrap: wrap; justify-content: center; gap: 4px 24px; list-style: none; padding: 0; margin: 8px 0 16px; }
.legend li { display: flex; align-items: center; gap: 8px; }
.sample { width: 28px; height: 12px; }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 8px; border-top: 1px solid var(--divider-color); text-align: start; font-weight: 400; white-space: nowrap; }
thead th { border-top: 0; color: var(--secondary-text-color); font-weight: var(--ha-font-weight-medium, 500); white-space: normal; min-width: 88px; vertical-align: bottom; }
.number { text-align: end; font-variant-numeric: tabular-nums; }
table.scores { width: auto; min-width: 240px; }
summary { cursor: pointer; color: var(--primary-color); width: max-content; }
.plain, .chip { font: inherit; min-height: 36px; padding: 0 12px; border-radius: 9999px; border: 1px solid var(--divider-color); background: none; color: var(--primary-color); cursor: pointer; }
.plain.danger { color: var(--error-color); }
.chip[aria-pressed="true"] { background: color-mix(in srgb, var(--primary-color) 20%, transparent); }
@media (max-width: 640px) {
  .page { padding: 0 8px 32px; }
  .head { grid-template-columns: 24px minmax(0, 1fr) auto; gap: 4px 12px; }
  .badges { grid-column: 2; grid-row: 2; justify-content: start; }
  .badges:empty { display: none; }
  .chevron { display: none; }
  .details { padding: 0 16px 16px; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: 8px; }
  dl.facts { gap: 0; }
  .filters { flex-wrap: nowrap; overflow-x: auto; margin: 0 -8px; padding: 0 8px; scrollbar-width: none; }
  .filters > * { flex: none; }
  .row.stacked { flex-direction: column; align-items: stretch; }
}
@media (prefers-reduced-motion: reduce) { .chevron { transition: none; } }
`;

export function styled(root) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  root.adoptedStyleSheets = [sheet];
}

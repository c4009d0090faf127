// How well it has been doing: a plot by week, and the same as a table.

import { card, el } from "./elements.js";
import { dateOf } from "./strings.js";

const DAYS = 182;
const SVG = "http://www.w3.org/2000/svg";
const SERIES = ["first_try", "corrected", "not_understood"];
const WIDE = 640, NARROW = 360, HEIGHT = 240, LEFT = 44, RIGHT = 28, TOP = 12, BOTTOM = 28;

export async function figures(page) {
  const { t } = page;
  const { weeks, by_agent: agents } = await page.ask("journal/figures", { days: DAYS });
  const full = weeks.filter((week) => week.turns > 0);
  if (!full.length) return card(t("figures.title"), el("p", { class: "empty" }, t("figures.none")));
  const latest = full.at(-1);
  const facts = Object.fromEntries(SERIES.map((name) => [name, page.percent(latest[name] / latest.turns)]));
  const plot = draw(full, page, t("figures.describe", { weeks: full.length, ...facts }));
  return el("div", {},
    card(t("figures.title"), el("div", { class: "card-content" },
      el("div", { class: "plot" }, plot), legend(t), table(page, full), el("p", { class: "secondary" }, t("figures.explain")))),
    agents?.length > 1 ? card(t("figures.by_agent"), el("div", { class: "card-content" }, agentTable(page, agents))) : null);
}

function svg(tag, props = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

function draw(weeks, page, description) {
  const width = page.narrow ? NARROW : WIDE;
  const days = weeks.map((week) => Date.parse(week.start));
  const span = days.at(-1) - days[0];
  const x = (index) => (span ? LEFT + ((days[index] - days[0]) / span) * (width - LEFT - RIGHT) : (LEFT + width - RIGHT) / 2);
  const y = (share) => TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
  const grid = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
    svg("line", { x1: LEFT, x2: width - RIGHT, y1: y(share), y2: y(share), class: "grid" }),
    svg("text", { x: LEFT - 8, y: y(share) + 4, class: "label end" }, page.percent(share)),
  ]);
  const every = Math.ceil(weeks.length / (page.narrow ? 4 : 6));
  const dates = weeks.map((week, index) =>
    index % every ? null : svg("text", { x: x(index), y: HEIGHT - 8, class: "label middle" }, dateOf(page.hass, week.start, { month: "short", day: "numeric" })));
  const lines = SERIES.flatMap((name) => {
    const points = weeks.map((week, index) => [x(index), y(week[name] / week.turns)]);
    return [
      svg("polyline", { points: points.map((point) => point.join(",")).join(" "), class: `line ${name}` }),
      ...points.map(([cx, cy], index) => {
        const text = `${page.t(`figures.${name}`)}: ${page.percent(weeks[index][name] / weeks[index].turns)}`;
        return svg("g", { class: `point ${name}` }, svg("title", {}, text), point(name, cx, cy));
      }),
    ];
  });
  const image = svg("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": description });
  image.append(...grid, ...dates.filter(Boolean), ...lines);
  return image;
}

// Another shape for each series: colour alone does not tell them apart for everybody.
function point(name, x, y) {
  if (name === "first_try") return svg("circle", { cx: x, cy: y, r: 4 });
  if (name === "corrected") return svg("rect", { x: x - 3.5, y: y - 3.5, width: 7, height: 7 });
  return svg("path", { d: `M${x} ${y - 5}L${x + 5} ${y + 4}L${x - 5} ${y + 4}Z` });
}

function legend(t) {
  const entry = (name) => el("li", {}, svg("svg", { viewBox: "0 0 28 12", class: "sample", "aria-hidden": "true" },
    svg("line", { x1: 0, x2: 28, y1: 6, y2: 6, class: `line ${name}` }), svg("g", { class: `point ${name}` }, point(name, 14, 6))),
  t(`figures.${name}`));
  return el("ul", { class: "legend", "aria-hidden": "true" }, SERIES.map(entry));
}

const COLUMNS = ["first_try", "corrected", "not_understood", "by_hand", "wrong"];

const heads = (t, first) => el("thead", {}, el("tr", {}, ["figures." + first, "figures.turns", ...COLUMNS.map((name) => `figures.${name}`)]
  .map((key, index) => el("th", { scope: "col", class: index ? "number" : "" }, t(key)))));

function cells(page, counts) {
  const part = (name) => (counts.turns && counts[name] !== undefined ? page.percent(counts[name] / counts.turns) : "–");
  return [el("td", { class: "number" }, String(counts.turns)), ...COLUMNS.map((name) => el("td", { class: "number" }, part(name)))];
}

function table(page, weeks) {
  const rows = weeks.toReversed().map((week) =>
    el("tr", {}, el("th", { scope: "row" }, dateOf(page.hass, week.start)), cells(page, week)));
  return el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": page.t("figures.title") },
    el("table", {}, heads(page.t, "week"), el("tbody", {}, rows)));
}

function agentTable(page, agents) {
  const name = (id) => page.status.agents.find((agent) => agent.entity_id === id)?.name ?? page.hass.states[id]?.attributes.friendly_name ?? id;
  const rows = agents.map((agent) => el("tr", {}, el("th", { scope: "row" }, agent.name ?? name(agent.agent ?? agent.entity_id)), cells(page, agent)));
  return el("div", { class: "wide" }, el("table", {}, heads(page.t, "agent"), el("tbody", {}, rows)));
}

// The bundle in service, its versions, and what a version that reads along reads differently.

import { UNKNOWN, button, card, el } from "./elements.js";
import { readingOf } from "./reading.js";
import { momentOf } from "./strings.js";

const MOST = 50;

export async function model(page) {
  const { t } = page;
  const place = el("div");

  async function draw() {
    const answer = await listed();
    if (!answer) return place.replaceChildren(inService({ ...page.status.bundle, version: t(`model.${page.status.bundle.name}`, { else: page.status.bundle.name }) }));
    const { versions, in_service: current } = answer;
    const used = versions.find((version) => version.state === "in_service") ?? versions.find((version) => version.version === current);
    const shadow = versions.some((version) => version.state === "shadow");
    place.replaceChildren(inService(used), list(versions), ...(shadow ? [await differences(page)] : []));
  }

  // Without versions, there is the one in service.
  async function listed() {
    try {
      return await page.ask("bundles/list", { language: page.hass.language });
    } catch (err) {
      if (err?.code !== UNKNOWN) throw err;
      return null;
    }
  }

  function inService(version) {
    if (!version) return card(t("model.in_service"), el("p", { class: "empty" }, t("model.none")));
    return card(t("model.in_service"), el("div", { class: "card-content" },
      el("dl", {}, pair(t("model.version"), nameOf(version)), version.made ? pair(t("model.made"), madeOf(page, version)) : []),
      scores(t, version.scores)));
  }

  function list(versions) {
    const back = versions.filter((version) => version.state === "kept").length
      ? el("div", { class: "card-actions" }, button(t("model.back"), () => change("bundles/back", {}, "model.back_title", "model.back_text"), { name: "back" }))
      : null;
    return card(t("model.versions"), el("p", { class: "card-content secondary" }, t("model.shadow_explain")), el("ul", { class: "rows" }, versions.map(row)), back);
  }

  function row(version) {
    const id = version.version;
    const free = version.state === "kept" || version.state === "shadow";
    const shadow = version.state === "shadow";
    return el("li", { class: "row stacked", "data-version": id },
      el("div", { class: "main" },
        el("div", {}, nameOf(version), " ", el("span", { class: `badge ${version.state}` }, t(`model.state.${version.state}`, { else: version.state }))),
        version.made ? el("div", { class: "secondary" }, madeOf(page, version)) : null,
        version.why ? el("div", { class: "secondary" }, version.why) : null,
        version.scores ? el("details", {}, el("summary", {}, t("model.scores")), scores(t, version.scores)) : null),
      free && el("div", { class: "buttons" },
        button(t("model.use"), () => change("bundles/use", { version: id }, "model.use_title", "model.use_text"), { name: "use" }),
        button(t(shadow ? "model.unshadow" : "model.shadow"), () => readAlong(shadow ? null : id), { name: "shadow" })));
  }

  async function change(command, data, title, text) {
    if (!(await page.question(t(title), t(text, data), [[t("model.use"), "use", "brand"]]))) return;
    await page.attempt(async () => {
      await page.ask(command, data);
      page.say(t("model.used"));
      await draw();
    });
  }

  const readAlong = (version) => page.attempt(async () => {
    await page.ask("bundles/shadow", { version });
    await draw();
  });

  await draw();
  return place;
}

const pair = (label, text) => [el("dt", {}, label), el("dd", {}, text)];
const nameOf = (version) => `${version.version}${version.hash ? ` (${version.hash.slice(0, 8)})` : ""}`;
const madeOf = (page, version) => (Number.isNaN(Date.parse(version.made)) ? String(version.made) : momentOf(page.hass, version.made));

// Scores may hold scores: exact, or en: {exact: ...}.
function flat(scores, before = "") {
  return Object.entries(scores ?? {}).flatMap(([name, value]) =>
    value && typeof value === "object" && !Array.isArray(value) ? flat(value, `${before}${name} `) : [[`${before}${name}`, value]]);
}

function scores(t, given) {
  const shown = (value) => (typeof value === "number" && !Number.isInteger(value) ? value.toFixed(3) : Array.isArray(value) ? value.map(shown).join(" – ") : String(value));
  const rows = flat(given).map(([name, value]) => el("tr", {}, el("th", { scope: "row" }, name.replaceAll("_", " ")), el("td", { class: "number" }, shown(value))));
  if (!rows.length) return null;
  return el("table", { class: "scores" }, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("model.score")), el("th", { scope: "col", class: "number" }, t("model.value")))), el("tbody", {}, rows));
}

async function differences(page) {
  const { t } = page;
  const { turns } = await page.ask("bundles/differences", { limit: MOST });
  const rows = turns.map((turn) => el("li", { class: "row stacked" }, el("div", { class: "main" },
    el("div", {}, t("reading.quoted", { text: turn.utterance })),
    el("dl", {}, pair(t("model.ours"), readingOf(turn.reading, turn, t).join("; ")), pair(t("model.theirs"), readingOf(turn.shadow?.reading, turn, t).join("; "))))));
  return card(t("model.differences"), rows.length ? el("ul", { class: "rows" }, rows) : el("p", { class: "empty" }, t("model.no_differences")));
}

// Consent in plain words, and what the user may do with what is kept.

import { button, card, el, notice, toggle } from "./elements.js";

export async function keeping(page) {
  const { t } = page;
  const place = el("div");

  function draw() {
    const { journal } = page.status;
    place.replaceChildren(...(journal.key_lost ? [notice("warning", t("key_lost"))] : []), consent(journal), ...(journal.kept || journal.key_lost ? [data(journal)] : []));
  }

  const save = (change) => page.attempt(async () => {
    await page.ask("journal/allow", change);
    page.say(t("keeping.changed"));
    await page.refreshStatus();
    draw();
  });

  async function flip(on) {
    const { kept } = page.status.journal;
    if (on) return save({ allowed: true });
    const answers = [[t("keeping.stop_only"), "stop", "neutral"], [t("keeping.stop_forget"), "forget"]];
    const answer = kept ? await page.question(t("keeping.stop_title"), t("keeping.stop_text", { kept }), answers) : "stop";
    if (answer) await save({ allowed: false, forget: answer === "forget" });
    else draw();
  }

  function consent(journal) {
    const number = new Intl.NumberFormat(page.hass.language);
    const bounds = { days: number.format(journal.days), turns: number.format(journal.turns) };
    const facts = ["what", "where", "long", "who", "why"].map((name) => [el("dt", {}, t(`keeping.${name}_title`)), el("dd", {}, t(`keeping.${name}`, bounds))]);
    return card(t("keeping.title"), el("div", { class: "card-content" },
      el("div", { class: "setting" },
        el("div", {}, el("div", {}, t("keeping.allow")), el("div", { class: "secondary" }, t(journal.allowed ? "keeping.on" : "keeping.is_off"))),
        toggle(t("keeping.allow"), journal.allowed, flip, { "data-name": "allow" })),
      el("dl", { class: "facts" }, facts),
      journal.allowed ? el("div", { class: "limits" }, limit("days", 1, 3650, journal), limit("turns", 100, 1000000, journal)) : null));
  }

  function limit(name, min, max, journal) {
    const change = (event) => {
      if (event.target.reportValidity()) save({ allowed: true, days: journal.days, turns: journal.turns, [name]: event.target.valueAsNumber });
    };
    return el("label", { class: "field" }, el("span", {}, t(`keeping.${name}`)),
      el("input", { type: "number", class: "number-input", min, max, required: true, value: journal[name], "data-name": name, onchange: change }));
  }

  function data(journal) {
    return card(t("keeping.yours"), el("ul", { class: "rows" },
      el("li", { class: "row" }, el("div", { class: "main" }, t("keeping.kept", journal))),
      el("li", { class: "row stacked" },
        el("div", { class: "main secondary" }, t("keeping.export_text")),
        el("div", { class: "buttons" }, button(t("keeping.export"), () => page.attempt(download), { appearance: "filled", name: "export" }))),
      el("li", { class: "row stacked" },
        el("div", { class: "main secondary" }, t("keeping.delete_all_text")),
        el("div", { class: "buttons" }, button(t("keeping.delete_all"), deleteAll, { variant: "danger", appearance: "filled", name: "delete-all" })))));
  }

  async function download() {
    const { path } = await page.ask("journal/export");
    const link = el("a", { href: page.hass.hassUrl ? page.hass.hassUrl(path) : path, download: "intendant-journal.jsonl" });
    place.append(link);
    link.click();
    link.remove();
  }

  async function deleteAll() {
    const { journal } = page.status;
    if (!(await page.question(t("keeping.delete_title"), t("keeping.delete_sure", journal), [[t("delete"), "delete"]]))) return;
    await page.attempt(async () => {
      const { deleted } = await page.ask("journal/delete", { all: true });
      page.say(t("keeping.deleted", { deleted }));
      await page.refreshStatus();
      draw();
    });
  }

  draw();
  return place;
}

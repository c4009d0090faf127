// The list of what was heard and done: filters, search, page by page.

import { button, card, chip, el, notice, search, spinner } from "./elements.js";
import { dayOf } from "./strings.js";
import { turnRow } from "./turn.js";

const FILTERS = ["all", "not_understood", "corrected", "wrong", "unsure", "handed_over"];
const PAGE = 50;
const TYPING = 300;

export async function heard(page) {
  const { t } = page;
  const wanted = { filter: "all", search: "" };
  const list = el("div", { class: "turns" });
  const count = el("p", { class: "count", role: "status" });
  const foot = el("div", { class: "foot" });
  let asked = 0;
  let shown = 0;
  let last;
  let day;

  function append(turn) {
    const its = dayOf(page.hass, turn.at, t);
    if (its !== day) list.append(el("h3", { class: "day" }, its));
    day = its;
    last = turn.id;
    shown += 1;
    list.append(turnRow(page, turn, removed));
  }

  function removed(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    for (const heading of list.querySelectorAll(".day")) if (heading.nextElementSibling?.matches(".day") ?? true) heading.remove();
    (next?.querySelector("button") ?? filters.querySelector("[data-filter]")).focus();
  }

  // What was asked for last wins, whatever answer comes when.
  async function load(more) {
    const number = ++asked;
    if (!more) [shown, day, last] = [0, undefined, undefined];
    const answer = await page.ask("journal/list", {
      filter: wanted.filter,
      limit: PAGE,
      ...(wanted.search && { search: wanted.search }),
      ...(more && last !== undefined && { before: last }),
    });
    if (number !== asked) return;
    if (!more) list.replaceChildren();
    answer.turns.forEach(append);
    const filtered = wanted.filter !== "all" || wanted.search;
    if (!shown) list.replaceChildren(el("p", { class: "empty" }, t(filtered ? "heard.none_found" : "heard.none")));
    count.textContent = shown ? t("heard.count", { shown, total: answer.total }) : "";
    foot.replaceChildren(...(answer.more ? [button(t("heard.more"), () => page.attempt(() => load(true)), { name: "more" })] : []));
  }

  const filters = el("div", { class: "filters", role: "group", "aria-label": t("heard.filters") });
  function choose(filter) {
    wanted.filter = filter;
    for (const each of filters.children) {
      each.selected = each.dataset.filter === filter;
      each.setAttribute("aria-pressed", String(each.selected));
    }
    page.attempt(() => load(false));
  }
  filters.append(...FILTERS.map((filter) => chip(t(`filter.${filter}`), filter === "all", () => choose(filter), { "data-filter": filter })));

  let typing;
  const typed = (text) => {
    clearTimeout(typing);
    wanted.search = text.trim();
    typing = setTimeout(() => page.attempt(() => load(false)), TYPING);
  };

  const off = page.status.journal.allowed
    ? null
    : notice("info", t("heard.off"), " ", button(t("heard.to_keeping"), () => page.go("keeping"), { name: "to-keeping" }));
  list.append(spinner(t("loading")));
  await load(false);
  if (off && !shown) return el("div", {}, off);
  return el("div", {}, off, el("div", { class: "tools" }, search(t("heard.search"), typed), filters), card(null, list), foot, count);
}

// One turn: a row that opens to its details.

import { button, el, icon, iconButton } from "./elements.js";
import { meantEditor } from "./meant.js";
import { readingOf, reasonOf, stepOf, thingsOf, verbOf } from "./reading.js";
import { momentOf, timeOf } from "./strings.js";

const ICONS = {
  act: "mdi:check", ask: "mdi:comment-question-outline", tell: "mdi:information-outline", refuse: "mdi:cancel",
  reply: "mdi:message-reply-text-outline", hand_over: "mdi:account-arrow-right-outline", error: "mdi:alert-circle-outline",
  none: "mdi:help-circle-outline",
};
const CORRECTIONS = new Set(["undone", "corrected", "by_hand", "rephrased"]);
let numbers = 0;

// `removed` is called with the row once the turn is deleted.
export function turnRow(page, turn, removed) {
  const row = el("div", { class: "turn", "data-turn": turn.id });
  const id = `turn-${++numbers}`;
  let open = false;

  const details = el("div", { class: "details", id, role: "region", hidden: true, "aria-label": turn.utterance });
  const head = el("button", { type: "button", class: "head", "aria-expanded": "false", "aria-controls": id, onclick: flip });

  function draw() {
    head.replaceChildren(...headOf(page, turn));
    if (open) details.replaceChildren(...detailsOf(page, turn, { changed, remove }));
  }

  async function flip() {
    open = !open;
    head.setAttribute("aria-expanded", String(open));
    details.hidden = !open;
    if (!open) return details.replaceChildren();
    await page.serviceNames((turn.steps ?? []).map((step) => step.service.split(".")[0]));
    draw();
  }

  async function changed(newer) {
    const focused = details.getRootNode().activeElement?.dataset?.name;
    turn = { ...newer, names: newer.names ?? turn.names };
    draw();
    const again = focused && details.querySelector(`[data-name="${CSS.escape(focused)}"]`);
    // An element of Home Assistant's cannot be focused before it has drawn itself.
    await again?.updateComplete;
    again?.focus();
  }

  async function remove() {
    const { t } = page;
    const sure = await page.question(t("turn.delete_title"), t("turn.delete_text", turn), [[t("delete"), "delete"]]);
    if (!sure) return;
    await page.attempt(async () => {
      await page.ask("journal/delete", { ids: [turn.id] });
      page.say(t("turn.deleted"));
      removed(row);
    });
  }

  draw();
  row.append(head, details);
  return row;
}

function headOf(page, turn) {
  const { t } = page;
  return [
    icon(ICONS[turn.decision] ?? "mdi:help-circle-outline", { class: `decision ${turn.decision}` }),
    el("span", { class: "said" },
      el("span", { class: "utterance" }, turn.utterance || t("turn.nothing")),
      el("span", { class: "answer" }, turn.answer || t("turn.no_answer"))),
    el("span", { class: "badges" }, badgesOf(turn).map((badge) => el("span", { class: `badge ${badge}` }, t(`badge.${badge}`)))),
    el("time", { datetime: turn.at, class: "time" }, timeOf(page.hass, turn.at)),
    icon("mdi:chevron-down", { class: "chevron" }),
  ];
}

function badgesOf(turn) {
  const badges = [];
  if (turn.mark) badges.push(turn.mark);
  if ((turn.signals ?? []).some((signal) => CORRECTIONS.has(signal.kind))) badges.push("corrected");
  if (turn.outcome === "failed") badges.push("failed");
  return badges;
}

const line = (label, content) => (content.length ? [el("dt", {}, label), el("dd", {}, content.map((text) => el("div", {}, text)))] : []);

function detailsOf(page, turn, { changed, remove }) {
  const { t, hass } = page;
  const ours = page.status.agents.find((agent) => agent.entity_id === turn.agent);
  const agent = ours?.name ?? hass.states[turn.agent]?.attributes.friendly_name ?? turn.agent;
  const at = momentOf(hass, turn.at);
  const meant = turn.meant
    ? [t("turn.for_things", { what: verbOf(turn.meant.verb, t), things: thingsOf(hass, turn.meant.entity_ids, turn.names, t) })]
    : [];
  return [
    el("dl", {},
      line(t("turn.heard"), [t(turn.source === "satellite" ? "turn.heard_satellite" : "turn.heard_app", { at })]),
      line(t("turn.where"), turn.area ? [hass.areas?.[turn.area]?.name ?? turn.area] : []),
      line(t("turn.agent"), page.status.agents.length > 1 || !ours ? [agent] : []),
      line(t("turn.understood"), turn.utterance.includes("••••") ? [t("turn.hidden")] : ours ? readingOf(turn.reading, turn, t) : []),
      line(t("turn.done"), (turn.steps ?? []).map((step) => stepOf(hass, step, turn.names, t))),
      line(t("turn.answer"), turn.answer ? [turn.answer] : []),
      line(t("turn.why"), reasonOf(turn, ours, (share) => page.percent(share), t)),
      line(t("turn.followed"), (turn.signals ?? []).map((signal) =>
        t(`signal.${signal.kind}`, { else: signal.kind, things: thingsOf(hass, signal.entity_ids, turn.names, t) }))),
      line(t("turn.meant"), meant)),
    marking(page, turn, changed, remove),
  ];
}

function marking(page, turn, changed, remove) {
  const { t } = page;
  const place = el("div", { class: "place" });
  const mark = (wish) => page.attempt(async () => {
    const chosen = turn.mark === wish ? null : wish;
    const answer = await page.ask("journal/mark", { turn_id: turn.id, mark: chosen });
    page.say(t(chosen ? `turn.marked_${chosen}` : "turn.unmarked"));
    changed(answer.turn);
  });
  const edit = () => page.attempt(async () => {
    place.replaceChildren(await meantEditor(page, turn, changed));
    place.querySelector(".search, ha-input-search")?.focus();
  });
  const pressed = (wish) => ({ variant: wish === "wrong" ? "danger" : "success", appearance: turn.mark === wish ? "accent" : "outlined", name: wish });
  const buttons = ["right", "wrong"].map((wish) => button(t(`turn.${wish}`), () => mark(wish), pressed(wish)));
  buttons.forEach((each, index) => each.setAttribute("aria-pressed", String(turn.mark === ["right", "wrong"][index])));
  const may = page.status.agents.length && !turn.utterance.includes("••••");
  return el("div", {},
    el("div", { class: "marking", role: "group", "aria-label": t("turn.judge") },
      el("span", { class: "judge" }, t("turn.judge")), buttons,
      may && button(t("turn.choose"), edit, { name: "choose" }),
      iconButton(t("delete"), "mdi:delete-outline", remove, { class: "end", "data-name": "delete" })),
    place);
}

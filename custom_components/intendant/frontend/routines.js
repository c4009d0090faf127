// Habits that were found: whether they are offered.

import { button, card, el } from "./elements.js";

const DECISIONS = { never: "never", ask: "offered", allow: "allowed" };

export async function routines(page) {
  const { t } = page;
  const place = el("div");

  async function draw() {
    const found = (await page.ask("routines/list", { language: page.hass.language })).routines;
    place.replaceChildren(card(t("routines.title"), el("p", { class: "card-content secondary" }, t("routines.explain")),
      found.length ? el("ul", { class: "rows" }, found.map(row)) : el("p", { class: "empty" }, t("routines.none"))));
  }

  function row(routine) {
    const decide = (decision) => page.attempt(async () => {
      await page.ask("routines/decide", { routine_id: routine.id, decision });
      page.say(t("routines.decided"));
      await draw();
    });
    const others = Object.entries(DECISIONS).filter(([, state]) => state !== routine.state);
    return el("li", { class: "row stacked", "data-routine": routine.id },
      el("div", { class: "main" },
        el("div", {}, routine.text),
        el("div", { class: "secondary" }, routine.why),
        el("div", { class: "secondary" }, t(`routines.state.${routine.state}`, { else: routine.state }))),
      el("div", { class: "buttons" }, others.map(([decision]) =>
        button(t(`routines.${decision}`), () => decide(decision), { variant: decision === "never" ? "danger" : "brand", name: decision }))));
  }

  await draw();
  return place;
}

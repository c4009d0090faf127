// Phrases that were learnt: see them, forget them.

import { button, card, el, iconButton } from "./elements.js";
import { thingsOf, verbOf } from "./reading.js";
import { dateOf } from "./strings.js";

export async function learnt(page) {
  const { t } = page;
  const place = el("div");

  async function draw() {
    const { phrases } = await page.ask("phrases/list");
    const list = el("ul", { class: "rows" }, phrases.map(row));
    const all = el("div", { class: "card-actions" }, button(t("learnt.forget_all"), forgetAll, { variant: "danger", name: "forget-all" }));
    place.replaceChildren(card(t("learnt.title"), el("p", { class: "card-content secondary" }, t("learnt.explain")),
      ...(phrases.length ? [list, all] : [el("p", { class: "empty" }, t("learnt.none"))])));
  }

  function row(phrase) {
    const things = thingsOf(page.hass, phrase.entity_ids, phrase.names, t);
    const means = phrase.means || (phrase.verb ? t("learnt.command", { verb: verbOf(phrase.verb, t), things }) : t("learnt.alias", { things }));
    const about = { source: t(`learnt.source.${phrase.source}`, { else: phrase.source }), date: dateOf(page.hass, phrase.learnt), uses: phrase.uses };
    return el("li", { class: "row", "data-phrase": phrase.id },
      el("div", { class: "main" },
        el("div", {}, t("reading.quoted", { text: phrase.phrase }), " → ", means),
        el("div", { class: "secondary" }, t("learnt.about", about))),
      iconButton(t("learnt.forget", phrase), "mdi:delete-outline", () => forget(phrase), { "data-name": "forget" }));
  }

  async function forget(phrase) {
    if (!(await page.question(t("learnt.forget_title"), t("learnt.forget_text", phrase), [[t("delete"), "forget"]]))) return;
    await gone({ phrase_id: phrase.id });
  }

  async function forgetAll() {
    if (!(await page.question(t("learnt.forget_all_title"), t("learnt.forget_all_text"), [[t("learnt.forget_all"), "forget"]]))) return;
    await gone({ all: true });
  }

  const gone = (which) => page.attempt(async () => {
    await page.ask("phrases/forget", which);
    page.say(t("learnt.forgotten"));
    await draw();
  });

  await draw();
  return place;
}

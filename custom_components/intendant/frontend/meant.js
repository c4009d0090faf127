// Choose what was meant: things, and what should have been done with them.

import { button, el, search, toggle } from "./elements.js";
import { verbOf } from "./reading.js";

const MOST = 30;

// Resolves to an editor; `changed` is called with the turn as it is afterwards.
export async function meantEditor(page, turn, changed) {
  const { t } = page;
  const { things } = await page.ask("things");
  const chosen = new Set((turn.meant?.entity_ids ?? []).filter((id) => things.some((thing) => thing.entity_id === id)));
  let remember = false;
  let words = "";

  const found = el("div", { class: "found", role: "group", "aria-label": t("meant.things") });
  const hint = el("p", { class: "hint", role: "status" });
  const picked = el("div", { class: "picked" });
  const verb = el("select", { class: "select", "aria-label": t("meant.verb"), "data-name": "verb", onchange: () => draw() });
  const saving = button(t("save"), save, { appearance: "accent", name: "save-meant" });

  const fits = (thing) => {
    const text = `${thing.name} ${areaOf(page, thing)} ${thing.entity_id}`.toLocaleLowerCase();
    return words.toLocaleLowerCase().split(/\s+/).every((word) => text.includes(word));
  };

  function list() {
    const all = things.filter((thing) => !chosen.has(thing.entity_id) && fits(thing));
    found.replaceChildren(...all.slice(0, MOST).map(row));
    hint.textContent = all.length > MOST ? t("meant.narrow") : all.length || chosen.size ? "" : t("meant.none_found");
  }

  function row(thing) {
    const flip = (event) => {
      if (event.target.checked) chosen.add(thing.entity_id);
      else chosen.delete(thing.entity_id);
      list();
      draw();
      const again = event.target.getRootNode?.() && picked.querySelector(`[data-thing="${CSS.escape(thing.entity_id)}"] input`);
      if (again) again.focus();
    };
    return el("label", { class: "thing", "data-thing": thing.entity_id },
      el("input", { type: "checkbox", ".checked": chosen.has(thing.entity_id), onchange: flip }),
      el("span", { class: "name" }, thing.name),
      el("span", { class: "area" }, areaOf(page, thing)));
  }

  function draw() {
    const taken = things.filter((thing) => chosen.has(thing.entity_id));
    picked.replaceChildren(...taken.map(row));
    const common = taken.length ? taken[0].verbs.filter((each) => taken.every((thing) => thing.verbs.includes(each))) : [];
    const wish = verb.value || turn.meant?.verb;
    verb.replaceChildren(...(common.length
      ? common.map((each) => el("option", { value: each, ".selected": each === wish }, verbOf(each, t)))
      : [el("option", { value: "" }, t(taken.length ? "meant.no_verb" : "meant.verb_first"))]));
    verb.disabled = !common.length;
    saving.disabled = !common.length;
  }

  function save() {
    return page.attempt(async () => {
      const meant = { verb: verb.value, entity_ids: [...chosen] };
      const answer = await page.ask("journal/mark", { turn_id: turn.id, mark: "wrong", meant, remember });
      page.say(t(remember ? "meant.saved_remembered" : "meant.saved"));
      changed(answer.turn);
    });
  }

  list();
  draw();
  const typed = (text) => { words = text.trim(); list(); };
  return el("div", { class: "editor", role: "group", "aria-label": t("turn.choose") },
    search(t("meant.search"), typed), picked, found, hint,
    el("label", { class: "field" }, el("span", {}, t("meant.verb")), verb),
    el("div", { class: "setting" },
      el("div", {}, el("div", {}, t("meant.remember")), el("div", { class: "secondary" }, t("meant.remember_text", turn))),
      toggle(t("meant.remember"), false, (on) => { remember = on; }, { "data-name": "remember" })),
    el("div", { class: "actions" }, saving));
}

const areaOf = (page, thing) => page.hass.areas?.[thing.area]?.name ?? thing.area ?? "";

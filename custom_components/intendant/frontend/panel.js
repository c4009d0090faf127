// The page: a bar, tabs, and the part that is open. Home Assistant sets hass, narrow and route.

import { UNKNOWN, el, elementsLoaded, iconButton, loaded, notice, question, spinner } from "./elements.js";
import { figures } from "./figures.js";
import { heard } from "./heard.js";
import { keeping } from "./keeping.js";
import { learnt } from "./learnt.js";
import { model } from "./model.js";
import { routines } from "./routines.js";
import { percent, wording } from "./strings.js";
import { styled } from "./style.js";

// Part → what shows it, and the command without which it hides itself.
const PARTS = {
  heard: [heard, null],
  figures: [figures, null],
  learnt: [learnt, "phrases/list"],
  model: [model, null],
  routines: [routines, "routines/list"],
  keeping: [keeping, null],
};

class IntendantPanel extends HTMLElement {
  #hass;
  #narrow = false;
  #route;
  #language;
  #part;
  #turn = 0;

  constructor() {
    super();
    styled(this.attachShadow({ mode: "open" }));
  }

  get hass() {
    return this.#hass;
  }

  set hass(hass) {
    this.#hass = hass;
    const menu = this.shadowRoot.querySelector("ha-menu-button");
    if (menu) menu.hass = hass;
    if (hass.language !== this.#language) {
      this.#language = hass.language;
      this.#start();
    }
  }

  get narrow() {
    return this.#narrow;
  }

  set narrow(narrow) {
    this.#narrow = narrow;
    for (const element of this.shadowRoot.querySelectorAll("ha-top-app-bar-fixed, ha-menu-button")) {
      element.narrow = narrow;
      element.toggleAttribute("narrow", narrow);
    }
  }

  set route(route) {
    this.#route = route;
    if (this.status && this.#wanted() !== this.#part) this.#open(this.#wanted());
  }

  set panel(_panel) {}

  // --- what the parts use ---

  async ask(command, data = {}) {
    return await this.#hass.callWS({ type: `intendant/${command}`, ...data });
  }

  // Does something of which the user is told if it fails.
  async attempt(action) {
    try {
      await action();
    } catch (err) {
      this.say(this.t("failed", { message: err?.message ?? err?.code ?? String(err) }));
    }
  }

  say(message) {
    this.dispatchEvent(new CustomEvent("hass-notification", { detail: { message }, bubbles: true, composed: true }));
  }

  question(title, text, answers) {
    return question(this.shadowRoot, title, text, answers, this.t("cancel"));
  }

  percent(share) {
    return percent(share, this.#hass.language);
  }

  async refreshStatus() {
    this.status = await this.ask("status");
  }

  async serviceNames(domains) {
    const wanted = [...new Set(domains)];
    if (wanted.length) await this.#hass.loadBackendTranslation?.("services", wanted).catch(() => {});
  }

  go(part) {
    history.pushState(null, "", `/intendant/${part}`);
    window.dispatchEvent(new CustomEvent("location-changed", { detail: { replace: false } }));
    this.#open(part);
  }

  // --- the page itself ---

  async #start() {
    this.t = wording(this.#language);
    this.status = undefined;
    this.#part = undefined;
    const turn = ++this.#turn;
    const status = this.refreshStatus().then(() => null, (err) => err);
    await elementsLoaded();
    const failure = await status;
    if (turn !== this.#turn) return;
    this.#frame();
    if (failure) return this.#fail(failure);
    this.#offer(Object.keys(PARTS).filter((part) => !PARTS[part][1]));
    this.#open(this.#wanted());
    await this.#look(turn);
  }

  // Parts of which there is no command yet stay out of sight.
  async #look(turn) {
    const there = await Promise.all(Object.entries(PARTS).map(async ([part, [, command]]) => {
      if (!command) return part;
      return await this.ask(command).then(() => part, (err) => (err?.code === UNKNOWN ? null : part));
    }));
    if (turn === this.#turn) this.#offer(there.filter(Boolean));
  }

  #wanted() {
    const named = (this.#route?.path ?? "").split("/")[1];
    return named in PARTS ? named : this.status.journal.allowed || this.status.journal.kept ? "heard" : "keeping";
  }

  #frame() {
    const { t } = this;
    const again = iconButton(t("refresh"), "mdi:refresh", () => this.#refresh(), { slot: "actionItems", "data-name": "refresh" });
    this.tabs = el("div", { class: "tabs" });
    this.content = el("div", { class: "content", id: "part", role: "tabpanel", tabindex: "-1" });
    const page = el("main", { class: "page" }, this.tabs, this.content);
    const menu = loaded("ha-menu-button") && el("ha-menu-button", { slot: "navigationIcon", ".hass": this.#hass });
    const bar = loaded("ha-top-app-bar-fixed")
      ? el("ha-top-app-bar-fixed", {}, menu, el("div", { slot: "title" }, "Intendant"), again, page)
      : el("div", {}, el("header", { class: "bar" }, menu, el("span", {}, "Intendant"), again), page);
    this.shadowRoot.replaceChildren(bar);
    this.narrow = this.#narrow;
  }

  #offer(parts) {
    const { t } = this;
    const name = (part) => t(`tab.${part}`);
    const open = this.#part ?? this.#wanted();
    if (loaded("ha-tab-group")) {
      const tabs = parts.map((part) => el("ha-tab-group-tab", { slot: "nav", panel: part, ".panel": part, ".active": part === open }, name(part)));
      const group = el("ha-tab-group", { ".tabOnly": true, ".active": open }, tabs);
      group.addEventListener("wa-tab-show", (event) => event.detail.name !== this.#part && this.go(event.detail.name));
      this.tabs.replaceChildren(group);
    } else {
      const tabs = parts.map((part) =>
        el("button", { type: "button", class: "chip", "data-part": part, "aria-pressed": String(part === open), onclick: () => this.go(part) }, name(part)));
      this.tabs.replaceChildren(...tabs);
    }
  }

  async #open(part) {
    this.#part = part;
    const group = this.tabs.querySelector("ha-tab-group");
    if (group) group.active = part;
    for (const tab of this.tabs.querySelectorAll("[data-part]")) tab.setAttribute("aria-pressed", String(tab.dataset.part === part));
    this.content.setAttribute("aria-label", this.t(`tab.${part}`));
    this.content.replaceChildren(spinner(this.t("loading")));
    try {
      const shown = await PARTS[part][0](this);
      if (this.#part === part) this.content.replaceChildren(shown);
    } catch (err) {
      if (this.#part === part) this.#fail(err);
    }
  }

  async #refresh() {
    if (!this.status) return this.#start();
    await this.attempt(async () => {
      await this.refreshStatus();
      await this.#open(this.#part);
    });
  }

  #fail(err) {
    const text = err?.code === UNKNOWN ? this.t("not_running") : this.t("failed", { message: err?.message ?? String(err) });
    this.content.replaceChildren(notice("error", text));
  }
}

customElements.define("intendant-panel", IntendantPanel);

// Makes elements: Home Assistant's own where they are loaded, plain ones where not. Text goes in as text, never as HTML.

const WANTED = [
  "ha-top-app-bar-fixed", "ha-menu-button", "ha-card", "ha-button", "ha-icon-button", "ha-icon", "ha-switch", "ha-alert", "ha-spinner",
  "ha-tab-group", "ha-tab-group-tab", "ha-filter-chip", "ha-input-search", "ha-dialog", "ha-dialog-footer",
];
const PATIENCE = 2000;

// What Home Assistant answers to a command that it does not know.
export const UNKNOWN = "unknown_command";

export const loaded = (tag) => Boolean(customElements.get(tag));

// Home Assistant's shell loads them by itself, in its own time; whatever has not come after a while is done without.
export async function elementsLoaded() {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  await Promise.race([late, Promise.all(WANTED.map((tag) => customElements.whenDefined(tag)))]);
}

// Props: class and other attributes; `.name` sets a property, `onname` listens to an event.
export function el(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith(".")) element[name.slice(1)] = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function icon(name, props = {}) {
  return loaded("ha-icon") ? el("ha-icon", { ...props, ".icon": name, "aria-hidden": "true" }) : el("span", { ...props, "aria-hidden": "true" });
}

export function card(header, ...children) {
  const title = header ? [el("h2", { class: "card-header" }, header)] : [];
  return el(loaded("ha-card") ? "ha-card" : "section", { class: "card" }, ...title, ...children);
}

// Variant: brand (default), neutral, danger. Appearance: accent, filled, plain, outlined.
export function button(label, onclick, { variant = "brand", appearance = "plain", disabled = false, size = "s", name } = {}) {
  const props = { onclick, "data-name": name };
  if (!loaded("ha-button")) return el("button", { ...props, type: "button", class: `plain ${variant}`, ".disabled": disabled }, label);
  return el("ha-button", { ...props, variant, appearance, size, ".disabled": disabled }, label);
}

export function iconButton(label, name, onclick, props = {}) {
  if (!loaded("ha-icon-button")) return el("button", { ...props, type: "button", class: "plain", onclick }, label);
  return el("ha-icon-button", { ...props, ".label": label, onclick }, icon(name));
}

export function toggle(label, checked, onchange, props = {}) {
  const change = (event) => onchange(event.target.checked, event.target);
  if (!loaded("ha-switch")) {
    return el("input", { ...props, type: "checkbox", role: "switch", "aria-label": label, ".checked": checked, onchange: change });
  }
  return el("ha-switch", { ...props, ".checked": checked, onchange: change }, el("span", { class: "unseen" }, label));
}

export function chip(label, selected, onclick, props = {}) {
  if (!loaded("ha-filter-chip")) {
    return el("button", { ...props, type: "button", class: "chip", "aria-pressed": String(selected), onclick }, label);
  }
  return el("ha-filter-chip", { ...props, ".label": label, ".selected": selected, onclick });
}

export function search(label, oninput, props = {}) {
  const change = (event) => oninput(event.target.value ?? "");
  if (!loaded("ha-input-search")) {
    return el("input", { ...props, type: "search", class: "search", placeholder: label, "aria-label": label, oninput: change });
  }
  return el("ha-input-search", { ...props, appearance: "outlined", ".placeholder": label, ".accessibleLabel": label, oninput: change });
}

export function notice(kind, ...children) {
  if (!loaded("ha-alert")) return el("div", { class: `notice ${kind}`, role: "alert" }, ...children);
  return el("ha-alert", { ".alertType": kind }, ...children);
}

export const spinner = (label) => (loaded("ha-spinner") ? el("ha-spinner", { "aria-label": label, class: "spinner" }) : el("p", {}, label));

// A question with up to three answers: [[label, value, variant], ...]. Resolves to the value chosen, or to undefined.
export function question(root, title, text, answers, cancel) {
  return new Promise((resolve) => {
    let answer;
    const choose = (value) => () => { answer = value; close(); };
    const row = [
      button(cancel, choose(undefined), { name: "cancel", size: "m" }),
      ...answers.map(([label, value, variant = "danger"]) =>
        button(label, choose(value), { variant, appearance: "accent", size: "m", name: String(value) })),
    ];
    const ours = loaded("ha-dialog");
    const dialog = ours
      ? el("ha-dialog", { ".headerTitle": title, ".width": "small", ".type": "alert" }, el("p", { class: "asked" }, text), el("div", { slot: "footer", class: "answers" }, row))
      : el("dialog", { "aria-label": title }, el("h2", {}, title), el("p", {}, text), el("div", { class: "answers" }, row));
    const close = () => (ours ? (dialog.open = false) : dialog.close());
    const closed = (event) => {
      if (event.target !== dialog) return;
      dialog.remove();
      resolve(answer);
    };
    dialog.addEventListener(ours ? "closed" : "close", closed);
    root.append(dialog);
    if (ours) dialog.open = true;
    else dialog.showModal();
  });
}

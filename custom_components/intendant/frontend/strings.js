// The page's own words, in the language of the user.

import { en } from "./words_en.js";
import { zh } from "./words_zh.js";

// Returns what finds a text by its key and fills in {values}. With `else`, an unknown key gives that instead of itself.
export function wording(language) {
  const table = (language ?? "").toLowerCase().startsWith("zh") ? zh : en;
  return (key, values = {}) => {
    const text = table[key] ?? en[key] ?? values.else ?? key;
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
  };
}

export function percent(share, language) {
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }).format(share);
}

function zone(hass) {
  return hass.locale?.time_zone === "server" ? hass.config.time_zone : undefined;
}

function clock(hass) {
  const format = hass.locale?.time_format;
  return format === "12" ? { hour12: true } : format === "24" ? { hourCycle: "h23" } : {};
}

export function timeOf(hass, at) {
  const how = { hour: "numeric", minute: "2-digit", timeZone: zone(hass), ...clock(hass) };
  return new Intl.DateTimeFormat(hass.language, how).format(new Date(at));
}

export function dayOf(hass, at, t) {
  const format = new Intl.DateTimeFormat(hass.language, { dateStyle: "full", timeZone: zone(hass) });
  const day = format.format(new Date(at));
  const now = Date.now();
  if (day === format.format(new Date(now))) return t("today");
  if (day === format.format(new Date(now - 86400000))) return t("yesterday");
  return day;
}

export function momentOf(hass, at) {
  const how = { dateStyle: "medium", timeStyle: "short", timeZone: zone(hass), ...clock(hass) };
  return new Intl.DateTimeFormat(hass.language, how).format(new Date(at));
}

// A day without a time is that day everywhere.
export function dateOf(hass, at, how = { dateStyle: "medium" }) {
  const when = new Date(at);
  const timeZone = /^\d+-\d+-\d+$/.test(at) ? "UTC" : zone(hass);
  return Number.isNaN(when.getTime()) ? String(at) : new Intl.DateTimeFormat(hass.language, { ...how, timeZone }).format(when);
}

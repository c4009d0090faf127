// Says in plain words what was read and done.

const PART = /[a-z_0-9]+=(?:"[^"]*"|\{\w+\}|[@\w]+)|"[^"]*"|\{\w+\}|;|[@\w]+/g;

// The notation of readings, for example: off light @1 except @2 in=@3 ; set climate here temperature=@4
export function readingOf(reading, turn, t) {
  if (!reading) return [t("reading.not_read")];
  const calls = [[]];
  for (const part of reading.match(PART) ?? []) {
    if (part === ";") calls.push([]);
    else calls.at(-1).push(part);
  }
  return calls.filter((call) => call.length).map((call) => callOf(call, turn, t));
}

function callOf([verb, ...parts], turn, t) {
  const said = [];
  const excepts = [];
  const slots = [];
  let into = said;
  for (const part of parts) {
    const [slot, ...value] = part.split("=");
    if (part === "except") into = excepts;
    else if (value.length && !part.startsWith('"')) slots.push(slotOf(slot, value.join("="), turn, t));
    else into.push(termOf(part, turn, t));
  }
  const join = t("reading.join");
  if (excepts.length) said.push(t("reading.except", { things: excepts.join(join) }));
  const rest = [...said, ...slots].join(join);
  const name = verbOf(verb, t);
  return rest ? t("reading.call", { verb: name, rest }) : name;
}

const slotOf = (slot, value, turn, t) =>
  t("reading.slot", { slot: t(`slot.${slot}`, { else: slot }), value: termOf(value, turn, t) });

function termOf(part, turn, t) {
  if (part.startsWith('"')) return t("reading.quoted", { text: part.slice(1, -1) });
  if (part.startsWith("@")) return t("reading.quoted", { text: markOf(turn, Number(part.slice(1))) });
  if (part.startsWith("{")) return kindOf(part.slice(1, -1), t);
  return t(`target.${part}`, { else: kindOf(part, t) });
}

const kindOf = (kind, t) => t(`kind.${kind}`, { else: t(`slot.${kind}`, { else: kind.replaceAll("_", " ") }) });

// Offsets count characters, not the halves of them that JavaScript counts.
function markOf(turn, number) {
  const mark = (turn.marks ?? [])[number - 1];
  return mark ? Array.from(turn.utterance).slice(mark[0], mark[1]).join("") : "?";
}

export const verbOf = (verb, t) => t(`verb.${verb}`, { else: verb });

export function thingsOf(hass, ids, names, t) {
  const name = (id) => names?.[id] ?? hass.states[id]?.attributes.friendly_name ?? id;
  return (ids ?? []).map(name).join(t("reading.join"));
}

export function stepOf(hass, step, names, t) {
  const [domain, service] = step.service.split(".");
  const what = hass.localize(`component.${domain}.services.${service}.name`) || step.service;
  const things = thingsOf(hass, step.entity_ids, names, t);
  const data = Object.entries(step.data ?? {}).map(([key, value]) => `${key.replaceAll("_", " ")} ${plain(value)}`);
  const rest = [things, ...data].filter(Boolean).join(t("reading.join"));
  return rest ? t("turn.for_things", { what, things: rest }) : what;
}

const plain = (value) => (typeof value === "object" ? JSON.stringify(value) : String(value));

const share = (value, percent) => (typeof value === "number" ? percent(value) : "–");

export function reasonOf(turn, ours, percent, t) {
  if (!ours) return [t("why.other_agent")];
  const facts = { sure: share(turn.confidence, percent), outside: share(turn.outside, percent) };
  const lines = [t(`why.${turn.decision}`, { ...facts, else: turn.decision ?? "" })];
  const key = (turn.reason ?? "").split(".")[0].replace(/_(again|bare|thing|none)$/, "");
  if (key) lines.push(t(`reason.${key}`, { else: "" }));
  return lines.filter(Boolean);
}

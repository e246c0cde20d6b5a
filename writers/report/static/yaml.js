// Entries as the YAML of reference/corrections/<document_id>.yaml.

const LISTS_OF_ENTRIES = ["corrections", "accepted", "doubts"];
const KEYS_OF_ENTRIES = {
  corrections: ["task", "table", "where", "field", "was", "now", "reason"],
  accepted: ["task", "table", "where", "field", "rule", "says", "reason"],
  doubts: ["task", "table", "where", "field", "reason"],
};
/** Keys that an entry has only where they say something. */
const OPTIONAL = ["table", "where", "says"];

/** The entries as a file, or as what is to be added to one. */
function toYaml(entries) {
  return LISTS_OF_ENTRIES.map((list) => {
    const own = entries.filter((entry) => entry.list === list);
    return own.length ? `${list}:\n${own.map((entry) => entryYaml(entry, KEYS_OF_ENTRIES[list])).join("")}` : "";
  }).join("");
}

function entryYaml(entry, keys) {
  const lines = keys
    .filter((key) => !OPTIONAL.includes(key) || (entry[key] ?? null) !== null)
    .map((key) => `${key}: ${scalar(entry[key] ?? null)}`);
  return `  - ${lines.join("\n    ")}\n`;
}

/** A value as YAML: texts always quoted, as in JSON, and with every character escaped that YAML does not print. */
function scalar(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return `[${value.map(scalar).join(", ")}]`;
  if (typeof value === "number") return String(value);
  if (/^\d+-\d+$/.test(value)) return value;
  return JSON.stringify(value).replace(/[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

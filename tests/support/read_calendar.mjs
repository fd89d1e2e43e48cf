// A second reader of calendars, in another language and of its own making: stdin iCalendar, stdout JSON.
// It follows RFC 5545 sections 3.1, 3.3.5 and 3.3.11 to the letter and throws at whatever breaks them.
import { readFileSync } from "node:fs";

const text = readFileSync(0, "utf8");
if (!text.endsWith("\r\n") || /[^\r]\n/.test(text)) throw new Error("a line does not end in CRLF");
for (const raw of text.split("\r\n")) {
  if (Buffer.byteLength(raw) > 75) throw new Error(`longer than 75 octets: ${raw}`);
}

const unescaped = (value) => value.replace(/\\([\\;,nN])/g, (_, c) => (c === "n" || c === "N" ? "\n" : c));

const instant = (value) => {
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(value);
  if (!found) throw new Error(`no instant in UTC: ${value}`);
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number);
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second)).toISOString();
};

const open = [];
const events = [];
for (const line of text.replace(/\r\n[ \t]/g, "").split("\r\n").filter(Boolean)) {
  const parted = /^([A-Z0-9-]+)((?:;[^:"]*(?:"[^"]*")?)*):(.*)$/su.exec(line);
  if (!parted) throw new Error(`no content line: ${line}`);
  const [, name, , value] = parted;
  if (name === "BEGIN") {
    open.push({ kind: value, fields: new Map() });
  } else if (name === "END") {
    const closed = open.pop();
    if (closed?.kind !== value) throw new Error(`END:${value} closes ${closed?.kind}`);
    if (value === "VEVENT") events.push(closed.fields);
  } else {
    const { fields } = open.at(-1);
    if (fields.has(name)) throw new Error(`${name} comes twice`);
    fields.set(name, value);
  }
}
if (open.length) throw new Error(`${open.at(-1).kind} is not closed`);

const told = events.map((fields) => ({
  uid: fields.get("UID"),
  sequence: Number(fields.get("SEQUENCE")),
  status: fields.get("STATUS"),
  stamp: instant(fields.get("DTSTAMP")),
  start: instant(fields.get("DTSTART")),
  end: instant(fields.get("DTEND")),
  summary: unescaped(fields.get("SUMMARY")),
  region: unescaped(fields.get("X-MERIDIAN-REGION")),
  seat: fields.get("X-MERIDIAN-SEAT"),
  person: unescaped(fields.get("X-MERIDIAN-PERSON")),
}));
if (new Set(told.map((event) => event.uid)).size !== told.length) throw new Error("a UID comes twice");
process.stdout.write(JSON.stringify(told));

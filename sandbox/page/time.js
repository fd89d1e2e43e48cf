// Instants as people read them: in a zone, with UTC beside it. Epoch seconds in, words out.

const formats = new Map();

function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) {
    formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options }));
  }
  return formats.get(key);
}

function parts(epoch, zone) {
  const found = {};
  const options = {
    weekday: "long",
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  };
  for (const { type, value } of format(zone, options).formatToParts(new Date(epoch * 1000)))
    found[type] = value;
  return found;
}

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** "2026-11-30", the local date in the zone. */
export function localDate(epoch, zone) {
  const p = parts(epoch, zone);
  const month = String(MONTHS.indexOf(p.month) + 1).padStart(2, "0");
  return `${p.year}-${month}-${p.day.padStart(2, "0")}`;
}

/** "2026-11-30T14:05", as a field for date and time holds it; `fromWall` is the way back. */
export const toWall = (epoch, zone) => `${localDate(epoch, zone)}T${clockTime(epoch, zone)}`;

/** Epoch seconds of a wall time in a zone. */
export function fromWall(wall, zone) {
  const asUtc = (text) => Date.parse(`${text.slice(0, 16)}Z`) / 1000;
  const shift = (epoch) => asUtc(toWall(epoch, zone)) - epoch;
  const guess = asUtc(wall) - shift(asUtc(wall));
  return asUtc(wall) - shift(guess);
}

/** "14:05" */
export const clockTime = (epoch, zone) =>
  format(zone, { hour: "2-digit", minute: "2-digit" }).format(new Date(epoch * 1000));

/** "Mon 30 Nov" */
export function shortDay(epoch, zone) {
  const p = parts(epoch, zone);
  return `${p.weekday.slice(0, 3)} ${p.day} ${p.month.slice(0, 3)}`;
}

/** "Monday 30 November" */
export function longDay(epoch, zone) {
  const p = parts(epoch, zone);
  return `${p.weekday} ${p.day} ${p.month}`;
}

/** "New York" for America/New_York */
export const city = (zone) => (zone === "UTC" ? "UTC" : zone.split("/").pop().replaceAll("_", " "));

/** "Mon 30 Nov 2026, 14:05:00 New York · Mon 30 Nov 19:05:00 UTC", for tooltips. */
export function fullMoment(epoch, zone) {
  const seconds = (z) => {
    const p = parts(epoch, z);
    return `${p.hour}:${p.minute}:${p.second}`;
  };
  const year = parts(epoch, zone).year;
  const utc = `${shortDay(epoch, "UTC")} ${seconds("UTC")} UTC`;
  return `${shortDay(epoch, zone)} ${year}, ${seconds(zone)} ${city(zone)} · ${utc}`;
}

/** "today", "yesterday", "tomorrow" or null, by local dates. */
function nearDay(epoch, zone, now) {
  const day = localDate(epoch, zone);
  if (day === localDate(now, zone)) return "today";
  const noon = Date.parse(`${localDate(now, zone)}T12:00:00Z`) / 1000;
  if (day === localDate(noon - 86400, "UTC")) return "yesterday";
  if (day === localDate(noon + 86400, "UTC")) return "tomorrow";
  return null;
}

/** Divider between days: "Today", "Yesterday" or "Monday 30 November". */
export function dayTitle(epoch, zone, now) {
  const near = nearDay(epoch, zone, now);
  if (near) return near[0].toUpperCase() + near.slice(1);
  const p = parts(epoch, zone);
  const year = p.year === parts(now, zone).year ? "" : ` ${p.year}`;
  return longDay(epoch, zone) + year;
}

function ordinal(day) {
  const n = Number(day);
  if (n % 100 >= 11 && n % 100 <= 13) return `${n}th`;
  return `${n}${{ 1: "st", 2: "nd", 3: "rd" }[n % 10] ?? "th"}`;
}

export function ago(epoch, now) {
  const seconds = Math.round(now - epoch);
  const size = Math.abs(seconds);
  const [count, unit] =
    size < 60
      ? [size, "second"]
      : size < 3600
        ? [Math.floor(size / 60), "minute"]
        : size < 86400
          ? [Math.floor(size / 3600), "hour"]
          : [Math.floor(size / 86400), "day"];
  const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return seconds < 0 ? `in ${words}` : `${words} ago`;
}

/** Slack's date tokens ({date_short_pretty} {time} …) for one instant in one zone. */
export function dateToken(epoch, template, zone, now) {
  const p = parts(epoch, zone);
  const near = nearDay(epoch, zone, now);
  const date = `${p.month} ${ordinal(p.day)}, ${p.year}`;
  const short = `${p.month.slice(0, 3)} ${p.day}, ${p.year}`;
  const long = `${p.weekday}, ${date}`;
  const words = {
    date,
    date_short: short,
    date_long: long,
    date_long_full: long,
    date_pretty: near ?? date,
    date_short_pretty: near ?? short,
    date_long_pretty: near ?? long,
    day_divider_pretty: near ?? longDay(epoch, zone),
    date_num: localDate(epoch, zone),
    date_slash: localDate(epoch, zone).replaceAll("-", "/"),
    time: `${p.hour}:${p.minute}`,
    time_secs: `${p.hour}:${p.minute}:${p.second}`,
    ago: ago(epoch, now),
  };
  return template.replace(/\{([a-z_]+)\}/g, (whole, name) => words[name] ?? whole);
}

/** Epoch seconds from an RFC 3339 string, epoch seconds or a message ts. */
export function toEpoch(moment) {
  if (typeof moment === "number") return moment > 1e11 ? moment / 1000 : moment;
  if (/^\d+(\.\d+)?$/.test(moment ?? "")) return Number(moment);
  const parsed = Date.parse(moment);
  return Number.isNaN(parsed) ? 0 : parsed / 1000;
}

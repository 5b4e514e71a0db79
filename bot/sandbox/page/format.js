// How money, data and instants read in the page's language and the reader's zone.
import { language, t } from "./texts.js";

const MINUTE_MS = 60_000;
// Each unit with how many of it make the next.
const UNITS = [["minute", 60], ["hour", 24], ["day", Infinity]];

/** An amount in the currency's smallest unit, as `¥179.00`; Telegram Stars (XTR) have no cents. */
export function money(minor, currency) {
  if (currency === "XTR") return `⭐ ${minor}`;
  const format = new Intl.NumberFormat(language, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
  });
  return format.format(minor / 10 ** format.resolvedOptions().maximumFractionDigits);
}

/** Bytes as decimal gigabytes, `12.4 GB`. */
export function gigabytes(bytes) {
  const value = bytes / 1e9;
  return `${value.toLocaleString(language, { maximumFractionDigits: value < 10 ? 2 : 1 })} GB`;
}

/** Hours and minutes, 24-hour. `zone`: an IANA name, by default the reader's. */
export function time(date, zone) {
  return date.toLocaleTimeString(language, {
    hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone,
  });
}

export function clockTime(date) {
  return date.toLocaleTimeString(language, {
    hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  });
}

/** Day, month and weekday. `zone`: an IANA name, by default the reader's. */
export function day(date, zone) {
  return date.toLocaleDateString(language, {
    weekday: "short", day: "numeric", month: "short", timeZone: zone,
  });
}

export function dayWithYear(date) {
  return date.toLocaleDateString(language, { day: "numeric", month: "long", year: "numeric" });
}

/** Size of a file in decimal units. */
export function fileSize(bytes) {
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, "kB"] : [bytes / 1e6, "MB"];
  return `${value.toLocaleString(language, { maximumFractionDigits: 1 })} ${unit}`;
}

function relative(date, now) {
  let amount = (date - now) / MINUTE_MS;
  if (Math.abs(amount) < 1) return t("just_now");
  let place = 0;
  while (Math.abs(Math.round(amount)) >= UNITS[place][1]) {
    amount /= UNITS[place][1];
    place += 1;
  }
  return new Intl.RelativeTimeFormat(language).format(Math.round(amount), UNITS[place][0]);
}

/**
 * An instant as a `date_time` entity asks for it: `r` relative, or any of `w` weekday,
 * `d`/`D` short or long date, `t`/`T` short or long time (Bot API, "date-time entity
 * formatting"); with an empty pattern the text stands as the bot wrote it, so none comes here.
 */
export function instant(date, pattern, now) {
  if (pattern === "r") return relative(date, now);
  const options = { hourCycle: "h23" };
  if (pattern.includes("w")) options.weekday = "long";
  if (pattern.includes("d")) Object.assign(options, { year: "2-digit", month: "2-digit", day: "2-digit" });
  if (pattern.includes("D")) Object.assign(options, { year: "numeric", month: "long", day: "numeric" });
  if (/[tT]/.test(pattern)) Object.assign(options, { hour: "2-digit", minute: "2-digit" });
  if (pattern.includes("T")) options.second = "2-digit";
  return date.toLocaleString(language, options);
}

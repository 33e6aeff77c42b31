// <div data-calendar="{settings}">: a list's records by date (FullCalendar). Times are the office's, wherever the browser is:
// the server gives and takes wall times of the office, which a time zone by name leaves as they are.
import { fresh } from "./find.js";
import { libraries } from "./lib.js";
import { isTyping, send, tellOutcome } from "./moves.js";
import { say } from "./toast.js";

const MODES = ["dayGridMonth", "timeGridWeek", "workWeek", "timeGridDay", "listMonth", "multiMonthYear"];
const NARROW = 720;
const OFFICE = { opens: 7, closes: 19 };
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

const calendars = new WeakMap();

export function attachCalendars(root) {
  for (const box of fresh(root, "[data-calendar][data-words]", "Calendar")) {
    start(box, { ...JSON.parse(box.dataset.calendar), words: JSON.parse(box.dataset.words) });
  }
}

async function start(box, settings) {
  takeStyles();
  await libraries([box.dataset.library, box.dataset.danish]);
  const calendar = new window.FullCalendar.Calendar(box, options(box, settings));
  calendars.set(box, calendar);
  calendar.render();
  // The buttons' titles name them; their signs are pictures without a name.
  for (const sign of box.querySelectorAll(".fc-icon")) {
    sign.removeAttribute("role");
    sign.setAttribute("aria-hidden", "true");
  }
  box.querySelector(".fc-toolbar-chunk:last-child .fc-button-group").dataset.numbered = settings.words.modes;
  const onKey = (event) => (box.isConnected ? press(event, calendar) : document.removeEventListener("keydown", onKey));
  document.addEventListener("keydown", onKey);
  const onPlace = () => {
    if (!box.isConnected) window.removeEventListener("hashchange", onPlace);
    else if (window.location.hash.length > 1) calendar.changeView(placeOf(settings).mode, placeOf(settings).on);
  };
  window.addEventListener("hashchange", onPlace);
  box.addEventListener("keydown", (event) => nudge(event, calendar, settings));
}

/**
 * FullCalendar writes its rules into a <style> of its own. It finds this one, which has the page's nonce and leaves out the icon
 * font: that is a data: address, which our content policy does not load; layouts.css draws its three icons as signs.
 */
function takeStyles() {
  if (document.querySelector("style[data-fullcalendar]")) return;
  const style = document.createElement("style");
  style.dataset.fullcalendar = "";
  style.nonce = document.querySelector('meta[name="csp-nonce"]').content;
  document.head.prepend(style);
  const sheet = style.sheet;
  const insert = sheet.insertRule.bind(sheet);
  sheet.insertRule = (rule, place) => insert(rule.startsWith("@font-face") ? ".fc-no-font {}" : rule, place);
}

function options(box, settings) {
  const place = placeOf(settings);
  return {
    locale: box.dataset.locale === "da" ? "da" : "en",
    firstDay: 1,
    weekNumbers: true,
    weekNumberCalculation: "ISO",
    timeZone: settings.zone,
    now: () => wallTime(settings.zone),
    nowIndicator: true,
    initialView: place.mode,
    initialDate: place.on,
    headerToolbar: { start: "prev,next today", center: "title", end: MODES.join(",") },
    views: views(settings.words),
    buttonText: { today: settings.words.today },
    allDayText: settings.words.allDay,
    noEventsText: settings.words.none,
    navLinks: true,
    height: "auto",
    weekNumberContent: (info) => (window.innerWidth < NARROW ? String(info.num) : `${settings.words.week} ${info.num}`),
    dayMaxEvents: 5,
    slotDuration: "00:30:00",
    slotMinTime: clock(OFFICE.opens),
    slotMaxTime: clock(OFFICE.closes),
    editable: true,
    selectable: Boolean(settings.newUrl),
    selectMinDistance: 8,
    longPressDelay: 500,
    eventTimeFormat: { hour: "2-digit", minute: "2-digit" },
    events(span, ok, fail) {
      load(box, settings, span).then((found) => {
        ok(found);
        window.setTimeout(() => fitHours(calendars.get(box), found), 0);
      }, fail);
    },
    eventDidMount: (info) => describe(info.el, info.event),
    eventAllow: (span, event) => settings.allDay === "either" || span.allDay === event.allDay,
    eventDrop: (info) => move(info, settings),
    eventResize: (info) => move(info, settings),
    dateClick: (info) => settings.newUrl && make(settings, info.dateStr, null, info.allDay),
    select: (info) => make(settings, info.startStr, info.endStr, info.allDay),
    datesSet: (info) => remember(info, settings),
  };
}

function clock(hour) {
  return `${String(hour).padStart(2, "0")}:00:00`;
}

/** Show the hours of the office, and as many more as there is something in: so nothing scrolls within the page, or on paper. */
function fitHours(calendar, events) {
  const timed = events.filter((one) => !one.allDay);
  const overnight = timed.some((one) => one.end && one.end.slice(0, 10) !== one.start.slice(0, 10));
  const starts = timed.map((one) => Number(one.start.slice(11, 13)));
  const ends = timed.map((one) => Number((one.end ?? one.start).slice(11, 13)) + 1);
  const opens = overnight ? 0 : Math.min(OFFICE.opens, ...starts);
  const closes = overnight ? 24 : Math.min(24, Math.max(OFFICE.closes, ...ends));
  if (calendar.getOption("slotMinTime") !== clock(opens)) calendar.setOption("slotMinTime", clock(opens));
  if (calendar.getOption("slotMaxTime") !== clock(closes)) calendar.setOption("slotMaxTime", clock(closes));
}

function views(words) {
  return {
    dayGridMonth: { buttonText: words.month },
    timeGridWeek: { buttonText: words.week },
    workWeek: { type: "timeGridWeek", buttonText: words.workWeek, hiddenDays: [0, 6] },
    timeGridDay: { buttonText: words.day },
    listMonth: { buttonText: words.list },
    multiMonthYear: { buttonText: words.year, multiMonthMaxColumns: 3, multiMonthMinWidth: 300, weekNumbers: false, dayMaxEvents: 2 },
  };
}

/** Where one was: the part of the address behind #; else the list's mode, on a phone the list. */
function placeOf(settings) {
  const [mode, on] = window.location.hash.slice(1).split("/");
  if (MODES.includes(mode)) return { mode, on: /^\d{4}-\d\d-\d\d$/.test(on) ? on : settings.today };
  return { mode: window.innerWidth < NARROW ? "listMonth" : settings.mode || MODES[0], on: settings.today };
}

function remember(info, settings) {
  const on = info.view.calendar.getDate().toISOString().slice(0, 10);
  const plain = info.view.type === (settings.mode || MODES[0]) && on === settings.today && window.location.hash.length < 2;
  if (!plain) window.history.replaceState(window.history.state, "", `#${info.view.type}/${on}`);
}

async function load(box, settings, span) {
  const url = new URL(settings.events, window.location.origin);
  url.searchParams.set("from", span.startStr.slice(0, 10));
  url.searchParams.set("to", dayAfter(span.endStr));
  const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) {
    say(settings.words.failed, "danger");
    throw new Error(String(answer.status));
  }
  const found = await answer.json();
  const notice = box.parentElement.querySelector("[data-capped]");
  notice.hidden = !found.capped;
  return found.events;
}

/** The day that the span ends before: where it ends within a day, the next. */
function dayAfter(end) {
  const day = end.slice(0, 10);
  return end.length < 12 || end.slice(11, 16) === "00:00" ? day : new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}

/** A link's name tells what the colours tell; how to move it without a mouse is said once, by the help line. */
function describe(element, event) {
  const { state, when } = event.extendedProps;
  const link = element.closest("a") ?? element.querySelector("a");
  if (!link) return;
  const name = [event.title, when, state].filter(Boolean).join(", ");
  link.setAttribute("aria-label", name);
  link.setAttribute("title", name);
  link.dataset.event = event.id;
  if (event.startEditable) link.setAttribute("aria-describedby", "calendar-help");
}

function linksOf(event) {
  return document.querySelectorAll(`[data-event="${CSS.escape(event.id)}"]`);
}

async function move(info, settings) {
  const event = info.event;
  const answer = await send(settings.moveUrl, {
    id: event.id,
    by: settings.by,
    seen_version: event.extendedProps.version,
    start: event.startStr,
    end: event.endStr || null,
    next: window.location.pathname + window.location.search + window.location.hash,
  });
  if (answer.refused) info.revert();
  else {
    event.setExtendedProp("version", answer.version);
    event.setExtendedProp("when", answer.when);
    for (const link of linksOf(event)) describe(link, event);
  }
  tellOutcome(answer);
}

/** Shift and an arrow move the event that has the focus by a day or a week, as dragging does. */
async function nudge(event, calendar, settings) {
  const days = STEPS[event.key];
  const link = event.target.closest("[data-event]");
  if (!days || !event.shiftKey || event.ctrlKey || event.altKey || event.metaKey || !link) return;
  const moved = calendar.getEventById(link.dataset.event);
  if (!moved?.startEditable) return;
  event.preventDefault();
  const back = { start: moved.startStr, end: moved.endStr || null, allDay: moved.allDay };
  moved.moveDates({ days });
  await move({ event: moved, revert: () => moved.setDates(back.start, back.end, { allDay: back.allDay }) }, settings);
  linksOf(moved)[0]?.focus();
}

function press(event, calendar) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isTyping(event.target)) return;
  if (event.key === "Home") calendar.today();
  else if (document.getElementById("keys")?.dataset.singleKeys === "off") return;
  else if (/^[1-6]$/.test(event.key)) calendar.changeView(MODES[Number(event.key) - 1]);
  else return;
  event.preventDefault();
}

/** The form of a new record, with the day filled in; the last day of several is the one before the end. */
function make(settings, start, end, allDay) {
  const url = new URL(settings.newUrl, window.location.origin);
  const fill = (part, moment) => {
    url.searchParams.set(`${settings.by}.${part}`, moment.slice(0, 10).split("-").reverse().join("."));
    if (!allDay && settings.allDay !== "always") url.searchParams.set(`${settings.by}.${part}_time`, moment.slice(11, 16).replace(":", "."));
  };
  fill("start", start);
  const last = end && allDay ? new Date(Date.parse(end) - 86_400_000).toISOString() : end;
  if (last && settings.hasEnd && last.slice(0, 16) !== start.slice(0, 16)) fill("end", last);
  url.searchParams.set("next", window.location.pathname + window.location.search + window.location.hash);
  window.location.assign(url);
}

/** The office's time as it is now, without a zone. */
function wallTime(zone) {
  const parts = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" }).format(new Date());
  return parts.replace(" ", "T");
}

// The one script of a page. Each module attaches to what htmx:load brings in (the page itself first), by data attributes.
import { attachAsk } from "./ask.js";
import { attachBell, listenToBell } from "./bell.js";
import { attachBoards } from "./board.js";
import { attachBulk } from "./bulk.js";
import { attachCalendars } from "./calendar.js";
import { attachBuilder } from "./builder.js";
import { attachChoose } from "./choose.js";
import { attachWidths } from "./widths.js";
import { attachComments } from "./comments.js";
import { attachDays } from "./days.js";
import { attachDrafts, sweepDrafts } from "./drafts.js";
import { attachPickers } from "./picker.js";
import { attachRecord } from "./record.js";
import { attachSeenBox } from "./seen-box.js";
import { attachSparring } from "./sparring.js";
import { attachSteps } from "./steps.js";
import { attachTasks } from "./tasks.js";
import { attachUploads } from "./upload.js";
import { attachFileFields } from "./file-field.js";
import { attachPdf } from "./pdf.js";
import { attachRich } from "./rich.js";
import { listenToKeys } from "./keys.js";
import { listenToPalette } from "./palette.js";
import { listenToHtmx } from "./htmx-setup.js";
import { attachToasts } from "./toast.js";
import { listenToUndo } from "./undo.js";

listenToHtmx();
listenToKeys();
listenToPalette();
listenToBell();
listenToUndo();
sweepDrafts();
document.addEventListener("htmx:load", (event) => {
  const root = event.detail.elt;
  for (const attach of [attachBuilder, attachChoose, attachWidths, attachPickers, attachDays, attachDrafts, attachComments, attachAsk, attachToasts, attachSeenBox, attachSteps, attachBoards, attachBulk, attachCalendars, attachTasks, attachSparring, attachRecord, attachUploads, attachFileFields, attachPdf, attachRich, attachBell]) attach(root);
});

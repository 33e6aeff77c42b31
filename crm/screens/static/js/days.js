// A day is typed as 27.04.2027; the button beside it opens the browser's own calendar and writes the choice in the same form.
import { fresh } from "./find.js";

export function attachDays(root) {
  for (const wrap of fresh(root, "[data-day]", "Day")) {
    const field = wrap.querySelector("input.day");
    const native = wrap.querySelector("input[type=date]");
    wrap.querySelector(".day-open").addEventListener("click", () => {
      native.value = iso(field.value);
      if (typeof native.showPicker === "function") native.showPicker();
    });
    native.addEventListener("change", () => {
      const [year, month, day] = native.value.split("-");
      field.value = native.value ? `${day}.${month}.${year}` : "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
  }
}

function iso(text) {
  const found = /^\s*(\d{1,2})[./\- ](\d{1,2})[./\- ](\d{4})/.exec(text);
  return found ? `${found[3]}-${found[2].padStart(2, "0")}-${found[1].padStart(2, "0")}` : "";
}

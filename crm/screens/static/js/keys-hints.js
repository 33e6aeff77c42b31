// Keys that other modules hear themselves, where the focus is theirs: listed by `?`, never run from here.

const GRID = "table[data-grid]";
const ROWS = "table[data-rows] tr[data-id]";
const CHOSEN = "#bulk-bar:not([hidden])";
const CALENDAR = "[data-calendar][data-words]";

export function declareHints(declare) {
  const hint = (keys, word, selector, group) => ({ keys, label: (words) => words[word], group, when: () => Boolean(document.querySelector(selector)), run: () => false });
  declare(
    hint(" ", "quick", ROWS, "rows"),
    hint("alt+ArrowUp", "walk", ROWS, "rows"),
    hint("alt+ArrowDown", "walk", ROWS, "rows"),
    hint("Enter", "acts", CHOSEN, "rows"),
    hint("Escape", "none", CHOSEN, "rows"),
    hint("F2", "cells", GRID, "cells"),
    hint("Enter", "cell", GRID, "cells"),
    hint("ctrl+c", "copy", GRID, "cells"),
    hint("ctrl+v", "copy", GRID, "cells"),
    hint("ctrl+d", "fill", GRID, "cells"),
    hint("Delete", "empty", GRID, "cells"),
    hint("1–6", "mode", CALENDAR, "calendar"),
    hint("Home", "today", CALENDAR, "calendar"),
    hint("shift+ArrowRight", "move", CALENDAR, "calendar"),
    hint("shift+ArrowLeft", "move", CALENDAR, "calendar"),
  );
}

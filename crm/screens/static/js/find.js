/** Give the elements under `root`, itself included, that match and were not attached to before under this name. */
export function fresh(root, selector, name) {
  const found = [...root.querySelectorAll(selector)];
  if (root.matches?.(selector)) found.unshift(root);
  return found.filter((element) => {
    const key = `attached${name}`;
    if (element.dataset[key]) return false;
    element.dataset[key] = "1";
    return true;
  });
}

/** The page's own words for scripts, in the page's language. */
export function words() {
  return document.getElementById("words").dataset;
}

// A vendored library that only some pages need: fetched once, when the first of them asks.
const asked = new Map();

/** Fetch scripts of our own, one after the other; gives when the last has run. */
export async function libraries(addresses) {
  for (const address of addresses) {
    if (!asked.has(address)) asked.set(address, fetchScript(address));
    await asked.get(address);
  }
}

function fetchScript(address) {
  return new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", done, { once: true });
    script.addEventListener("error", () => fail(new Error(address)), { once: true });
    document.head.append(script);
  });
}

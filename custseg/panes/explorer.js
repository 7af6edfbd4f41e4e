// In a notebook: what the page's own script does with a press on a segment, and with a way to another view. Each is
// written into a field that Python reads.
(() => {
  if (window.custsegExplorers) return;
  window.custsegExplorers = true;

  const below = function* (root) {
    for (const element of root.querySelectorAll("*")) {
      yield element;
      if (element.shadowRoot) yield* below(element.shadowRoot);
    }
  };

  const write = (explorer, name, said) => {
    const field = [...below(explorer.shadowRoot)].find((element) => element.classList.contains(name));
    const input = field.shadowRoot.querySelector("input");
    input.value = said;
    input.dispatchEvent(new Event("change"));
  };

  document.addEventListener("click", (event) => {
    const path = event.composedPath();
    const explorer = path.find((element) => element.classList?.contains("custseg-explorer"));
    if (!explorer) return;
    const link = path.find((element) => element.localName === "a" && element.getAttribute("href")?.startsWith("#"));
    const segment = path.find((element) => element.dataset?.segment)?.dataset.segment;
    if (link) {
      event.preventDefault();
      write(explorer, "wanted-view", link.hash.slice(1));
    } else if (path.some((element) => element.classList?.contains("to-customers"))) {
      write(explorer, "wanted-view", "customers");
    } else if (segment) {
      write(explorer, "pressed-segment", segment);
    }
  });
})();

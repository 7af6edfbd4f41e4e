// Sorts a table by the column whose heading is pressed: numbers by their value, other texts by the alphabet.
const written = new Intl.NumberFormat(document.documentElement.lang).formatToParts(12345.6);
const sign = (of) => written.find(({ type }) => type === of).value;
const number = (text) => {
  const found = text.replace("−", "-").match(/^[-+]?[\d.,\u00a0\u202f]+/)?.[0];
  return found ? Number(found.replaceAll(sign("group"), "").replace(sign("decimal"), ".")) : NaN;
};

function compare(one, other) {
  const [a, b] = [number(one), number(other)];
  if (Number.isNaN(a) !== Number.isNaN(b)) return Number.isNaN(a) ? 1 : -1;
  return Number.isNaN(a) ? one.localeCompare(other) : a - b;
}

for (const button of document.querySelectorAll("th button")) {
  button.addEventListener("click", () => {
    const head = button.closest("th"), body = head.closest("table").tBodies[0];
    const sign = head.ariaSort === "ascending" ? -1 : 1;
    const text = (row) => row.cells[head.cellIndex].textContent.trim();
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
    body.append(...[...body.rows].sort((a, b) => sign * compare(text(a), text(b))));
  });
}

// Older browsers leave templates of shadow roots as they are.
for (const template of document.querySelectorAll("template[shadowrootmode]")) {
  template.parentElement.attachShadow({ mode: "open" }).append(template.content);
  template.remove();
}

for (const head of document.querySelectorAll(".sortable th")) head.firstChild.addEventListener("click", () => {
  const at = head.cellIndex, body = head.closest("table").tBodies[0], number = head.className === "number";
  const down = head.hasAttribute("aria-sort") ? head.getAttribute("aria-sort") === "ascending" : number;
  const read = text => number ? parseFloat(text.replaceAll(",", "")) || 0 : text;
  const rows = [...body.rows].map(row => [read(row.cells[at].textContent), row]);
  const order = number ? (a, b) => a - b : new Intl.Collator(document.documentElement.lang, {numeric: true}).compare;
  rows.sort(([a], [b]) => down ? order(b, a) : order(a, b));
  body.append(...rows.map(([, row]) => row));
  for (const each of head.parentNode.cells) each.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
});

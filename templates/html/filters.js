
// Adds a search and filters to the tables of incidents. Without this script all rows are shown.
(() => {
  const rows = [];
  for (const table of document.querySelectorAll("main table")) {
    const names = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent.trim());
    if (!names.includes("Incident")) continue;
    for (const row of table.querySelectorAll("tbody tr")) {
      const cells = {};
      [...row.cells].forEach((cell, index) => { cells[names[index]] = cell.textContent.trim(); });
      rows.push({ row, cells, text: row.textContent.toLowerCase() });
    }
  }
  if (rows.length === 0) return;

  const form = document.createElement("form");
  form.className = "filters";
  form.setAttribute("role", "search");
  const labelled = (words, control) => {
    const label = document.createElement("label");
    label.append(words, control);
    form.append(label);
    return control;
  };
  const search = labelled("Search", Object.assign(document.createElement("input"), { type: "search", name: "q" }));
  const choices = {};
  for (const name of ["Severity", "Status", "Services"]) {
    const values = new Set();
    for (const { cells } of rows) {
      for (const value of (cells[name] || "").split(", ")) if (value) values.add(value);
    }
    if (values.size < 2) continue;
    const select = labelled(name === "Services" ? "Service" : name, document.createElement("select"));
    select.name = name.toLowerCase();
    select.append(new Option("all", ""));
    for (const value of [...values].sort()) select.append(new Option(value, value));
    choices[name] = select;
  }
  const clear = Object.assign(document.createElement("button"), { type: "button", textContent: "Clear" });
  const count = document.createElement("output");
  form.append(clear, count);

  const fits = ({ cells, text }, words) =>
    words.every((word) => text.includes(word)) &&
    Object.entries(choices).every(([name, { value }]) => !value || (cells[name] || "").split(", ").includes(value));

  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const one of rows) {
      const is = fits(one, words);
      one.row.hidden = !is;
      if (is) shown += 1;
    }
    // A year without a row that fits is left out with its heading.
    for (const table of document.querySelectorAll("main .table")) {
      const empty = !table.querySelector("tbody tr:not([hidden])");
      table.hidden = empty;
      const heading = table.previousElementSibling;
      if (heading && heading.tagName === "H2") heading.hidden = empty;
    }
    count.textContent = shown === rows.length ? "" : `${shown} of ${rows.length}`;
    const state = new URLSearchParams();
    if (search.value) state.set("q", search.value);
    for (const select of Object.values(choices)) if (select.value) state.set(select.name, select.value);
    clear.hidden = !state.toString();
    const hash = state.toString() ? "#" + state : "";
    if (hash || location.hash.includes("=")) {
      try {
        history.replaceState(null, "", hash || location.pathname + location.search);
      } catch { /* Some browsers do not allow it for files. */ }
    }
  };

  // A link with filters, such as #severity=sev1, shows the same rows to others.
  const restore = () => {
    if (!location.hash.includes("=")) return;
    const state = new URLSearchParams(location.hash.slice(1));
    search.value = state.get("q") || "";
    for (const select of Object.values(choices)) select.value = state.get(select.name) || "";
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  clear.addEventListener("click", () => {
    search.value = "";
    for (const select of Object.values(choices)) select.value = "";
    apply();
  });
  window.addEventListener("hashchange", () => { restore(); apply(); });
  document.querySelector("main h1").insertAdjacentElement("afterend", form);
  restore();
  apply();
})();

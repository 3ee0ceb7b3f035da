"use strict";
(() => {
  const filter = document.querySelector(".filter");
  if (filter) {
    const text = document.getElementById("filter");
    const attention = document.getElementById("attention");
    const found = document.getElementById("found");
    const rows = [...document.querySelectorAll("tr[data-find]")];
    const apply = () => {
      const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const content = row.dataset.find;
        row.hidden = !words.every(word => content.includes(word)) || (attention.checked && !content.startsWith("! "));
        if (!row.hidden) shown++;
      }
      found.textContent = shown === rows.length ? "" : `${shown} of ${rows.length} images`;
    };
    text.addEventListener("input", apply);
    attention.addEventListener("change", apply);
    filter.hidden = false;
    apply();
  }

  const addButtons = root => {
    if (!navigator.clipboard) return;
    for (const code of root.querySelectorAll(".copy:not(:has(button)) > code")) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Copy";
      button.setAttribute("aria-live", "polite");
      button.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(code.textContent);
          button.textContent = "Copied";
        } catch {
          getSelection().selectAllChildren(code);
          button.textContent = "Selected";
        }
      });
      code.after(button);
    }
  };
  addButtons(document.getElementById("problems") ?? document.body);
  document.addEventListener("toggle", happened => { if (happened.target.open) addButtons(happened.target); }, true);
})();

"use strict";
(() => {
  const page = document.currentScript.dataset.page;
  const details = [...document.querySelectorAll("details")];
  const fields = [...document.querySelectorAll("input")];
  const saved = JSON.parse(sessionStorage.getItem("view") ?? "null");
  if (saved) {
    details.forEach((one, at) => { one.open = saved.open[at] ?? one.open; });
    fields.forEach((field, at) => {
      field.value = saved.values[at] ?? field.value;
      field.checked = saved.checked[at] ?? field.checked;
      field.dispatchEvent(new Event(field.type === "checkbox" ? "change" : "input"));
    });
    if (saved.focus) document.getElementById(saved.focus)?.focus({ preventScroll: true });
  }
  new EventSource(`/events/${page}`).addEventListener("changed", () => {
    sessionStorage.setItem("view", JSON.stringify({
      open: details.map(one => one.open),
      values: fields.map(field => field.value),
      checked: fields.map(field => field.checked),
      focus: document.activeElement?.id ?? "",
    }));
    location.reload();
  });
})();

/* The menu button on narrow screens: works by keyboard, reports its state, closes with Escape. The theme's own
   control is a label, which cannot take the focus. Without JavaScript, the tabs lead everywhere. */
(() => {
  const button = document.querySelector(".menu-button");
  const toggle = document.getElementById("__drawer");
  const drawer = document.querySelector(".md-sidebar--primary");
  if (!button || !toggle || !drawer) return;

  const show = (open) => {
    toggle.checked = open;
    toggle.dispatchEvent(new Event("change"));
  };

  toggle.addEventListener("change", () => button.setAttribute("aria-expanded", String(toggle.checked)));
  button.addEventListener("click", () => {
    show(!toggle.checked);
    if (toggle.checked) drawer.querySelector("a[href]").focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !toggle.checked) return;
    show(false);
    button.focus();
  });
})();

/* On narrow screens the search opens with a button. On wide screens it covers the page when a reader types, not already
   when the keyboard reaches its box: the theme opens it on focus. */
(() => {
  const toggle = document.getElementById("__search");
  const label = document.querySelector("label[for='__search'][hidden]");
  const button = document.querySelector(".search-button");
  const box = document.querySelector(".md-search__input");
  if (!toggle || !label || !button || !box) return;

  let isTab = false;
  const show = (open) => {
    if (toggle.checked !== open) toggle.click();
  };

  button.addEventListener("click", () => {
    label.click();
    box.focus();
  });
  document.addEventListener("keydown", (event) => (isTab = event.key === "Tab"), true);
  document.addEventListener("pointerdown", () => (isTab = false), true);
  // A checkbox cannot be clicked again while it handles a click.
  toggle.addEventListener("change", () => isTab && setTimeout(() => show(false)));
  box.addEventListener("input", () => show(true));
})();

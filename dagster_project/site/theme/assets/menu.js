/* The menu button on narrow screens: works by keyboard, reports its state, closes with Escape. The theme's own
   control is a label, which cannot take the focus. Without JavaScript, site.css shows the tabs instead. */
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

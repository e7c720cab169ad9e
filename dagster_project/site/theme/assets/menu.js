/* The menu as a button on narrow screens: by keyboard, with its state, closed by Escape. The theme's own
   control is a label, which takes no focus. Without JavaScript the tabs stand in for it (see site.css). */
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

/* Adds to figures: a PNG file, and a choice of the consortium to highlight, which stays from page to page. Without this
   script every figure is complete, and its CSV and SVG files are there. */
(() => {
  const PIXEL_RATIO = 2;
  const KEY = "consortium";

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  const savePng = async (link) => {
    const image = make("img", { src: link.href });
    await image.decode();
    const canvas = make("canvas", {
      width: image.naturalWidth * PIXEL_RATIO,
      height: image.naturalHeight * PIXEL_RATIO,
    });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const file = await new Promise((done) => canvas.toBlob(done, "image/png"));
    const address = URL.createObjectURL(file);
    const name = link.pathname.split("/").slice(-2).join("-").replace(/\.svg$/, ".png");
    make("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };

  document.querySelectorAll('.files a[href$=".svg"]').forEach((link) => {
    const button = make("button", { type: "button" }, "PNG");
    button.setAttribute("aria-label", "This figure as PNG");
    button.addEventListener("click", () => savePng(link));
    link.after(" · ", button);
  });

  // Some browsers deny storage for files that are opened without a server.
  const stored = {
    get: () => { try { return sessionStorage.getItem(KEY) ?? ""; } catch { return ""; } },
    set: (name) => { try { sessionStorage.setItem(KEY, name); } catch { /* The choice ends with the page. */ } },
  };

  const charts = [...document.querySelectorAll(".plot")]
    .map((plot) => ({ plot, parts: [...plot.querySelectorAll("[data-consortium]")] }))
    .map((chart) => ({ ...chart, names: [...new Set(chart.parts.map((part) => part.dataset.consortium))] }))
    .filter(({ names }) => names.length > 1);

  const highlight = (name) => {
    charts.forEach(({ plot, parts, names, select }) => {
      const isHere = names.includes(name);
      select.value = isHere ? name : "";
      plot.classList.toggle("picking", isHere);
      parts.forEach((part) => part.classList.toggle("picked", isHere && part.dataset.consortium === name));
    });
  };

  charts.forEach((chart) => {
    chart.select = make("select", {}, make("option", { value: "" }, "None"));
    chart.select.append(...chart.names.map((name) => make("option", { value: name }, name)));
    chart.select.addEventListener("change", () => {
      stored.set(chart.select.value);
      highlight(chart.select.value);
    });
    const label = make("label", {}, "Highlight", chart.select);
    const tools = chart.plot.previousElementSibling;
    if (tools?.matches(".table-tools")) tools.prepend(label);
    else chart.plot.before(make("div", { className: "table-tools" }, label));
  });
  highlight(stored.get());
})();

"use strict";
(() => {
const root = document.documentElement;
const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};
const words = JSON.parse(document.getElementById("words").textContent);

function offerTheme() {
  const button = document.getElementById("theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  const show = () => button.setAttribute("aria-pressed", String(isDark()));
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    show();
  });
  dark.addEventListener("change", show);
  button.hidden = false;
  show();
}

function save(name, text, type) {
  const link = make("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// The picture leaves the page with its fonts, its title and where the figures come from.
function savePicture(button) {
  const figure = button.closest("figure");
  const shown = figure.querySelector(".chart .wide");
  const copy = shown.cloneNode(true);
  const [, , width, height] = copy.getAttribute("viewBox").split(" ");
  // A style sheet of its own file (a page of the site) has no fonts to give away.
  const [sheet] = document.styleSheets;
  const fonts = (sheet.href ? [] : Array.from(sheet.cssRules))
    .filter((rule) => rule instanceof CSSFontFaceRule && rule.cssText.includes("SCO Sans"))
    .map((rule) => rule.cssText).join("\n");
  const head = { title: "h3", desc: ".source" };
  for (const name of ["desc", "title"]) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    element.textContent = figure.querySelector(head[name]).textContent;
    copy.prepend(element);
  }
  const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
  style.textContent = fonts;
  // The page's own family leads in some languages, which the drawing does not know.
  const text = shown.querySelector("text") || shown;
  copy.setAttribute("font-family", getComputedStyle(text).fontFamily);
  copy.append(style);
  for (const name of ["class", "aria-hidden", "focusable"]) copy.removeAttribute(name);
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  save(button.dataset.file, new XMLSerializer().serializeToString(copy), "image/svg+xml");
}

function offerSort(table) {
  const collator = new Intl.Collator(root.lang);
  const heads = all("thead th", table);
  const body = table.tBodies[0];
  const key = (row, column) => {
    const cell = row.cells[column];
    if (cell.textContent === "–") return null;
    if (cell.className === "text") return cell.textContent;
    return Number(cell.dataset.raw || cell.textContent);
  };
  const compare = (a, b) => (typeof a === "number" && typeof b === "number"
    ? a - b : collator.compare(a, b));
  const sort = (column) => {
    const up = heads[column].getAttribute("aria-sort") !== "ascending";
    const rows = Array.from(body.rows).map((row) => [key(row, column), row]);
    // What is missing stays last in both directions.
    rows.sort(([a], [b]) => (a === null || b === null
      ? (a === null) - (b === null) : compare(a, b) * (up ? 1 : -1)));
    body.append(...rows.map(([, row]) => row));
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    heads[column].setAttribute("aria-sort", up ? "ascending" : "descending");
  };
  heads.forEach((head, column) => {
    const button = make("button", "", head.textContent);
    button.type = "button";
    button.addEventListener("click", () => sort(column));
    head.replaceChildren(button);
  });
}

// Reads a chart stop by stop: by pointer, by touch, and as a slider by keyboard.
function offerReading(plot) {
  const stops = JSON.parse(plot.querySelector(".stops").textContent);
  const explorer = make("div", "explorer");
  const hair = make("div", "hair");
  const tip = make("div", "tip");
  tip.setAttribute("aria-hidden", "true");
  const attributes = {
    role: "slider", tabindex: "0", "aria-label": plot.dataset.reads, "aria-valuemin": "0",
    "aria-valuemax": String(stops.length - 1),
  };
  for (const [name, value] of Object.entries(attributes)) explorer.setAttribute(name, value);
  let at = stops.length - 1;

  const drawing = () => all(".chart svg", plot).find((svg) => svg.getClientRects().length);
  const left = (index) => {
    const svg = drawing();
    const narrow = svg.classList.contains("narrow") ? 1 : 0;
    return stops[index].x[narrow] * svg.clientWidth / svg.viewBox.baseVal.width;
  };
  // The hair is as tall as the lines of the grid; a chart without any gets its whole height.
  const reach = () => {
    const frame = plot.getBoundingClientRect();
    const lines = all("line", drawing()).map((line) => line.getBoundingClientRect())
      .filter((box) => box.width > frame.width / 4);
    const edges = lines.length > 1 ? lines.map((box) => box.top - frame.top) : [0, frame.height];
    return [Math.min(...edges), Math.max(...edges)];
  };
  const describe = (stop) =>
    stop.label + ": " + stop.lines.map(([name, value]) => name + " " + value).join(", ");
  const tell = () => {
    explorer.setAttribute("aria-valuenow", String(at));
    explorer.setAttribute("aria-valuetext", describe(stops[at]));
  };
  const show = (index) => {
    at = index;
    const stop = stops[at];
    tip.replaceChildren(make("strong", "", stop.label));
    for (const [name, value, colour] of stop.lines) {
      const line = make("div");
      const dot = make("i");
      dot.style.background = "var(--c" + colour.slice(1).toLowerCase() + "," + colour + ")";
      line.append(dot, make("span", "", name), make("b", "", value));
      tip.append(line);
    }
    hair.hidden = tip.hidden = false;
    const x = left(at);
    const [top, bottom] = reach();
    hair.style.cssText = "left:" + x + "px;top:" + top + "px;height:" + (bottom - top) + "px";
    const before = x - tip.offsetWidth - 14;
    const after = x + 14;
    const fits = after + tip.offsetWidth <= plot.clientWidth;
    tip.style.left = Math.max(0, before >= 0 ? before : fits ? after : 0) + "px";
    tip.style.top = top + "px";
    tell();
  };
  const hide = () => { hair.hidden = tip.hidden = true; };
  const nearest = (x) => stops.reduce((best, _, index) =>
    (Math.abs(left(index) - x) < Math.abs(left(best) - x) ? index : best), 0);
  const follow = (event) => show(nearest(event.clientX - plot.getBoundingClientRect().left));
  const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1,
    Home: -stops.length, End: stops.length, PageUp: 5, PageDown: -5 };

  explorer.addEventListener("pointermove", follow);
  explorer.addEventListener("pointerdown", follow);
  explorer.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse" && !explorer.matches(":focus-visible")) hide();
  });
  explorer.addEventListener("focus", () => { if (explorer.matches(":focus-visible")) show(at); });
  explorer.addEventListener("blur", hide);
  explorer.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    if (!(event.key in steps)) return;
    event.preventDefault();
    show(Math.min(stops.length - 1, Math.max(0, at + steps[event.key])));
  });
  addEventListener("resize", hide);
  plot.append(explorer, hair, tip);
  hide();
  tell();
}

// Shows the claims of one verdict. A link to a claim that is not shown shows all of them.
function offerVerdicts(ledger) {
  const filter = ledger.querySelector(".filter");
  const cards = all(".claims > li", ledger);
  const status = ledger.querySelector(".shown");
  const show = (verdict) => {
    cards.forEach((card) => { card.hidden = verdict !== "" && card.dataset.verdict !== verdict; });
    const shown = cards.filter((card) => !card.hidden).length;
    status.textContent = ledger.dataset.shown + " " + shown + " / " + cards.length;
  };
  const showAll = () => {
    const target = cards.find((card) => "#" + card.id === location.hash);
    if (!target || !target.hidden) return;
    filter.querySelector("input").checked = true;
    show("");
    target.scrollIntoView();
  };
  filter.addEventListener("change", (event) => show(event.target.value));
  addEventListener("hashchange", showAll);
  filter.hidden = false;
  show(filter.querySelector("input:checked").value);
}

// A link to something that is folded away, or in what is, unfolds it.
function unfoldLinked() {
  const unfold = () => {
    const target = document.getElementById(location.hash.slice(1));
    const folded = target && target.closest("details");
    if (!folded || folded.open) return;
    folded.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  unfold();
}

function offerCopy() {
  const button = document.getElementById("copy");
  const citation = document.getElementById("citation");
  const say = (text) => { document.getElementById("copied").textContent = text; };
  button.addEventListener("click", () => {
    const byHand = () => {
      getSelection().selectAllChildren(citation);
      say(words.copy_by_hand);
    };
    if (!navigator.clipboard) byHand();
    else navigator.clipboard.writeText(citation.textContent).then(() => say(words.copied), byHand);
  });
  button.hidden = false;
}

// Finds parts of the report that have every word typed; those with the words in their title first.
function offerSearch() {
  const MOST = 10;
  const box = document.querySelector(".search");
  const input = box.querySelector("input");
  const list = box.querySelector("ul");
  const status = box.querySelector("[role=status]");
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const kinds = [
    [".findings > li", words.kind_finding, ".figure"],
    ["main > section", words.kind_section, "h2"],
    [".exhibit", "", "h3"],
    [".claims > li[id]", words.kind_claim, ".claim"],
    [".profile", words.kind_profile, "h3"],
    [".method", words.kind_method, "h3"],
  ];
  const title = (part, selector) => {
    const found = part.querySelector(selector).textContent;
    return part.matches(".findings > li") ? part.querySelector("p").textContent : found;
  };
  const entry = (part, kind, selector) => {
    const name = title(part, selector);
    // A section is found by its title: what it says is found in its parts.
    const text = part.matches("section") ? name : part.textContent;
    const number = part.id.startsWith("claim-") ? part.id.slice(6) + " " : "";
    return { part, name, kind: kind || part.querySelector(".kicker").textContent,
      title: plain(number + name), text: plain(text) };
  };
  let entries;
  const known = () => {
    entries ||= kinds.flatMap(([parts, kind, selector]) =>
      all(parts).map((part) => entry(part, kind, selector)));
    return entries;
  };
  const found = (typed) => {
    const wanted = plain(typed).split(/\s+/).filter(Boolean);
    if (!wanted.length) return [];
    const hits = known().filter(({ text }) => wanted.every((word) => text.includes(word)));
    const inTitle = (hit) => wanted.every((word) => hit.title.includes(word));
    return [...hits.filter(inTitle), ...hits.filter((hit) => !inTitle(hit))];
  };
  const go = (part) => {
    for (let at = part; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    if (part.hidden) part.closest(".ledger").querySelector(".filter input").click();
    const heading = part.querySelector("h2, h3, .claim") || part;
    heading.setAttribute("tabindex", "-1");
    part.scrollIntoView();
    heading.focus({ preventScroll: true });
  };
  const line = ({ part, name, kind }) => {
    const item = make("li");
    const button = make("button", "", name);
    button.type = "button";
    button.prepend(make("span", "", kind));
    button.addEventListener("click", () => go(part));
    item.append(button);
    return item;
  };
  const show = () => {
    const hits = found(input.value);
    list.replaceChildren(...hits.slice(0, MOST).map(line));
    const more = hits.length - MOST;
    status.textContent = !input.value.trim() ? "" : words.found_number + " " + hits.length
      + (more > 0 ? " (" + more + " " + words.found_more + ")" : "");
  };
  const buttons = () => [input, ...all("button", list)];
  box.addEventListener("keydown", (event) => {
    const at = buttons().indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (event.key === "Escape") {
      input.value = "";
      show();
      input.focus();
    } else if (event.key === "Enter" && at === 0) {
      list.querySelector("button")?.click();
    } else if (to !== undefined && buttons()[to]) {
      event.preventDefault();
      buttons()[to].focus();
    }
  });
  addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
  });
  input.addEventListener("input", show);
  box.hidden = false;
}

// Marks in the contents the section that is being read.
function followReading() {
  const links = new Map(all(".parts a").map((link) => [link.hash.slice(1), link]));
  const sections = all("main section").filter((section) => links.has(section.id));
  const mark = () => {
    const current = sections.filter((s) => s.getBoundingClientRect().top < innerHeight / 3).pop();
    links.forEach((link, id) => {
      if (current && id === current.id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  };
  addEventListener("scroll", mark, { passive: true });
  mark();
}

offerTheme();
all(".picture-svg").forEach((button) => {
  button.addEventListener("click", () => savePicture(button));
  button.hidden = false;
});
all("table.values").forEach(offerSort);
all(".plot[data-reads]").forEach(offerReading);
all(".ledger").forEach(offerVerdicts);
unfoldLinked();
offerSearch();
if (document.getElementById("copy")) offerCopy();
followReading();
})();

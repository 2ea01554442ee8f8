"use strict";
// What pages of the site share beyond the single page: the theme goes along, and the search finds
// other pages, too. Runs in the head, so that a page comes up in its theme.
(() => {
const THEME = "theme";
const MOST = 8;
const root = document.documentElement;

// A reader may forbid storage; a theme then lasts as long as its page.
function storage() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

function keepTheme() {
  document.getElementById("theme").addEventListener("click", () =>
    storage()?.setItem(THEME, root.dataset.theme));
}

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function line([address, kind, title], toRoot) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  const label = document.createElement("span");
  label.textContent = kind;
  link.href = toRoot + address;
  link.append(label, title);
  item.append(link);
  return item;
}

function findPages() {
  const input = document.getElementById("find");
  const list = document.querySelector(".search .pages");
  const head = document.getElementById("elsewhere");
  const known = globalThis.sitePages.map((page) => ({ page, text: plain(page.join(" ")) }));
  const here = location.pathname.split("/").slice(list.dataset.root ? -2 : -1).join("/");
  const elsewhere = ({ page: [address] }) => address.split("#")[0] !== here;
  input.addEventListener("input", () => {
    const wanted = plain(input.value).split(/\s+/).filter(Boolean);
    const hits = wanted.length
      ? known.filter(({ text }) => wanted.every((word) => text.includes(word))).filter(elsewhere)
      : [];
    list.replaceChildren(...hits.slice(0, MOST).map(({ page }) => line(page, list.dataset.root)));
    list.hidden = head.hidden = !hits.length;
  });
}

const kept = storage()?.getItem(THEME);
if (kept === "dark" || kept === "light") root.dataset.theme = kept;
addEventListener("DOMContentLoaded", () => {
  keepTheme();
  findPages();
});
})();

// Makes the pages better, never possible: everything here also works without it.
//   [data-live]    children are renewed from the page's own address, each child by its id
//   [data-kept]    in an answer: such a child has no news, and the one that is there stays
//   [data-scroll]  stays at its end while new children come
//   [data-sample]  a link whose text goes into the text box at once
//   [data-preview] a form whose preview, in the elements of these ids, follows the typing
//   [data-send]    a form that Ctrl+Enter in its text box sends
//   [data-quiet]   a form that is sent without loading the page anew
"use strict";

(() => {
  const SLOWEST = 5000;
  const SLOW = 2500;
  const QUICK = 600;
  const living = () => document.querySelectorAll("[data-live]");
  let timer = 0;
  let busy = false;

  function renew(present, fresh) {
    const known = new Map([...present.children].map((child) => [child.id, child]));
    let place = present.firstElementChild;
    for (const child of [...fresh.children]) {
      const old = known.get(child.id);
      known.delete(child.id);
      if (old === undefined) {
        present.insertBefore(document.importNode(child, true), place);
      } else {
        if (old !== place) present.insertBefore(old, place);
        place = old.nextElementSibling;
        if (!("kept" in child.dataset) && !same(old, child)) old.replaceWith(document.importNode(child, true));
      }
    }
    for (const gone of known.values()) gone.remove();
  }

  function same(old, child) {
    if (old.isEqualNode(child)) return true;
    // An opened <details> is the reader's doing, not news; and what holds the reader's focus is left alone.
    const plain = old.cloneNode(true);
    for (const details of plain.querySelectorAll("details[open]")) details.removeAttribute("open");
    return plain.isEqualNode(child) || old.contains(document.activeElement);
  }

  async function look() {
    if (busy || document.hidden) return;
    busy = true;
    try {
      const answer = await fetch(location.href, { headers: { "X-Live": "1" }, cache: "no-store" });
      if (answer.status === 401 || answer.status === 410) return location.reload();
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const present of living()) {
        const twin = fresh.getElementById(present.id);
        if (twin) keepEnd(present, () => renew(present, twin));
      }
    } catch {
      // The service is away for a moment; the next look tells.
    } finally {
      busy = false;
    }
  }

  function keepEnd(present, change) {
    const scroller = present.closest("[data-scroll]");
    const atEnd = scroller && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 40;
    change();
    if (atEnd) scroller.scrollTop = scroller.scrollHeight;
  }

  function start() {
    if (living().length === 0) return;
    const is = (pace) => document.querySelector(`[data-live=${pace}]`) !== null;
    const pause = is("quick") ? QUICK : is("slow") ? SLOWEST : SLOW;
    for (const mark of document.querySelectorAll("[data-live-mark]")) mark.hidden = false;
    timer = setInterval(look, pause);
    document.addEventListener("visibilitychange", look);
    window.addEventListener("pagehide", () => clearInterval(timer));
  }

  function tapSamples() {
    const box = document.getElementById("text");
    for (const link of document.querySelectorAll("[data-sample]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        box.value = link.textContent;
        box.focus();
      });
    }
  }

  function sendQuietly() {
    for (const form of document.querySelectorAll("form[data-quiet]")) {
      const box = form.querySelector("textarea");
      box.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        form.requestSubmit(form.querySelector("button:not([name])"));
      });
      form.addEventListener("submit", async (event) => {
        if (event.submitter && event.submitter.name) return;
        event.preventDefault();
        const fields = new URLSearchParams(new FormData(form));
        try {
          const answer = await fetch(form.action, { method: "POST", body: fields });
          if (!answer.ok) throw new Error(String(answer.status));
        } catch {
          form.submit();
          return;
        }
        box.value = "";
        for (const fault of form.querySelectorAll(".fault")) fault.remove();
        const scroller = document.querySelector("[data-scroll]");
        if (scroller) scroller.scrollTop = scroller.scrollHeight;
        look();
      });
    }
  }

  function previewAsTyped() {
    for (const form of document.querySelectorAll("form[data-preview]")) {
      let wait = 0;
      form.addEventListener("input", () => {
        clearTimeout(wait);
        wait = setTimeout(async () => {
          const fields = new URLSearchParams(new FormData(form));
          fields.set("preview", "1");
          const answer = await fetch(form.action, { method: "POST", body: fields }).catch(() => null);
          if (!answer || !answer.ok) return;
          const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
          for (const id of form.dataset.preview.split(" ")) {
            document.getElementById(id).replaceChildren(...fresh.getElementById(id).cloneNode(true).childNodes);
          }
        }, 400);
      });
    }
  }

  function sendByKeys() {
    for (const form of document.querySelectorAll("form[data-send]")) {
      form.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
        event.preventDefault();
        form.requestSubmit(form.querySelector("button:not([name])"));
      });
    }
  }

  for (const scroller of document.querySelectorAll("[data-scroll]")) scroller.scrollTop = scroller.scrollHeight;
  start();
  tapSamples();
  sendQuietly();
  previewAsTyped();
  sendByKeys();
})();

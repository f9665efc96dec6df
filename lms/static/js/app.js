/* Comfort only: every page works without this file. */
(() => {
  "use strict";

  /* Words come from the page (gettext), see base.html. */
  const words = () => document.getElementById("meldungen")?.dataset ?? {};

  /* Double click: the second submit of the same form is dropped until the page is left or shown again. */
  const release = () => {
    for (const form of document.querySelectorAll("form[data-gesendet]")) {
      delete form.dataset.gesendet;
      for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
    }
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post], [hx-put]")) return;
    if (form.dataset.gesendet) { event.preventDefault(); return; }
    form.dataset.gesendet = "1";
    delete form.dataset.geaendert;
    event.submitter?.setAttribute("aria-busy", "true");
    if (form.hasAttribute("data-download")) setTimeout(release, 3000);
  });
  window.addEventListener("pageshow", release);

  /* Unsaved changes. */
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-warnen]");
    if (form) form.dataset.geaendert = "1";
  });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-geaendert]")) event.preventDefault();
  });

  /* "Are you sure?" as a dialog; without this script the details element opens in place. */
  const openDialog = (details) => {
    const dialog = document.createElement("dialog");
    dialog.className = "kern-dialog";
    const content = details.querySelector(".bestaetigen__inhalt");
    const title = content.querySelector(".kern-title");
    title.id ||= `titel-${Math.random().toString(36).slice(2)}`;
    dialog.setAttribute("aria-labelledby", title.id);
    const close = document.createElement("button");
    close.type = "button";
    close.className = "kern-btn kern-btn--tertiary beruehrung";
    close.innerHTML = '<span class="kern-label"></span>';
    close.firstChild.textContent = words().nicht;
    const bar = content.querySelector(".aktionen") ?? content;
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      close.remove();
      details.append(content);
      dialog.remove();
      details.querySelector("summary").focus();
    });
    bar.append(close);
    dialog.append(content);
    details.after(dialog);
    dialog.showModal();
    (content.querySelector("input:not([type=hidden]), textarea, select") ?? close).focus();
  };
  document.addEventListener("click", (event) => {
    const summary = event.target.closest("details[data-bestaetigen] > summary");
    if (summary) {
      event.preventDefault();
      openDialog(summary.parentElement);
      return;
    }
    if (event.target.closest("[data-zurueck]") && history.length > 1) {
      event.preventDefault();
      history.back();
    }
    for (const menu of document.querySelectorAll("details.menue[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menue[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  /* Errors get the focus, on load and after a swap. */
  const focusErrors = (root) => root.querySelector?.("[data-fokus]")?.focus();
  document.addEventListener("DOMContentLoaded", () => focusErrors(document));

  /* HTMX: keep the focus where it was, tell when the network failed. */
  let focused = null;
  document.addEventListener("htmx:beforeSwap", () => { focused = document.activeElement?.id || null; });
  document.addEventListener("htmx:afterSettle", (event) => {
    focusErrors(event.detail.elt);
    if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus();
  });
  const notice = (text) => {
    const region = document.getElementById("meldungen");
    if (!region) return;
    const alert = document.createElement("div");
    alert.className = "kern-alert kern-alert--danger";
    alert.setAttribute("role", "alert");
    alert.dataset.verbindung = "";
    alert.innerHTML = '<div class="kern-alert__header"><span class="kern-icon kern-icon--danger" aria-hidden="true"></span><p class="kern-title kern-title--small"></p></div>';
    alert.querySelector("p").textContent = text;
    region.querySelector("[data-verbindung]")?.remove();
    region.prepend(alert);
    alert.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("htmx:sendError", () => notice(words().getrennt));
  document.addEventListener("htmx:responseError", (event) => notice(
    event.detail.xhr.status === 403 ? words().verboten : words().gestoert));
  document.addEventListener("htmx:afterOnLoad", (event) => {
    if (!event.detail.successful) return;
    document.querySelector("[data-verbindung]")?.remove();
    const form = event.detail.elt.closest("form");
    if (form && event.detail.requestConfig.verb !== "get") delete form.dataset.geaendert;
  });
})();

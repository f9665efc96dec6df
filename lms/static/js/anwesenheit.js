/* Comfort only: marks changed rows, keeps unsent input on this device and offers it again. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-anwesenheit]");
  if (!form) return;
  const KEY = `anwesenheit:${form.dataset.anwesenheit}`;
  const KEEP_MS = 24 * 3600 * 1000; // a day is enough to get back to a network, and short enough for a shared phone
  const FIELDS = /^(status|von|bis|minuten|notiz|modus|grund)(-|$)/;
  const PARTIAL = new Set(["von", "bis", "minuten"]);

  const values = () => {
    const found = {};
    const data = new FormData(form);
    for (const [name, value] of data) {
      const [field, id] = name.split("-");
      const hidden = PARTIAL.has(field) && data.get(`status-${id}`) !== "teilweise";
      if (FIELDS.test(name) && value && !hidden) found[name] = value;
    }
    return found;
  };
  const rowOf = (found, row) => {
    const id = row.id.slice("zeile-".length);
    return JSON.stringify(Object.entries(found).filter(([name]) => name.endsWith(`-${id}`)).sort());
  };
  const same = (a, b) => JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
  const start = values();
  const rows = [...form.querySelectorAll("[data-zeile]")];

  const mark = () => {
    const now = values();
    for (const row of rows) {
      const changed = rowOf(now, row) !== rowOf(start, row);
      row.classList.toggle("az--geaendert", changed);
      const name = row.querySelector(".az__name");
      if (changed) name.dataset.geaendert = "geändert"; else delete name.dataset.geaendert;
    }
  };
  const store = {
    read() {
      try {
        const found = JSON.parse(localStorage.getItem(KEY));
        return found && Date.now() - found.at < KEEP_MS ? found : null;
      } catch { return null; }
    },
    write(found) { try { localStorage.setItem(KEY, JSON.stringify({ at: Date.now(), werte: found })); } catch { /* full or forbidden */ } },
    clear() { try { localStorage.removeItem(KEY); } catch { /* forbidden */ } },
  };
  const notice = (kind, text, ...buttons) => {
    const box = document.createElement("div");
    box.className = `kern-alert kern-alert--${kind}`;
    box.setAttribute("role", "status");
    box.innerHTML = '<div class="kern-alert__header"><span class="kern-icon" aria-hidden="true"></span><p class="kern-title kern-title--small"></p></div><div class="kern-alert__body"><div class="aktionen"></div></div>';
    box.querySelector(".kern-icon").classList.add(`kern-icon--${kind}`);
    box.querySelector("p").textContent = text;
    for (const [label, act] of buttons) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "kern-btn kern-btn--secondary beruehrung";
      button.innerHTML = '<span class="kern-label"></span>';
      button.firstChild.textContent = label;
      button.addEventListener("click", () => { act(); box.remove(); });
      box.querySelector(".aktionen").append(button);
    }
    if (!buttons.length) box.querySelector(".kern-alert__body").remove();
    form.before(box);
    box.scrollIntoView({ block: "nearest" });
    return box;
  };
  const fill = (found) => {
    for (const [name, value] of Object.entries(found)) {
      const field = form.elements[name];
      if (field) field.value = value; // a RadioNodeList takes the value as well
    }
    mark();
  };

  const kept = store.read();
  if (kept && !same({ ...start, ...kept.werte, grund: "" }, { ...start, grund: "" })) {
    const at = new Date(kept.at).toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" });
    notice("warning", `Auf diesem Gerät liegen nicht gespeicherte Eingaben von ${at} Uhr.`,
      ["Wiederherstellen", () => fill(kept.werte)], ["Verwerfen", () => store.clear()]);
  } else store.clear();

  let offline = null;
  form.addEventListener("input", () => { mark(); store.write(values()); });
  form.addEventListener("submit", (event) => {
    store.write(values());
    if (navigator.onLine) return;
    event.preventDefault();
    offline?.remove();
    offline = notice("danger", "Keine Verbindung. Ihre Eingaben sind auf diesem Gerät aufbewahrt; bitte speichern Sie, sobald Sie wieder Netz haben.");
  }, true);
  window.addEventListener("online", () => {
    if (!offline) return;
    offline.remove();
    offline = notice("success", "Die Verbindung ist wieder da. Bitte speichern Sie jetzt.");
  });
})();

(() => {
  const root = document.documentElement;
  const { script, module, words } = document.currentScript.dataset;
  const set = (state) => root.setAttribute("data-boot", state);
  const is = (state) => root.getAttribute("data-boot") === state;
  let pressed = null;

  set("wait");
  const slow = setTimeout(() => is("wait") && set("slow"), 4000);
  const late = setTimeout(() => is("ready") || set("failed"), 10000);

  // A button that needs the app is remembered until the app is there, and pressed once then.
  addEventListener("click", (event) => {
    const target = event.target.closest?.("[data-start], [data-reload]");
    if (!target) return;
    if (target.hasAttribute("data-reload")) {
      event.preventDefault();
      location.reload();
    } else if (!is("ready")) {
      event.preventDefault();
      pressed = target;
      target.setAttribute("data-pressed", "");
    }
  }, true);

  // A page that comes back from the back/forward cache may show somebody who signed out since: it is hidden
  // as it goes there, and loaded anew as it comes back.
  addEventListener("pagehide", (event) => { root.hidden = event.persisted; });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    root.hidden = true;
    location.reload();
  });

  // A form that the app does not send itself would leave the page for the browser's own error. This
  // listener is there before the app's, which would tell other tabs of a sign-out that never was.
  const sent = new WeakMap();
  document.addEventListener("submit", (event) => {
    const { target, timeStamp } = event;
    if (event.defaultPrevented) return;
    // Sent twice, the first answer would be lost, and with it what came of it.
    const isTwice = timeStamp - sent.get(target) < 5000;
    // Whoever presses again knows better: a server on this machine needs no network.
    if (!isTwice && (navigator.onLine || root.hasAttribute("data-unsent"))) {
      sent.set(target, timeStamp);
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!isTwice) root.setAttribute("data-unsent", "");
  });
  addEventListener("online", () => root.removeAttribute("data-unsent"));

  addEventListener("error", (event) => {
    if (event.error?.name === "RuntimeError") set(is("ready") ? "panicked" : "failed");
  });

  const start = async () => {
    const said = fetch(words).then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)));
    const [app, list] = await Promise.all([import(script), said]);
    await app.default({ module_or_path: module });
    // Told later where a part of the app is fetched first, and false where it cannot be.
    if (!(await new Promise((told) => app.hydrate(list, told)))) throw new Error("a part is missing");
    clearTimeout(slow);
    clearTimeout(late);
    set("ready");
    pressed?.removeAttribute("data-pressed");
    pressed?.click();
  };
  const failed = () => { clearTimeout(slow); clearTimeout(late); set("failed"); };
  const go = () => (typeof WebAssembly === "object" ? start().catch(failed) : failed());
  document.readyState === "loading" ? addEventListener("DOMContentLoaded", go, { once: true }) : go();
})();

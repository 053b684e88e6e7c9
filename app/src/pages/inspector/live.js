(() => {
  const root = document.documentElement;
  const at = (id) => document.getElementById(id);
  const say = (what) => { at("inspector-status").textContent = at("inspector-status").dataset[what]; };
  const KEPT = 14 * 60; // seconds, a little less than the server keeps it: clocks differ
  const FIRST_PAUSE = 2000; // milliseconds
  const LONGEST_PAUSE = 60_000;
  let waiting, loading, again, drawn, chosen;

  // This browser's manner, where it speaks the language of the page.
  const language = (tag) => tag.split("-")[0];
  const locale = language(navigator.language) === language(root.lang) ? navigator.language : root.lang;
  const localise = () => {
    for (const time of document.querySelectorAll("main time:not([data-local])")) {
      time.dataset.local = "";
      time.textContent = new Date(time.dateTime).toLocaleString(locale);
    }
  };

  // What was opened and what has the focus stays so: the new part has the same ids.
  const replace = (fresh) => {
    const live = at("inspector-live");
    const inside = (place) => [...place.querySelectorAll("a, summary, button, pre, h3")];
    const focused = live.contains(document.activeElement) && document.activeElement;
    const place = focused && focused.closest("[id]");
    const index = place && inside(place).indexOf(focused);
    live.replaceChildren(...fresh.childNodes);
    if (chosen) open(at(chosen));
    if (place) inside(at(place.id) ?? live)[index]?.focus({ preventScroll: true });
    localise();
  };

  const trouble = (is) => {
    const place = at("inspector-trouble");
    if (place) place.hidden = !is;
  };

  const load = async () => {
    if (loading) { again = true; return; }
    // Put away with its page, whose session is over.
    if (!at("inspector-live")) return;
    loading = true;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("inspector-live");
      // The first and the last sign-in change what is offered above it.
      const tools = page.querySelector(".inspector-tools");
      const shown = document.querySelector(".inspector-tools");
      if (tools.childElementCount !== shown.childElementCount) shown.replaceWith(document.adoptNode(tools));
      if (fresh.innerHTML !== drawn) {
        drawn = fresh.innerHTML;
        replace(document.adoptNode(fresh));
        say("updated");
      }
      trouble(false);
    } catch {
      trouble(true);
    } finally {
      loading = false;
    }
    if (again) { again = false; load(); }
  };

  const open = (details) => {
    if (!details) return;
    for (const other of document.querySelectorAll("details[name=step][open]")) {
      if (other !== details) other.open = false;
    }
    details.open = true;
  };

  const copy = async (button) => {
    const { copy: address } = button.dataset;
    try {
      const answer = address && await fetch(address);
      if (answer && !answer.ok) throw new Error(answer.status);
      const text = answer ? await answer.text() : button.previousElementSibling.textContent;
      await navigator.clipboard.writeText(text);
      say("copied");
    } catch {
      say("notCopied");
    }
  };

  const start = () => {
    const live = at("inspector-live");
    if (!live) return;
    drawn = live.innerHTML;
    root.setAttribute("data-inspector", "");
    localise();
    addEventListener("click", (event) => {
      const button = event.target.closest?.("[data-copy], [data-copy-text]");
      if (button) copy(button);
      const summary = event.target.closest?.("summary");
      if (summary?.parentElement.getAttribute("name") === "step") chosen = summary.parentElement.id;
    });
    const follow = () => {
      const number = /^#step-([0-7])$/.exec(location.hash)?.[1];
      if (number === undefined) return;
      chosen = `details-${number}`;
      open(at(chosen));
      const heading = at(`step-${number}`);
      heading?.focus({ preventScroll: true });
      heading?.scrollIntoView({ block: "nearest" });
    };
    addEventListener("hashchange", follow);
    follow();
    addEventListener("keydown", (event) => {
      const step = event.target.closest?.("summary")?.closest("details[name=step]");
      const way = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
      const next = step && way && step.parentElement[way];
      if (!next || event.target.closest("details") !== step) return;
      event.preventDefault();
      next.querySelector("summary").focus();
    });
    const soon = () => { clearTimeout(waiting); waiting = setTimeout(load, 100); };
    const gone = ({ data }) => {
      // What was cleared by hand needs no word; what grew too old is asked for by name, and so is said.
      const { trace, begun } = document.querySelector(".inspector-verdict")?.dataset ?? {};
      const old = trace && !JSON.parse(data).left.includes(trace) && Date.now() / 1000 - begun > KEPT;
      if (old) history.replaceState(null, "", `?sign-in=${encodeURIComponent(trace)}`);
      soon();
    };
    // What happened while the page was put away is asked for once it is back.
    new MutationObserver(soon).observe(live.closest("main"), { childList: true });
    let events, later;
    const listen = (pause) => {
      events = new EventSource("/inspector/events");
      events.addEventListener("trace", soon);
      events.addEventListener("gone", gone);
      events.addEventListener("open", () => { pause = FIRST_PAUSE; });
      // A refusal closes it for good: there was no room, which others need longer the more there are.
      events.addEventListener("error", () => {
        if (events.readyState !== EventSource.CLOSED) return;
        trouble(true);
        later = setTimeout(() => { load(); listen(Math.min(pause * 2, LONGEST_PAUSE)); }, pause);
      });
    };
    listen(FIRST_PAUSE);
    addEventListener("pagehide", () => { clearTimeout(later); events.close(); });
  };
  document.readyState === "loading" ? addEventListener("DOMContentLoaded", start, { once: true }) : start();
})();

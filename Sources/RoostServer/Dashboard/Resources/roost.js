"use strict";
// Pages work without it; it keeps them up to date and shows logs.
(() => {
  const body = document.body;

  // The way back to a program that wants its answer as a form.
  document.querySelector("form[data-sends-itself]")?.submit();

  // A value that is shown once is copied with one press; over plain HTTP browsers only know the older way.
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      field.focus();
      field.select();
      try { await navigator.clipboard.writeText(field.value); } catch { if (!document.execCommand("copy")) return; }
      button.textContent = button.dataset.done;
    });
  }

  // A page that names a stream and a fragment swaps the fragment when something changes.
  const stream = body.dataset.stream;
  const live = document.getElementById("live");
  if (stream && live && window.EventSource) {
    let timer = 0, source = null, ended = false;
    const refresh = () => {
      timer = 0;
      fetch(location.pathname + location.search, { headers: { "X-Roost-Fragment": "1" } })
        .then((answer) => answer.ok ? answer.text() : Promise.reject(answer.status))
        .then((text) => {
          const open = new Set([...live.querySelectorAll("details[open]")].map((d) => d.id));
          const closed = new Set([...live.querySelectorAll("details:not([open])")].map((d) => d.id));
          const focus = document.activeElement && document.activeElement.id;
          // What somebody is typing is not lost.
          const typed = new Map([...live.querySelectorAll("input[type=text][id]")].map((i) => [i.id, i.value]));
          live.innerHTML = text;
          for (const [id, value] of typed) { const input = document.getElementById(id); if (input && value) input.value = value; }
          for (const d of live.querySelectorAll("details")) {
            if (open.has(d.id)) d.open = true;
            if (closed.has(d.id)) d.open = false;
          }
          if (focus) document.getElementById(focus)?.focus();
        })
        .catch(() => {});
    };
    // Browsers open few connections to one server: a page nobody sees gives its own back.
    const connect = () => {
      if (source || ended || document.hidden) return;
      source = new EventSource(stream);
      source.addEventListener("change", () => { if (!timer) timer = setTimeout(refresh, 150); });
      source.addEventListener("end", () => { ended = true; source.close(); refresh(); });
    };
    document.addEventListener("visibilitychange", () => {
      if (ended) return;
      if (!document.hidden) { connect(); refresh(); } else if (source) { source.close(); source = null; }
    });
    connect();
  }

  // Times in the reader's own zone.
  for (const t of document.querySelectorAll("time[datetime]")) {
    const date = new Date(t.getAttribute("datetime"));
    if (!isNaN(date)) t.title = date.toLocaleString(document.documentElement.lang);
  }

  const log = document.getElementById("log");
  if (!log) return;

  const decoder = new TextDecoder();
  const search = document.getElementById("search");
  const status = document.getElementById("status");
  let rest = "", number = 0, group = null, needle = "", hits = 0, follow = log.dataset.live === "1";

  const escape = (text) => text.replace(/[&<>]/g, (c) => c === "&" ? "&amp;" : c === "<" ? "&lt;" : "&gt;");

  // SGR sequences become classes; every other control sequence is left out.
  const paint = (text) => {
    if (!text.includes("\x1b")) return escape(text);
    let out = "", classes = [], last = 0;
    const sequence = /\x1b\[([0-9;]*)([A-Za-z])/g;
    const add = (part) => {
      if (!part) return;
      out += classes.length ? `<span class="${classes.map((c) => "a" + c).join(" ")}">${escape(part)}</span>` : escape(part);
    };
    for (let m; (m = sequence.exec(text));) {
      add(text.slice(last, m.index));
      last = sequence.lastIndex;
      if (m[2] !== "m") continue;
      for (const code of (m[1] || "0").split(";").map(Number)) {
        if (code === 0) classes = [];
        else if (code === 39) classes = classes.filter((c) => c < 30);
        else if (code === 22) classes = classes.filter((c) => c !== 1);
        else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) classes = classes.filter((c) => c < 30).concat(code);
        else if (code === 1 || code === 3 || code === 4) classes.push(code);
      }
    }
    add(text.slice(last));
    return out;
  };

  const line = (raw) => {
    number += 1;
    const row = document.createElement("div");
    row.className = "l";
    row.id = "L" + number;
    let text = raw, time = "";
    const stamp = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) ?/.exec(raw);
    if (stamp) { time = stamp[1]; text = raw.slice(stamp[0].length); }
    const mark = /^##\[(group|endgroup|section|error|warning|command|debug)\]/.exec(text);
    if (mark) {
      text = text.slice(mark[0].length);
      if (mark[1] === "endgroup") { group = null; row.hidden = true; } else row.classList.add(mark[1]);
    }
    if (mark && mark[1] === "group") { group = row.id; text = "▾ " + text; }
    else if (group) row.dataset.group = group;
    row.innerHTML = `<a href="#L${number}" tabindex="-1">${number}</a><span><time>${time.slice(11, 23)}</time>${paint(text)}</span>`;
    if (needle && text.toLowerCase().includes(needle)) { row.classList.add("hit"); hits += 1; }
    return row;
  };

  const show = (bytes, done) => {
    rest += typeof bytes === "string" ? bytes : decoder.decode(bytes, { stream: !done });
    const parts = rest.split("\n");
    rest = done ? "" : parts.pop();
    if (done && parts.at(-1) === "") parts.pop();
    const chunk = document.createDocumentFragment();
    for (const part of parts) chunk.append(line(part.replace(/\r$/, "")));
    const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 80;
    log.append(chunk);
    if (follow && atEnd) scrollTo(0, document.documentElement.scrollHeight);
  };

  log.addEventListener("click", (event) => {
    const row = event.target.closest(".l.group");
    if (!row || event.target.closest("a")) return;
    const folding = !row.dataset.folded;
    row.dataset.folded = folding ? "1" : "";
    for (const l of log.querySelectorAll(`.l[data-group="${row.id}"]`)) l.classList.toggle("folded", folding);
  });

  const jump = () => { if (location.hash) document.querySelector(location.hash)?.scrollIntoView({ block: "center" }); };

  const find = () => {
    needle = search.value.trim().toLowerCase();
    hits = 0;
    for (const row of log.children) {
      const hit = needle !== "" && row.textContent.toLowerCase().includes(needle);
      row.classList.toggle("hit", hit);
      if (hit) { hits += 1; row.classList.remove("folded"); }
    }
    status.textContent = needle ? String(hits) : "";
    log.querySelector(".hit")?.scrollIntoView({ block: "center" });
  };
  search.addEventListener("change", find);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const all = [...log.querySelectorAll(".hit")];
    if (!all.length || search.value.trim().toLowerCase() !== needle) return find();
    const next = all.find((row) => row.getBoundingClientRect().top > innerHeight / 2 + 10) || all[0];
    next.scrollIntoView({ block: "center" });
  });
  document.getElementById("times").addEventListener("click", (event) => {
    const on = log.classList.toggle("times");
    event.target.setAttribute("aria-pressed", on);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") { event.preventDefault(); search.focus(); }
    if (event.key === "t") document.getElementById("times").click();
    if (event.key === "G") scrollTo(0, document.documentElement.scrollHeight);
    if (event.key === "g") scrollTo(0, 0);
  });

  // The stream gives what there is and then what comes; base64 keeps bytes whole over event boundaries.
  const source = new EventSource(log.dataset.source);
  source.addEventListener("bytes", (event) => show(Uint8Array.from(atob(event.data), (c) => c.charCodeAt(0)), false));
  source.addEventListener("end", () => { source.close(); show("", true); follow = false; log.dataset.done = "1"; jump(); });
  source.addEventListener("error", () => { if (source.readyState === 2) log.dataset.done = "1"; });
  setTimeout(jump, 300);
})();

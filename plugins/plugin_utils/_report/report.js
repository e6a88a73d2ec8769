// Copyright: (c) 2026, vmbackup.azure contributors. SPDX-License-Identifier: GPL-3.0-or-later
// Text from hosts is hostile: it enters the page as text nodes only, never as markup.
"use strict";
(() => {
  const VERDICTS = {
    blocked: "Blocked",
    unreachable: "Unreachable",
    unknown: "Unknown",
    degraded: "Degraded",
    at_risk: "At risk",
    partial: "Partly checked",
    ready: "Ready",
  };
  const STATUSES = {
    fail: "Fails",
    warn: "May fail",
    unknown: "Unknown",
    ok: "Passed",
    not_applicable: "Does not apply",
  };
  const SEVERITIES = { critical: "Critical", warning: "Warning", info: "Info" };
  const PROBLEMS = ["fail", "warn", "unknown"];
  const MACHINE = ["fix", "group", "region", "tag", "vault", "policy", "job", "power"];
  const FIELDS = ["host", "verdict", "condition", "severity", "status", ...MACHINE];
  // Value of a filter for hosts of which that is not known; no name in Azure may be like it.
  const NONE = "(none)";
  const HOSTS_AT_ONCE = 50;
  const NAMES_AT_ONCE = 150;
  const CONDITIONS_AT_FIRST = 12;
  // Values of a filter that the page offers, the most frequent first; a search finds the others.
  const MOST_VALUES = 200;
  // On paper: up to so many blocked hosts with their findings; of more, so many examples of each cause.
  const BLOCKED_ON_PAPER = 60;
  const EXAMPLES_ON_PAPER = 3;

  // The form of the data is described in _pack.py.
  const data = JSON.parse(document.getElementById("data").textContent);
  const checks = data.checks.map(([id, title, severity]) => ({ id, title, severity }));
  const findings = data.findings.map((packed) => unpack(...packed));

  function unpack(check, status, why, evidence, consequenceOf, remedy, advice, sources, subject, weakenedBy, waived) {
    const { id, title, severity } = checks[check];
    return {
      id,
      title,
      severity,
      status,
      why: data.strings[why],
      evidence,
      consequenceOf,
      remedy,
      advice: data.strings[advice],
      sources: sources.map(([page, url]) => [data.strings[page], data.strings[url]]),
      subject,
      weakenedBy,
      waived,
      // It does not count, because it is waived or backups of the machine do not use the guest.
      idle: Boolean(waived) || (Boolean(weakenedBy) && severity === "info"),
    };
  }

  const hosts = data.hosts.map(([name, platform, verdict, reason, cause, found, azure, errorCode, packed, fix]) => {
    const vm = vmOf(packed || []);
    return {
      name,
      lower: name.toLowerCase(),
      words: [name, reason, data.strings[cause], vm.id, vm.group, vm.region, ...vm.tags]
        .concat([azure, fix].map((part) => part && JSON.stringify(part)))
        .join("\n")
        .toLowerCase(),
      platform,
      verdict,
      reason,
      cause: data.strings[cause],
      found,
      azure,
      errorCode,
      vm,
      fix,
      machine: machineOf(vm, azure, fix),
      group: null,
    };
  });
  function vmOf([id, group, region, tags = []]) {
    const named = tags.map((tag) => tag.map((part) => data.strings[part]).join("="));
    return { id, group: data.strings[group], region: data.strings[region], tags: named };
  }
  // Of each filter the values of a host: it may have several tags.
  function machineOf({ group, region, tags }, azure, fix) {
    const { vault, policy, power, last_job: job } = azure || {};
    const ofAzure = { vault: [vault], policy: [policy], power: [power], job: [job && job.status] };
    const values = { fix: fix ? fix.outcomes : [], group: [group], region: [region], tag: tags, ...ofAzure };
    return Object.fromEntries(MACHINE.map((field) => [field, values[field].filter(Boolean)]));
  }
  const machineValues = (host, field) => (host.machine[field].length ? host.machine[field] : [NONE]);
  const groups = data.groups.map(([kind, id, title, text, remedy, advice, sources, members], index) => ({
    kind,
    id,
    title,
    text,
    remedy,
    advice,
    sources,
    members,
    index,
  }));
  groups.forEach((group) =>
    group.members.forEach((member) => {
      hosts[member].group = group;
    }),
  );

  // ---- small helpers

  const byId = (id) => document.getElementById(id);
  const number = (value) => value.toLocaleString("en-US");
  const counted = (value, noun) => `${number(value)} ${noun}${value === 1 ? "" : "s"}`;

  // Characters that act instead of show are written as escapes, as in the other reports; line ends and tabs stay.
  const shown = (text) =>
    String(text).replace(/(?![\n\t])[\p{C}\p{Zl}\p{Zp}]/gu, (char) => {
      const code = char.codePointAt(0);
      const [letter, digits] = code < 0x100 ? ["x", 2] : code < 0x10000 ? ["u", 4] : ["U", 8];
      return `\\${letter}${code.toString(16).padStart(digits, "0")}`;
    });
  const valueText = (value) => (typeof value === "string" ? value : JSON.stringify(value));

  const MOST_NAMES = 10;
  const MOST_RUNS = 10;
  const MOST_TRENDS = 12;

  function make(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === undefined || value === null || value === false) continue;
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value === true ? "" : value);
    }
    for (const child of children.flat()) {
      if (child === undefined || child === null || child === false || child === "") continue;
      node.append(child instanceof Node ? child : shown(child));
    }
    return node;
  }

  const waivedOf = (host) => host.found.filter((index) => findings[index].waived).length;
  const mark = (kind, text) => make("span", { class: `mark ${kind}` }, text);

  // A part of the page that is made when it is opened for the first time.
  function fold(attributes, summary, fill) {
    const node = make("details", attributes, make("summary", {}, summary));
    const once = () => {
      if (node.dataset.filled) return;
      node.dataset.filled = "1";
      node.append(...[fill()].flat());
    };
    node.addEventListener("toggle", () => node.open && once());
    node.openNow = () => {
      once();
      node.open = true;
    };
    return node;
  }

  const copyNames = (button, names) => copyText(button, names.join(","), counted(names.length, "name"));

  async function copyText(button, text, what) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = make("textarea", { class: "off-screen" });
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    const label = button.textContent;
    button.textContent = `Copied ${what}`;
    setTimeout(() => {
      button.textContent = label;
    }, 1600);
  }

  function copyButton(label, what, text) {
    const button = make("button", { type: "button", class: "quiet", onclick: () => copyText(button, text(), what) }, label);
    return button;
  }

  const quoted = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
  const command = (book, ...words) =>
    ["ansible-playbook", `vmbackup.azure.${book}`, ...data.inventory.flatMap((source) => ["-i", source]), ...words]
      .map(quoted)
      .join(" ");

  const linkTo = (filter) => `#${new URLSearchParams(filter)}`;

  // ---- verdicts

  function drawVerdicts() {
    for (const [verdict, name] of Object.entries(VERDICTS)) {
      const count = data.summary[verdict];
      const withWaived = hosts.filter((host) => host.verdict === verdict && waivedOf(host)).length;
      if (count) {
        const part = make("span", { class: verdict });
        part.style.flexGrow = count;
        byId("strip").append(part);
      }
      const share = data.summary.hosts ? (100 * count) / data.summary.hosts : 0;
      const percent = share && share < 1 ? "<1" : share > 99 && share < 100 ? ">99" : Math.round(share);
      byId("tiles").append(
        make(
          "a",
          { class: `tile ${verdict}${count ? "" : " none"}`, href: linkTo({ verdict }), "data-verdict": verdict },
          make("strong", {}, number(count)),
          make("span", { class: "name" }, name),
          make("span", { class: "share" }, `${percent} %`),
          withWaived > 0 && make("span", { class: "waived" }, `${number(withWaived)} with waived findings`),
        ),
      );
    }
  }

  // ---- causes

  function drawCauses() {
    const place = byId("groups");
    if (!groups.length) {
      place.append(
        make("p", { class: "empty" }, data.summary.hosts ? "No host has a problem." : "The report has no hosts."),
      );
      return;
    }
    const largest = Math.max(...groups.map((group) => group.members.length));
    for (const [kind, heading] of Object.entries(data.kinds)) {
      const own = groups.filter((group) => group.kind === kind);
      if (!own.length) continue;
      const total = own.reduce((sum, group) => sum + group.members.length, 0);
      place.append(
        make("h3", { class: `kind ${kind}` }, heading, make("span", { class: "sum" }, counted(total, "host"))),
        make(
          "div",
          { class: "cards" },
          own.map((group) => causeCard(group, largest)),
        ),
      );
    }
  }

  function causeCard(group, largest) {
    const share = make("span", { class: "fill" });
    share.style.width = `${(100 * group.members.length) / largest}%`;
    const summary = [
      make(
        "span",
        { class: "size" },
        make("strong", {}, number(group.members.length)),
        group.members.length === 1 ? " host" : " hosts",
      ),
      make(
        "span",
        { class: "what" },
        make("span", { class: "text" }, group.text),
        make(
          "span",
          { class: "about" },
          group.id && make("code", {}, group.id),
          group.remedy && make("span", {}, "remedy ", make("code", {}, group.remedy)),
        ),
      ),
      largest > 1 && make("span", { class: "gauge", "aria-hidden": "true" }, share),
    ];
    return fold({ class: `cause ${group.kind}`, "data-group": group.index }, summary, () => causeBody(group));
  }

  function causeBody(group) {
    const names = group.members.map((member) => hosts[member].name);
    const list = make("ul", { class: "names" });
    const rest = make("button", { type: "button", class: "quiet", onclick: () => fillNames(Infinity) });
    let done = 0;
    function fillNames(limit) {
      const next = names.slice(done, done + limit);
      list.append(...next.map((name) => make("li", {}, make("a", { href: linkTo({ host: `"${name}"` }) }, name))));
      done += next.length;
      rest.hidden = done === names.length;
      rest.textContent = `Show ${number(names.length - done)} more`;
    }
    fillNames(NAMES_AT_ONCE);
    list.showAll = () => fillNames(Infinity);
    const copy = make(
      "button",
      { type: "button", class: "quiet", onclick: () => copyNames(copy, names) },
      "Copy names for --limit",
    );
    return make(
      "div",
      { class: "inside" },
      adviceNode(group),
      group.title && make("p", { class: "condition" }, "Condition: ", group.title),
      list,
      make(
        "p",
        { class: "actions" },
        rest,
        make("a", { class: "button quiet", href: linkTo({ cause: group.index }) }, "Show their findings"),
        copy,
      ),
    );
  }

  // ---- a fix, the fleet as a whole, and Azure

  function drawFix() {
    byId("fix").hidden = !data.fix;
    byId("fix-notes").append(...(data.fix || []).map((note) => make("li", {}, note)));
  }

  function drawFleet() {
    byId("fleet").hidden = !data.fleet.length;
    byId("fleet-findings").append(
      ...data.fleet.map((finding) =>
        make(
          "article",
          { class: `finding ${finding.status}`, "data-finding": finding.id },
          make(
            "h3",
            {},
            mark(finding.status, STATUSES[finding.status]),
            make("span", { class: "title" }, finding.title),
          ),
          make("p", { class: "why" }, finding.why),
          adviceNode({ ...finding, sources: finding.sources.map(({ title, url }) => [title, url]) }),
          evidenceTable(
            finding.evidence.map(({ source, value }) => [source, value]),
            (source) => source,
          ),
          finding.hosts.length > 0 &&
            make(
              "details",
              { class: "evidence" },
              make("summary", {}, counted(finding.hosts.length, "host")),
              make("p", {}, finding.hosts.join(", ")),
            ),
        ),
      ),
    );
  }

  // What came and went since another run, and the last runs side by side.
  function drawChanges() {
    const { changes, waivers } = data;
    byId("waivers").hidden = !waivers.length;
    byId("waiver-notes").append(...waivers.map((note) => make("li", {}, note)));
    byId("changes").hidden = !changes;
    if (!changes) return;
    byId("changes-title").append(changes.headline);
    for (const [title, found] of changes.sections) {
      const rows = found.map((one) => {
        const names = one.hosts.join(", ");
        return make(
          "li",
          {},
          mark(one.status, STATUSES[one.status]),
          ` ${one.title} `,
          make("code", {}, one.id),
          one.hosts.length > MOST_NAMES
            ? make("details", {}, make("summary", {}, counted(one.hosts.length, "host")), make("p", {}, names))
            : make("p", {}, names),
        );
      });
      byId("changed").append(make("h3", {}, title), make("ul", { class: "notes" }, rows));
    }
    drawTrend(changes.trend.slice(-MOST_RUNS));
  }

  function drawTrend(runs) {
    byId("trend").hidden = runs.length < 2;
    const row = (title, value) =>
      make(
        "tr",
        {},
        make("th", { scope: "row" }, title),
        runs.map((run) => make("td", {}, number(value(run)))),
      );
    const open = [...new Set(runs.flatMap((run) => Object.keys(run.open)))];
    const most = (id) => Math.max(...runs.map((run) => run.open[id] || 0));
    open.sort((one, other) => most(other) - most(one));
    byId("trend").append(
      make(
        "thead",
        {},
        make(
          "tr",
          {},
          make("th", { scope: "col" }, "Hosts"),
          runs.map((run) => make("th", { scope: "col" }, run.generated.slice(0, 16).replace("T", " "))),
        ),
      ),
      make(
        "tbody",
        {},
        Object.keys(VERDICTS).map((verdict) => row(VERDICTS[verdict], (run) => run.summary[verdict])),
        open.slice(0, MOST_TRENDS).map((id) => row(make("code", {}, id), (run) => run.open[id] || 0)),
      ),
    );
  }

  function drawAzure() {
    const { azure } = data;
    byId("azure").hidden = !azure;
    if (!azure) return;
    if (azure.warning) byId("azure-notes").append(make("li", { class: "warn" }, azure.warning));
    byId("azure-notes").append(...azure.notes.map((note) => make("li", {}, note)));
    const rows = azure.machines.map(({ name, verdict, text, azure: machine }) =>
      make(
        "tr",
        {},
        make("th", { scope: "row" }, name),
        make("td", {}, mark(verdict, VERDICTS[verdict])),
        make("td", {}, text || ""),
        make("td", {}, machine.vault || ""),
        make("td", {}, machine.policy || ""),
        make("td", {}, jobText(machine)),
        make("td", {}, machine.power || ""),
      ),
    );
    byId("machines").append(...rows);
    byId("machines").closest("table").hidden = !rows.length;
  }

  function jobText({ last_job: job }) {
    if (!job) return "";
    const time = (job.ended || job.started || "").slice(0, 16).replace("T", " ");
    return [job.status, time, job.code].filter(Boolean).join(" ");
  }

  // ---- conditions

  function conditionCounts() {
    const uses = new Uint32Array(findings.length);
    hosts.forEach((host) =>
      host.found.forEach((index) => {
        uses[index] += 1;
      }),
    );
    const rows = new Map();
    findings.forEach((finding, index) => {
      if (finding.idle) return;
      if (!rows.has(finding.id))
        rows.set(finding.id, { ...finding, fail: 0, warn: 0, unknown: 0, ok: 0, not_applicable: 0 });
      rows.get(finding.id)[finding.status] += uses[index];
    });
    return [...rows.values()].sort(
      (a, b) => b.fail - a.fail || b.warn - a.warn || b.unknown - a.unknown || a.id.localeCompare(b.id),
    );
  }

  function drawConditions(rows) {
    const bad = rows.filter((row) => row.fail + row.warn + row.unknown);
    const scale = Math.max(1, ...bad.map((row) => row.fail + row.warn + row.unknown));
    byId("conditions-note").textContent = conditionsNote(rows.length, bad.length);
    const nodes = bad.map((row) => conditionRow(row, scale));
    byId("chart").append(...nodes);
    byId("chart").closest("table").hidden = !nodes.length;
    const late = nodes.slice(CONDITIONS_AT_FIRST);
    late.forEach((node) => node.classList.add("late"));
    const button = byId("all-conditions");
    button.hidden = !late.length;
    button.textContent = `Show ${counted(late.length, "further condition")}`;
    button.addEventListener("click", () => {
      late.forEach((node) => node.classList.remove("late"));
      button.hidden = true;
    });
  }

  function conditionsNote(all, bad) {
    if (!all) return "No condition was judged.";
    if (!bad) return `${counted(all, "condition")} judged, none with a problem.`;
    return (
      `${number(bad)} of ${counted(all, "condition")} with a problem on some host. ` +
      "A host counts at each of its problems, consequences too, so the numbers add up to more than hosts."
    );
  }

  function conditionRow(row, scale) {
    const bar = make(
      "span",
      { class: "stack" },
      PROBLEMS.map((status) => {
        const part = make("span", { class: status });
        part.style.width = `${(100 * row[status]) / scale}%`;
        return row[status] ? part : null;
      }),
    );
    const cell = (status) =>
      make(
        "td",
        { class: "number" },
        row[status]
          ? make(
              "a",
              {
                href: linkTo({ condition: row.id, status }),
                "aria-label": `${number(row[status])}: ${row.title}: ${STATUSES[status]}`,
              },
              number(row[status]),
            )
          : make("span", { class: "zero" }, "0"),
      );
    return make(
      "tr",
      {},
      make(
        "th",
        { scope: "row" },
        make("a", { href: linkTo({ condition: row.id }) }, row.title),
        make("code", {}, row.id),
        row.severity !== "critical" && make("span", { class: "severity" }, SEVERITIES[row.severity] || row.severity),
      ),
      make("td", { class: "plot", "aria-hidden": "true" }, bar),
      PROBLEMS.map(cell),
    );
  }

  // ---- filter

  function readHash() {
    const given = new URLSearchParams(location.hash.slice(1));
    const filter = Object.fromEntries(FIELDS.map((field) => [field, given.get(field) || ""]));
    const cause = given.get("cause");
    filter.cause = cause !== null && groups[cause] ? Number(cause) : null;
    return filter;
  }

  function writeHash(filter) {
    const parts = Object.entries(filter).filter(([, value]) => value !== "" && value !== null);
    const hash = parts.length ? linkTo(Object.fromEntries(parts)) : "";
    history.replaceState(null, "", hash || location.pathname + location.search);
  }

  // Words apart from blanks are all wanted, those apart from commas are alternatives; a word in quotes is a host's name.
  function searchTest(text) {
    const terms = text.toLowerCase().match(/(?:"[^"]*"|[^\s"])+/g) || [];
    const tests = terms.map((term) => term.match(/"[^"]*"|[^,"]+/g) || []).map(anyOf);
    return (host) => tests.every((test) => test(host));
  }

  function anyOf(words) {
    const names = new Set(words.filter((word) => word[0] === '"').map((word) => word.slice(1, -1)));
    const parts = words.filter((word) => word[0] !== '"');
    const hit = (text) => parts.some((part) => text.includes(part));
    const told = findings.map((finding) => PROBLEMS.includes(finding.status) && !finding.idle && hit(wordsOf(finding)));
    return (host) => !words.length || names.has(host.lower) || hit(host.words) || host.found.some((index) => told[index]);
  }

  function wordsOf(finding) {
    finding.words ??= [
      ...[finding.id, finding.title, finding.why, finding.advice, finding.remedy],
      ...finding.evidence.flatMap(([source, value]) => [data.strings[source], valueText(value)]),
    ]
      .join("\n")
      .toLowerCase();
    return finding.words;
  }

  // Says of each distinct finding whether the filter asks for it; null when the filter asks for none.
  function findingTest({ condition, severity, status }) {
    if (!condition && !severity && !status) return null;
    return findings.map(
      (finding) =>
        (!condition || finding.id === condition) &&
        (!finding.idle || status === "any") &&
        (!severity || finding.severity === severity) &&
        (status ? status === "any" || finding.status === status : PROBLEMS.includes(finding.status)),
    );
  }

  function select(filter) {
    const told = searchTest(filter.host);
    const wanted = findingTest(filter);
    const found = hosts.filter(
      (host) =>
        told(host) &&
        (!filter.verdict || filter.verdict.split(",").includes(host.verdict)) &&
        MACHINE.every((field) => !filter[field] || machineValues(host, field).includes(filter[field])) &&
        (filter.cause === null || host.group === groups[filter.cause]) &&
        (!wanted || host.found.some((index) => wanted[index])),
    );
    return { found, wanted };
  }

  const state = { filter: null, found: [], wanted: null, drawn: 0 };

  function apply(filter) {
    Object.assign(state, { filter, drawn: 0 }, select(filter));
    FIELDS.forEach((field) => {
      const control = byId(`f-${field}`);
      if (control.value !== filter[field]) control.value = filter[field];
      if (control.value !== filter[field])
        (control.append(make("option", { value: filter[field] }, filter[field])), (control.value = filter[field]));
    });
    document.querySelectorAll(".tile").forEach((tile) => {
      if (filter.verdict === tile.dataset.verdict) tile.setAttribute("aria-current", "true");
      else tile.removeAttribute("aria-current");
    });
    const filtered = FIELDS.some((field) => filter[field]) || filter.cause !== null;
    byId("count").textContent = filtered
      ? `${number(state.found.length)} of ${counted(hosts.length, "host")}`
      : counted(hosts.length, "host");
    byId("clear").hidden = !filtered;
    byId("copy").hidden = !state.found.length;
    drawCauseFilter(filter);
    byId("list").replaceChildren();
    drawHosts(HOSTS_AT_ONCE);
    if (!state.found.length && hosts.length) {
      byId("list").append(make("p", { class: "empty" }, "No host matches the filter."));
    }
    if (filtered && state.found.length === 1) byId("list").firstChild.openNow();
  }

  function drawCauseFilter(filter) {
    const group = groups[filter.cause];
    byId("cause-filter").replaceChildren(
      ...(group
        ? [
            make(
              "button",
              { type: "button", class: "pill", title: "Remove this filter", onclick: () => change({ cause: null }) },
              "Cause: ",
              group.text,
              make("span", { "aria-hidden": "true" }, "\u00a0\u00d7"),
            ),
          ]
        : []),
    );
  }

  function change(part) {
    const filter = { ...state.filter, ...part };
    writeHash(filter);
    apply(filter);
  }

  function prepareFilter(rows) {
    const options = (id, any, names) =>
      byId(id).append(
        make("option", { value: "" }, any),
        ...Object.entries(names).map(([value, name]) => make("option", { value }, name)),
      );
    options("f-verdict", "Any", { ...VERDICTS, "blocked,unreachable,unknown,degraded,at_risk,partial": "Not ready" });
    options(
      "f-condition",
      "Any",
      Object.fromEntries([...rows].sort((a, b) => a.title.localeCompare(b.title)).map((row) => [row.id, row.title])),
    );
    options("f-severity", "Any", SEVERITIES);
    options("f-status", "Any problem", { ...STATUSES, any: "Any status" });
    MACHINE.forEach((field) => {
      const uses = new Map();
      hosts.forEach((host) =>
        machineValues(host, field).forEach((value) => uses.set(value, (uses.get(value) || 0) + 1)),
      );
      byId(`f-${field}`).closest("label").hidden = [...uses.keys()].every((value) => value === NONE);
      const most = [...uses].sort(([, one], [, other]) => other - one).slice(0, MOST_VALUES);
      const values = most.map(([value]) => [value, shown(value)]).sort(([one], [other]) => one.localeCompare(other));
      options(`f-${field}`, "Any", Object.fromEntries(values));
    });
    let wait;
    byId("filter").addEventListener("input", () => {
      clearTimeout(wait);
      wait = setTimeout(
        () => change(Object.fromEntries(FIELDS.map((field) => [field, byId(`f-${field}`).value.trim()]))),
        90,
      );
    });
    byId("filter").addEventListener("submit", (event) => event.preventDefault());
    byId("clear").addEventListener("click", () => {
      change({ ...Object.fromEntries(FIELDS.map((field) => [field, ""])), cause: null });
      byId("f-host").focus();
    });
    byId("copy").addEventListener("click", () =>
      copyNames(
        byId("copy"),
        state.found.map((host) => host.name),
      ),
    );
    byId("more").addEventListener("click", () => drawHosts(HOSTS_AT_ONCE));
    new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && drawHosts(HOSTS_AT_ONCE), {
      rootMargin: "300px",
    }).observe(byId("more"));
    addEventListener("hashchange", () => {
      if (location.hash === "#hosts") return;
      apply(readHash());
      if (!location.hash) return;
      byId("hosts").focus({ preventScroll: true });
      byId("hosts").scrollIntoView();
    });
  }

  // ---- hosts

  function drawHosts(limit) {
    const next = state.found.slice(state.drawn, state.drawn + limit);
    byId("list").append(...next.map(hostRow));
    state.drawn += next.length;
    const left = state.found.length - state.drawn;
    byId("more").hidden = !left;
    byId("more").textContent = `Show more (${number(left)} left)`;
  }

  function hostRow(host) {
    const wanted = state.wanted;
    const counts = { fail: 0, warn: 0, unknown: 0 };
    host.found.forEach((index) => {
      if (!findings[index].idle) counts[findings[index].status] += 1;
    });
    const summary = [
      mark(host.verdict, VERDICTS[host.verdict]),
      make("span", { class: "host-name" }, host.name),
      make("span", { class: "text" }, host.cause),
      make(
        "span",
        { class: "tally" },
        PROBLEMS.filter((status) => counts[status]).map((status) =>
          make(
            "span",
            { class: status, title: STATUSES[status] },
            `${number(counts[status])} ${STATUSES[status].toLowerCase()}`,
          ),
        ),
      ),
      host.fix && make("span", { class: "fixed" }, fixText(host.fix)),
      host.azure && machineColumns(host.azure),
    ];
    return fold({ class: "host" }, summary, () => hostBody(host, wanted));
  }

  // What a fix did to a host: in a line, and in full.
  function fixText({ before, after, planned, done, left, failed, ...fix }) {
    return [
      after ? `${VERDICTS[before]} \u2192 ${VERDICTS[after]}` : `before: ${VERDICTS[before]}`,
      done.length ? `${fix.checked ? "would be done" : "done"}: ${done.join(", ")}` : planned.length && `planned: ${planned.join(", ")}`,
      fix.new.length && `new: ${fix.new.map((one) => one.check).join(", ")}`,
      left.length && `left: ${left.map((one) => one.check).join(", ")}`,
      failed ? "failed" : !planned.length && "nothing to do",
    ]
      .filter(Boolean)
      .join(" \u00b7 ");
  }

  function fixNode(fix) {
    const rows = [
      ["Before the fix", VERDICTS[fix.before]],
      ["After the fix", fix.after ? VERDICTS[fix.after] : "not diagnosed again"],
      ["Planned", fix.planned.join(", ")],
      [fix.checked ? "Would be done" : "Done", fix.done.join(", ")],
      ["Backup", fix.backup],
      ...fix.new.map((one) => ["New since the fix", `${one.check}: ${one.why}`]),
      ...fix.left.map((one) => ["Left", `${one.check}: ${one.reason}`]),
      ["Failed", fix.failed],
    ];
    return evidenceTable(
      rows.filter(([, value]) => value),
      (title) => title,
    );
  }

  function machineColumns(machine) {
    const column = (label, value) =>
      make("span", {}, make("span", { class: "label" }, `${label} `), value || make("span", { class: "zero" }, "none"));
    return make(
      "span",
      { class: "machine" },
      column("Vault", machine.vault),
      column("Policy", machine.policy),
      column("Last job", jobText(machine)),
      column("Power", machine.power),
    );
  }

  function hostBody(host, wanted) {
    const body = make("div", { class: "inside" });
    if (host.reason) body.append(make("p", { class: "reason" }, host.reason));
    if (host.fix) body.append(fixNode(host.fix));
    const own = host.found.map((index) => ({ ...findings[index], hit: Boolean(wanted && wanted[index]) }));
    if (host.errorCode) {
      const from = host.errorCode.from === "job" ? "the last backup job" : "the operator";
      body.append(
        make("p", { class: "code" }, "Ranked by the error code ", make("code", {}, host.errorCode.code), ` of ${from}`),
      );
    }
    const troubles = own.filter((finding) => !finding.idle && (finding.status === "fail" || finding.status === "warn"));
    body.append(...bothHalves(host, causeTrees(host, troubles)));
    for (const [title, idle] of [
      ["Waived", own.filter((finding) => finding.waived)],
      ["Not used by backups of this machine", own.filter((finding) => finding.idle && !finding.waived)],
    ])
      if (idle.length)
        body.append(
          fold({ class: "others idle" }, `${title} (${number(idle.length)})`, () =>
            idle.map((finding) => findingNode(host, finding, [], false)),
          ),
        );
    for (const status of ["unknown", "ok", "not_applicable"]) {
      const some = own.filter((finding) => !finding.idle && finding.status === status);
      if (!some.length) continue;
      const part = fold({ class: `others ${status}` }, `${STATUSES[status]} (${number(some.length)})`, () =>
        some.map((finding) => (status === "unknown" ? findingNode(host, finding, [], true) : quietNode(host, finding))),
      );
      if (some.some((finding) => finding.hit) || (status === "unknown" && !troubles.length)) part.openNow();
      body.append(part);
    }
    if (!host.found.length && !host.reason) body.append(make("p", { class: "empty" }, "No condition was judged."));
    if (host.platform)
      body.append(make("p", { class: "platform" }, host.platform === "windows" ? "Windows guest" : "Linux guest"));
    const { id, group, region, tags } = host.vm;
    const where = [id || (host.azure && host.azure.id), !id && group, region, ...tags].filter(Boolean);
    body.append(...where.map((text) => make("p", { class: "platform" }, text)));
    body.append(
      make(
        "p",
        { class: "actions" },
        make("a", { class: "button quiet", href: linkTo({ host: `"${host.name}"` }) }, "Link to this host"),
      ),
    );
    return body;
  }

  // Where a host has both halves, each cause stands below the half that it is of, with all that follows from it.
  function bothHalves(host, nodes) {
    if (!host.azure || !nodes.length) return nodes;
    return [
      ["In Azure", nodes.filter((node) => node.dataset.subject === "azure")],
      ["In the guest", nodes.filter((node) => node.dataset.subject !== "azure")],
    ].flatMap(([heading, half]) => (half.length ? [make("h3", { class: "half" }, heading), ...half] : []));
  }

  // Findings with what follows from them below them. One that follows from nothing in the list stands at the top.
  function causeTrees(host, troubles) {
    const level = host.azure ? "h4" : "h3";
    const ids = new Set(troubles.map((finding) => finding.id));
    const placed = new Set();
    const tree = (finding, depth) => {
      placed.add(finding.id);
      const below = troubles.filter((other) => other.consequenceOf === finding.id && !placed.has(other.id));
      below.forEach((other) => placed.add(other.id));
      return findingNode(
        host,
        finding,
        below.map((other) => tree(other, depth + 1)),
        depth === 0 || finding.hit,
        level,
      );
    };
    const top = troubles.filter((finding) => !ids.has(finding.consequenceOf)).map((finding) => tree(finding, 0));
    return top.concat(troubles.filter((finding) => !placed.has(finding.id)).map((finding) => tree(finding, 0)));
  }

  function findingNode(host, finding, below, open, level = "h3") {
    const evidence = evidenceTable(finding.evidence);
    return make(
      "article",
      {
        class: `finding ${finding.status}${finding.hit ? " hit" : ""}`,
        "data-finding": finding.id,
        "data-subject": finding.subject || "guest",
      },
      make(level, {}, mark(finding.status, STATUSES[finding.status]), make("span", { class: "title" }, finding.title)),
      make("p", { class: "why" }, finding.why),
      adviceNode(finding),
      evidence && (open ? evidence : make("details", { class: "evidence" }, make("summary", {}, "Evidence"), evidence)),
      make(
        "p",
        { class: "about" },
        make("code", {}, finding.id),
        make("span", {}, SEVERITIES[finding.severity] || finding.severity),
        finding.remedy && make("span", {}, "remedy ", make("code", {}, finding.remedy)),
        finding.subject === "azure" && make("span", {}, "in Azure"),
        finding.waived && make("span", {}, `waived: ${finding.waived}`),
        finding.weakenedBy && make("span", {}, "counts for less: ", make("code", {}, finding.weakenedBy)),
      ),
      actionsOf(host, finding),
      below.length ? make("div", { class: "below" }, make("p", { class: "label" }, "Follows from it"), below) : null,
    );
  }

  // The address of a finding, and what an operator takes from it into a ticket or a shell.
  function actionsOf(host, finding) {
    const text = () =>
      [
        `${host.name}: ${finding.why || finding.title} [${finding.id}]`,
        ...finding.evidence.map(([source, value]) => `${data.strings[source]} = ${valueText(value)}`),
      ].join("\n");
    const fix = () => command("fix", "--limit", host.name, "-e", `remediate_allow=${finding.id}`);
    return make(
      "p",
      { class: "actions" },
      make(
        "a",
        { class: "button quiet", href: linkTo({ host: `"${host.name}"`, condition: finding.id, status: "any" }) },
        "Link",
      ),
      copyButton("Copy evidence", "the evidence", text),
      finding.remedy && copyButton("Copy the command that fixes it", "the command", fix),
      copyButton("Copy the command without this check", "the command", () =>
        command("diagnose", "-e", `diagnose_skip=${finding.id}`),
      ),
    );
  }

  // What to do about a finding or a group, and the pages that its rule rests on.
  function adviceNode({ advice, sources }) {
    const pages = sources.map(([title, url]) => make("a", { href: url, rel: "noreferrer" }, title));
    if (!advice && !pages.length) return null;
    return make(
      "p",
      { class: "advice" },
      advice && make("span", {}, make("strong", {}, "What to do: "), advice),
      pages.length ? make("span", { class: "sources" }, pages) : null,
    );
  }

  // A finding that needs nobody: one line until it is opened.
  function quietNode(host, finding) {
    const summary = [make("span", { class: "title" }, finding.title), make("code", {}, finding.id)];
    return fold(
      { class: `quiet-finding ${finding.status}${finding.hit ? " hit" : ""}`, "data-finding": finding.id },
      summary,
      () =>
        make(
          "div",
          { class: "inside" },
          finding.why && make("p", {}, finding.why),
          evidenceTable(finding.evidence),
          actionsOf(host, finding),
        ),
    );
  }

  function evidenceTable(evidence, named = (source) => data.strings[source]) {
    if (!evidence.length) return null;
    return make(
      "table",
      { class: "facts" },
      make(
        "tbody",
        {},
        evidence.map(([source, value]) =>
          make(
            "tr",
            {},
            make("th", { scope: "row" }, named(source)),
            make("td", {}, make("pre", {}, valueText(value))),
          ),
        ),
      ),
    );
  }

  // ---- theme and print

  const THEMES = { auto: "Theme: system", light: "Theme: light", dark: "Theme: dark" };

  function prepareTheme() {
    const button = byId("theme");
    const show = (theme) => {
      document.documentElement.dataset.theme = theme;
      button.dataset.theme = theme;
      button.textContent = THEMES[theme];
    };
    let kept = null;
    try {
      kept = localStorage.getItem("vmbackup-theme");
    } catch {
      /* a browser that keeps nothing */
    }
    show(kept in THEMES ? kept : "auto");
    button.hidden = false;
    button.addEventListener("click", () => {
      const names = Object.keys(THEMES);
      const next = names[(names.indexOf(button.dataset.theme) + 1) % names.length];
      show(next);
      try {
        localStorage.setItem("vmbackup-theme", next);
      } catch {
        /* the choice lasts for this page */
      }
    });
  }

  // Paper has no buttons: causes and blocked hosts are laid open, hosts at risk have a line, ready ones are a number.
  function layOutHosts() {
    const printed = state.found.filter((host) => host.verdict !== "ready" || waivedOf(host));
    const blocked = printed.filter((host) => host.verdict === "blocked");
    const opened = new Map();
    const asExample = (host) => {
      opened.set(host.group, (opened.get(host.group) || 0) + 1);
      return opened.get(host.group) <= EXAMPLES_ON_PAPER;
    };
    const open = new Set(blocked.length <= BLOCKED_ON_PAPER ? blocked : blocked.filter(asExample));
    byId("list").replaceChildren(
      ...printed.map((host) => {
        const row = hostRow(host);
        if (open.has(host)) row.openNow();
        return row;
      }),
    );
    const ready = state.found.length - printed.length;
    const notes = [];
    if (ready) notes.push(`${counted(ready, "ready host")} not printed.`);
    if (open.size < blocked.length)
      notes.push(`Findings are printed for ${EXAMPLES_ON_PAPER} hosts of each cause; filter for others.`);
    byId("print-note").textContent = notes.join(" ");
    byId("more").hidden = true;
  }

  function preparePrint() {
    addEventListener("beforeprint", () => {
      document.querySelectorAll(".cause").forEach((node) => {
        node.openNow();
        node.querySelector(".names").showAll();
      });
      document.querySelectorAll(".late").forEach((node) => node.classList.remove("late"));
      byId("all-conditions").hidden = true;
      layOutHosts();
    });
    addEventListener("afterprint", () => apply(state.filter));
  }

  // ---- start

  const made = new Date(data.generated);
  if (!Number.isNaN(made.getTime())) {
    byId("generated").textContent = `${made.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  }
  prepareTheme();
  drawVerdicts();
  drawFix();
  drawCauses();
  drawFleet();
  drawChanges();
  drawAzure();
  const rows = conditionCounts();
  drawConditions(rows);
  prepareFilter(rows);
  byId("app").hidden = false;
  apply(readHash());
  if (location.hash.length > 1 && location.hash !== "#hosts") byId("hosts").scrollIntoView();
  preparePrint();
})();

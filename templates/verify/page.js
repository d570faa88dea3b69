/* The page around the verifier: it reads a code, asks it, and shows the answer. Every
   value from a code goes into the page as text, never as markup. */
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { texts, outcomes } = data;
  const verifier = cecertVerifier;
  const { hoursFigure, idText } = cecertWords;
  const saved = location.protocol === "file:";
  const WAIT = 8000, LARGEST = 64 << 20;
  const at = (id) => document.getElementById(id);
  const clock = () => Math.floor(Date.now() / 1000);
  const bytesOf = (base64) => Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));

  const KINDS = {
    VALID: "valid filled", REVOKED: "revoked filled", SUPERSEDED: "replaced filled",
    UNKNOWN_KEY: "key hollow", KEY_REVOKED: "key hollow", VALID_STATUS_STALE: "old hollow", LATER_TIME_STAMP: "old hollow",
    VALID_STATUS_UNKNOWN: "unknown hollow", UNKNOWN_STATUS: "unknown hollow",
    SPECIMEN: "specimen hollow", CODE_ONLY: "code hollow", PICTURE_ONLY: "code hollow", CHECKING: "checking blank", NO_CRYPTO: "unchecked blank",
    KEYSET_INVALID: "unchecked blank", NO_TRUST_FILE: "unchecked blank",
  };
  const UNREAD = [
    "TOO_LARGE", "NO_TOKEN", "UNSUPPORTED_VERSION", "MALFORMED", "TRUNCATED", "NOT_READABLE",
    "NO_TOKEN_IN_PDF",
  ];
  const SHOWN = [
    "VALID", "VALID_STATUS_STALE", "VALID_STATUS_UNKNOWN", "REVOKED", "SUPERSEDED",
    "UNKNOWN_STATUS", "CHECKING", "SPECIMEN", "LATER_TIME_STAMP",
  ];
  const GENUINE = SHOWN.slice(0, 3);

  let trust = null, current = null, run = 0, picked = [], bundled = {}, again = () => {};

  // Building

  function made(tag, content, attributes = {}) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    for (const each of [content].flat()) if (each !== null && each !== "") element.append(each);
    return element;
  }

  const filled = (text, fields) =>
    text.replace(/\{(\w+)\}/g, (whole, name) => (name in fields ? fields[name] : whole));
  const value = (text) => made("bdi", text, { dir: "auto", translate: "no" });

  // Times and dates, as the paper has them

  function when(second, options, zone) {
    try {
      return new Intl.DateTimeFormat(texts.locale, { ...options, timeZone: zone }).format(second * 1000);
    } catch {
      return new Intl.DateTimeFormat(texts.locale, { ...options, timeZone: "UTC" }).format(second * 1000);
    }
  }

  const DAY = { year: "numeric", month: "long", day: "numeric" };
  const MINUTE = { ...DAY, hour: "numeric", minute: "2-digit", timeZoneName: "short" };
  /** An instant whose date and whose time each stay on one line. */
  const instant = (second) => when(second, MINUTE, data.zone).replace(" at ", ", ")
    .replace(/\s([AP])M\b/, (_, half) => ` ${half.toLowerCase()}.m.`)
    .replace(/ /g, "\u00a0").replace(/(\d{4},)\u00a0/, "$1 ");
  const utc = (second) => new Date(second * 1000).toISOString().replace(".000", "");
  const issueDay = (second) => when(second, DAY, data.zone);

  /** The day the paper says; every day it may be, where this device does not know the zone. */
  function issuedOn(second) {
    try {
      return new Intl.DateTimeFormat(texts.locale, { ...DAY, timeZone: data.zone }).format(second * 1000);
    } catch {
      const [first, last] = [-12, 14].map((hours) => when(second + hours * 3600, DAY, "UTC"));
      return filled(texts.issued_days, { first, last, instant: utc(second) });
    }
  }

  function datesPhrase(days) {
    const years = new Map();
    for (const day of days) {
      const date = new Date(day * 86400000), year = date.getUTCFullYear();
      const month = when(day * 86400, { month: "long" }, "UTC");
      if (!years.has(year)) years.set(year, new Map());
      const months = years.get(year);
      months.set(month, [...(months.get(month) || []), String(date.getUTCDate())]);
    }
    const parts = [...years].map(([year, months]) =>
      `${joined([...months].map(([month, inMonth]) => `${month} ${joined(inMonth)}`))}, ${year}`);
    return parts.length === 1 ? parts[0] : `${parts.slice(0, -1).join(", ")}, and ${parts[parts.length - 1]}`;
  }

  const joined = (parts) => parts.length === 1
    ? parts[0] : `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}`;
  /** What certificates with credit of a code call its hours and its number. */
  const namesOf = (code) => data.credits[code] || { unit: data.words.hours, number: "", none: false };

  /** The hours of the course: only a unit that all lines share is named. */
  function courseHours(claims) {
    const units = new Set(claims.credits.map((each) => namesOf(each.code).unit));
    return [hoursFigure(claims.hours), units.size === 1 ? [...units][0] : data.words.hours];
  }

  // The answer

  const wordsFor = (outcome) => outcomes[outcome] || {
    headline: texts[`${outcome.toLowerCase()}_headline`],
    sentence: texts[`${outcome.toLowerCase()}_sentence`],
    advice: texts[`${outcome.toLowerCase()}_advice`] || "",
  };

  /** The words of an answer: keys dated later than this clock are not damaged. */
  const wordsOf = (found) => wordsFor(found.dated ? "KEYS_AHEAD" : shownOf(found));

  function fieldsOf(found) {
    return {
      issuer: trust ? trust.name : texts.school, school: texts.school, detail: detailOf(found),
      issued_at: found.claims ? instant(Number(found.claims.issuedAt)) : "",
      as_of: found.asOf ? instant(found.asOf) : "", dated: found.dated ? instant(found.dated) : "", host: data.host, here: location.host,
      id: found.claims ? idText(found.claims.id) : "", now: instant(found.now),
    };
  }

  /** Figures behind an answer, for people. */
  function detailOf(found) {
    if (found.outcome === "TEXT_MISMATCH" && found.differing) {
      return joined([...new Set(found.differing.map((each) => texts[`fact_${each.fact}`]))]);
    }
    if (found.why && typeof found.why === "object") return whyText(found.why).replace(/\.$/, "").replace(/^./, (each) => each.toLowerCase());
    return typeof found.why === "string" && found.why ? texts[`why_${found.why}`] || "" : found.detail || "";
  }

  function headlineParts(headline) {
    const parts = /^([A-Z][A-Z ]*[A-Z],?)(?![a-z])\.?\s*(.*)$/s.exec(headline);
    return parts ? [parts[1], parts[2]] : [headline, ""];
  }

  function mark(kind) {
    const found = at("marks").content.querySelector(`[data-mark="${kind}"]`);
    if (!found) return "";
    const copy = found.cloneNode(true);
    copy.setAttribute("aria-hidden", "true");
    copy.setAttribute("focusable", "false");
    return copy;
  }

  const kindOf = (outcome) =>
    KINDS[outcome] || (UNREAD.includes(outcome) ? "unread blank" : "false filled");

  function show(found, focus) {
    current = found;
    const shownOutcome = shownOf(found), fields = fieldsOf(found);
    const kind = kindOf(shownOutcome), headline = headlineOf(found, fields);
    const [word, rest] = headlineParts(headline);
    const heading = made("h1", [made("span", word, { class: "word" })], { tabindex: "-1" });
    if (rest) heading.append(" ", made("span", rest, { class: "rest" }));
    const section = at("answer"), said = at("said");
    section.className = `answer ${kind}`;
    section.setAttribute("aria-busy", String(shownOutcome === "CHECKING"));
    said.replaceChildren(
      made("div", [mark(kind.split(" ")[0]), heading], { class: "top" }),
      made("p", filled(sentenceOf(found), fields), { class: "sentence" }), verdicts(found, fields) || "",
    );
    showAdvice(found, fields);
    showWarnings(found);
    showRecord(found, shownOutcome, word.replace(/,$/, ""));
    showFacts(found, fields);
    for (const id of ["keep", "technical"]) at(id).hidden = shownOutcome === "CHECKING";
    at("ask").hidden = false;
    at("another").open = UNREAD.includes(found.outcome);
    at("main").classList.remove("start", "many");
    document.title = `${headline.replace(/\u00a0/g, " ")} – ${texts.page}`;
    if (focus && shownOutcome !== "CHECKING") heading.focus();
  }

  /** The outcome whose words are shown: of a picture, only the code in it can be called valid. */
  function shownOf(found) {
    if (found.outcome === "CHECKING") return "CHECKING";
    if (found.claims && found.claims.specimen && SHOWN.includes(found.outcome)) return "SPECIMEN";
    return found.outcome === "VALID" && found.ofPicture ? "PICTURE_ONLY" : found.outcome;
  }

  const headlineOf = (found, fields) => filled(wordsOf(found).headline, fields);

  function sentenceOf(found) {
    const outcome = shownOf(found);
    if (outcome === "VALID" && found.ofFile) return texts.file_valid_sentence;
    return outcome === "VALID_STATUS_UNKNOWN" && found.warnings.includes("BAD_STATUS_LIST")
      ? texts.bad_list_sentence : wordsOf(found).sentence;
  }

  // Two verdicts: of the code, and of the file it is in

  /** What is said of the code: {good, text}. */
  function codeVerdict(found, fields) {
    const genuine = cecertDocument.KNOWN.includes(found.status || found.outcome);
    const key = `code_${found.status || found.outcome}`;
    return { good: (found.status || found.outcome) === "VALID", text: filled(genuine ? texts[key] : wordsFor(found.status || found.outcome).sentence, fields) };
  }

  /** What is said of the file: {good, text}. */
  function fileVerdict(found, fields) {
    if (found.ofPicture) return { good: false, text: texts.file_picture };
    const { seal, text } = found.checks;
    if (text === "TEXT_MISMATCH") return { good: false, text: texts[seal === "INTACT" ? "file_mismatch" : "file_reworded"] };
    if (seal === "INTACT") return { good: true, text: filled(found.later ? texts.file_later : texts.file_sealed, fields) };
    const why = seal === "SEAL_UNKNOWN" || !found.why ? texts[`file_${seal}`] || texts.file_NOT_CHECKED : whyText(found.why);
    const eye = found.claims && text === "NOT_CHECKED" && found.why ? ` ${texts.file_by_eye}` : "";
    return { good: false, text: why + eye };
  }

  /** What became of a file, as far as it shows. */
  function whyText(why) {
    const said = filled(texts[`why_${why.name}`], { count: String(why.count) });
    return why.producer ? `${said} ${filled(texts.why_producer, { producer: why.producer })}` : said;
  }

  function verdicts(found, fields) {
    if (!(found.checks || found.ofPicture) || shownOf(found) === "CHECKING") return null;
    const rows = [["code", codeVerdict(found, fields)], ["file", fileVerdict(found, fields)]];
    return made("dl", rows.map(([name, { good, text }]) => made("div", [
      mark(good ? "valid" : name === "code" ? kindOf(found.status || found.outcome).split(" ")[0] : fileKind(found)),
      made("dt", texts[`verdict_${name}`]), made("dd", text),
    ])), { class: "verdicts" });
  }

  const fileKind = (found) =>
    (found.ofPicture || (found.checks.text !== "TEXT_MISMATCH" && found.why && found.why.name !== "changed") ? "unknown" : "false");

  function showAdvice(found, fields) {
    const advice = at("advice"), outcome = shownOf(found), words = wordsOf(found);
    advice.replaceChildren();
    if (!words.advice) return;
    let text = filled(words.advice, fields);
    if (outcome === "VALID" && found.ofFile) text = texts.file_valid_advice;
    if (outcome === "VALID" && !saved && onOwnHost()) text += ` ${filled(texts.address_must_be, fields)}`;
    advice.append(made("h2", outcome === "VALID" ? texts.now_compare : texts.what_to_do), made("p", text));
    if (outcome === "VALID_STATUS_STALE" || outcome === "VALID_STATUS_UNKNOWN") offerStatus(advice);
  }

  function offerStatus(advice) {
    const button = made("button", texts.check_again, { type: "button", class: "main" });
    button.addEventListener("click", () => again());
    const input = made("input", null, { type: "file", accept: ".st,.zip", id: "status-file", "aria-describedby": "status-hint" });
    input.addEventListener("change", () => takeStatusFile(input.files[0]));
    advice.append(
      made("p", button, { class: "buttons" }),
      made("details", [
        made("summary", texts.use_status_file),
        made("label", texts.status_file_hint, { for: "status-file", id: "status-hint" }), input,
        made("p", null, { id: "status-problem", role: "alert" }),
      ]),
    );
  }

  const onOwnHost = () => trust && trust.hosts.includes(location.hostname);

  function warning(name, fields) {
    return made("section", [
      made("h2", texts[`warning_${name}_title`]), made("p", filled(texts[`warning_${name}`], fields)),
    ], { class: "warning" });
  }

  function pageWarnings() {
    const list = [];
    if (trust && !saved && !onOwnHost()) {
      list.push(warning("HOST_MISMATCH", { here: location.host, host: data.host }));
    }
    if (trust && Date.now() / 1000 > trust.refreshBy) {
      list.push(warning("KEYSET_OLD", { refresh_by: issueDay(Number(trust.refreshBy)) }));
    }
    at("page-warnings").replaceChildren(...list);
  }

  function showWarnings(found) {
    pageWarnings();
    document.querySelectorAll("#answer ~ .warning").forEach((each) => each.remove());
    if (!found.claims || !SHOWN.includes(found.outcome)) return;
    const words = verifier.mixedWords(found.claims.recipient);
    if (words.length) at("answer").after(warning("MIXED_SCRIPT", { letters: oddLetters(words[0]) }));
  }

  /** The letters of *word* that are not of the script most of its letters have. */
  function odd(word) {
    const scripts = [...word].map(verifier.scriptOf), counts = {};
    scripts.filter(Boolean).forEach((each) => { counts[each] = (counts[each] || 0) + 1; });
    const most = Object.keys(counts).sort((a, b) => counts[b] - counts[a])[0];
    return [...word].map((letter, position) => ({ letter, position, script: scripts[position] }))
      .filter((each) => each.script && each.script !== most);
  }

  const oddLetters = (word) => odd(word).map((each) =>
    filled(texts.mixed_letter, { ...each, position: each.position + 1 })).join(" ");

  function markedName(name) {
    const words = new Set(verifier.mixedWords(name));
    return name.split(/([\p{Z}\p{P}]+)/u).flatMap((part) => {
      if (!words.has(part)) return [part];
      const positions = new Set(odd(part).map((each) => each.position));
      return [...part].map((letter, position) => (positions.has(position) ? made("mark", letter) : letter));
    });
  }

  // The record

  function recordLines(found, shownOutcome) {
    const { claims } = found, lines = [];
    const line = (label, content, kind = "", plain = "") => lines.push({ label, content, kind, plain });
    const long = (text, most) => ([...text].length > most ? " long" : "");
    line(texts.name, made("bdi", markedName(claims.recipient), { dir: "auto", translate: "no" }),
      `name${long(claims.recipient, 32)}`, claims.recipient);
    line(texts.course, value(claims.title), `course${long(claims.title, 80)}`, claims.title);
    line(texts.dates, datesPhrase(claims.days), "", datesPhrase(claims.days));
    const [figure, unit] = courseHours(claims);
    line(texts.hours, [made("b", figure), " ", made("span", unit)], "hours", `${figure} ${unit}`);
    line(texts.credits, creditLines(claims), "", creditPlain(claims));
    const format = data.words.deliveries[claims.delivery];
    if (format) line(texts.format, format, "", format);
    if (claims.instructor) line(texts.instructor, value(claims.instructor), "", claims.instructor);
    line(texts.issued_by, value(trust.name), "", trust.name);
    line(texts.number, numberText(idText(claims.id)), "number", idText(claims.id));
    line(texts.issued_on, issuedOn(Number(claims.issuedAt)), "", issuedOn(Number(claims.issuedAt)));
    if (claims.replaces) line(texts.replaces, numberText(idText(claims.replaces)), "number", idText(claims.replaces));
    const fields = fieldsOf(found), status = texts[`status_${found.status || found.outcome}`];
    if (status) {
      line(texts.status, [made("p", filled(status, fields)), made("p", filled(texts.checked_at, fields), { class: "note" })],
        "", filled(status, fields));
    }
    return lines;
  }

  /** A number that breaks only after a dash. */
  const numberText = (id) => made("bdi", id.split("-").flatMap((part, position) =>
    (position ? ["-", document.createElement("wbr"), part] : [part])), { translate: "no" });

  /** Who awards a credit, or its number, as the certificate has it; "" for neither. */
  function providerText({ code, provider }) {
    const names = namesOf(code), isNumber = /\d/.test(provider || "");
    return [
      provider && !isNumber ? filled(data.words.awarded, { name: provider }) : "",
      isNumber ? `${names.number} ${provider}`.trim() : "",
      names.none ? data.words.none_issued : "",
    ].filter(Boolean).join(", ");
  }

  const labelFor = (claims, credit) => {
    const scope = verifier.scopeOf(trust, credit, claims.days[claims.days.length - 1]);
    return scope ? scope.label : verifier.labelOf(trust, credit.code);
  };

  const severalCredits = (claims) =>
    claims.credits.filter((each) => each.code !== data.words.attendance).length > 1;

  const creditHours = (credit) => [hoursFigure(credit.hundredths), namesOf(credit.code).unit];

  function creditLines(claims) {
    const lines = claims.credits.map((credit) => {
      const [figure, unit] = creditHours(credit), provider = providerText(credit);
      return made("div", [
        made("p", [value(labelFor(claims, credit)), made("span", [figure, " ", made("small", unit)])]),
        provider ? made("p", value(provider), { class: "provider" }) : null,
      ], { class: "line" });
    });
    if (severalCredits(claims)) lines.push(made("p", data.words.not_a_sum, { class: "note" }));
    return lines;
  }

  const creditPlain = (claims) => claims.credits.map((credit) => {
    const facts = [creditHours(credit).join(" "), providerText(credit)];
    return `${labelFor(claims, credit)}: ${facts.filter(Boolean).join(", ")}`;
  }).join("; ");

  function showRecord(found, shownOutcome, word) {
    const sheet = at("record");
    sheet.replaceChildren();
    sheet.hidden = UNREAD.includes(found.outcome) || kindOf(found.outcome).startsWith("unchecked");
    if (sheet.hidden) return;
    if (!isGenuine(found)) return showNothing(sheet, found);
    if (found.lines && found.lines.length) showComparison(sheet, found, word);
    else showLines(sheet, found, shownOutcome, word);
    if (found.outcome === "TEXT_MISMATCH" || found.outcome === "CODE_ONLY") {
      sheet.append(made("section", [made("h2", texts.own_file), made("p", texts.own_file_text)]));
    }
    if (GENUINE.includes(found.outcome)) {
      const differs = found.ofFile ? [] : [made("section", [made("h2", texts.differs), made("p", texts.differs_text)])];
      sheet.append(...differs,
        made("section", [made("h2", texts.not_told), made("ul", [made("li", texts.not_told_holder), made("li", texts.not_told_board)])]),
      );
    }
    if (found.outcome === "SUPERSEDED") sheet.append(made("section", [made("h2", texts.yours), made("p", texts.yours_text)]));
  }

  /** Whether what a code says may be shown: its signature holds, and nothing contradicts it. */
  const isGenuine = (found) => Boolean(found.claims)
    && (found.checks ? found.checks.token === "GENUINE" : SHOWN.includes(found.outcome));

  function showLines(sheet, found, shownOutcome, word) {
    const status = found.status || found.outcome, gone = status === "REVOKED" || status === "SUPERSEDED";
    const list = made("dl", recordLines(found, shownOutcome).map((line) =>
      made("div", [made("dt", line.label), made("dd", line.content, line.kind ? { class: line.kind } : {})])));
    sheet.append(made("section", [
      shownOutcome === "VALID" ? null : made("p", word, { class: "state" }),
      made("h2", gone ? texts.had_certified : texts.certified), list,
    ], { class: "record" }));
  }

  // The words of a PDF beside ours, in its order

  /** The day of issue as a number of days, by the calendar of the school; a day around it where its zone is not known. */
  function issuedDays(second) {
    const dayIn = (at, timeZone) => {
      // Engines do not agree on what they write between the numbers.
      const format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
      const [year, month, day] = ["year", "month", "day"].map((wanted) => format.formatToParts(at * 1000).find(({ type }) => type === wanted).value);
      return Date.UTC(year, month - 1, day) / 86400000;
    };
    try {
      return [dayIn(second, data.zone)];
    } catch { return [-12, 14].map((hours) => dayIn(second + hours * 3600, "UTC")); }
  }

  function certifiedWords(claims) {
    return {
      issuer: trust.name, dates: datesPhrase(claims.days), issued: issuedOn(Number(claims.issuedAt)),
      issuedDays: issuedDays(Number(claims.issuedAt)), labels: claims.credits.map((each) => labelFor(claims, each)),
      hours: claims.credits.map((each) => creditHours(each).join(" ")),
      credits: claims.credits.map((each) => [creditHours(each).join(" "), providerText(each)].filter(Boolean).join(" \u00b7 ")),
      providers: claims.credits.map(providerText),
    };
  }

  function comparisonOf(found) {
    return cecertComparison.compare(found.lines, found.claims, certifiedWords(found.claims), found.checks.seal === "INTACT");
  }

  const LABELS = { issuer: "issued_by", name: "name", course: "course", dates: "dates", number: "number", issued: "issued_on", format: "format" };
  const labelOfRow = (row) => row.label || texts[LABELS[row.kind]] || texts[`line_${row.kind}`];

  function compared(row) {
    return made("td", [mark(row.state), made("span", texts[`compared_${row.state}`])], { class: `compared ${row.state}` });
  }

  /** A value of the paper; where it differs, ours under it, and what differs underlined. */
  function bothOf(row) {
    const more = row.more ? ` \u00b7 ${row.more}` : "";
    if (row.state !== "differs" || row.certified === undefined) return value(row.printed + more);
    const [paper, ours] = cecertComparison.apart(row.printed + more, row.certified ? row.certified + more : "");
    const line = (label, [before, apart, after], empty) => made("div", [
      made("span", label, { class: "says" }),
      before || apart || after ? made("bdi", [before, apart ? made("mark", apart) : null, after], { dir: "auto", translate: "no" }) : made("span", empty),
    ]);
    return [line(texts.pdf_says, paper, texts.pdf_nothing), line(texts.certified_short, ours, texts.pdf_nothing)];
  }

  function showComparison(sheet, found, word) {
    const { rows, others } = comparisonOf(found), sealed = found.checks.seal === "INTACT";
    const differs = rows.some((each) => each.state === "differs"), holds = sealed ? texts.compare_sealed : texts.compare_open;
    const line = (row) => made("tr", [
      made("th", labelOfRow(row), { scope: "row" }), made("td", bothOf(row), { class: `value ${row.kind}` }), compared(row),
    ], row.state === "differs" ? { class: "differs" } : {});
    const body = rows.map(line);
    if (others.length) {
      const list = made("details", [made("summary", filled(texts.others, { count: String(others.length) })), ...others.map((each) => made("p", value(each)))]);
      const state = { state: sealed ? "sealed" : "unproven" };
      body.push(made("tr", [made("th", texts.line_others, { scope: "row" }), made("td", list, { class: "others" }), compared(state)]));
    }
    const heads = [texts.column_line, texts[differs ? "column_both" : "column_same"], texts.column_compared];
    const table = made("table", [made("thead", made("tr", heads.map((each) => made("th", each, { scope: "col" })))), made("tbody", body)]);
    const note = [differs ? texts.compare_differs : texts.compare_same, holds].join(" ");
    sheet.append(made("section", [
      found.outcome === "VALID" ? null : made("p", word, { class: "state" }),
      made("div", [made("h2", texts.compare), found.fileName ? made("p", value(found.fileName), { class: "note" }) : null], { class: "head" }),
      made("p", note, { class: "note" }), table, severalCredits(found.claims) ? made("p", data.words.not_a_sum, { class: "note" }) : null,
    ], { class: "compare" }));
  }

  function showNothing(sheet, found) {
    const hints = found.outcome === "BAD_SIGNATURE"
      ? made("ul", [made("li", texts.own_certificate), made("li", texts.other_school)]) : null;
    const number = found.outcome === "KEY_REVOKED" && found.claims
      ? made("p", [`${texts.number}: `, numberText(idText(found.claims.id))]) : null;
    sheet.append(made("section", [made("h2", texts.nothing_shown), made("p", texts.nothing_shown_why), number, hints]));
  }

  // A transcript: what became of each certificate on it, and of the file

  /** What decides: what a sealed transcript itself lists as replaced or revoked is no news. */
  function decidingOf(many) {
    const left = many.answers.filter((each) => !each.told);
    return left.length ? left : many.answers;
  }

  const RANKS = [["VALID"], ["VALID_STATUS_STALE", "VALID_STATUS_UNKNOWN", "LATER_TIME_STAMP"], ["REVOKED", "SUPERSEDED", "KEY_REVOKED"], ["CODE_ONLY"]];
  const rankOf = (outcome) => {
    const rank = RANKS.findIndex((each) => each.includes(outcome));
    return rank < 0 ? RANKS.length : rank;
  };
  const worstOf = (answers) => answers.reduce((one, other) => (rankOf(other.outcome) > rankOf(one.outcome) ? other : one));

  /** How many certificates have each answer, the best first. */
  function tally(many) {
    const counts = new Map();
    for (const each of many.answers) counts.set(each.outcome, (counts.get(each.outcome) || 0) + 1);
    return [...counts].sort(([one], [other]) => rankOf(one) - rankOf(other))
      .map(([outcome, count]) => `${count} ${wordOf(outcome)}`).join(", ");
  }

  const wordOf = (outcome) => headlineParts(filled(wordsFor(outcome).headline, { school: texts.school }))[0].replace(/,$/, "");

  function manyHeadline(many) {
    const worst = worstOf(decidingOf(many)).outcome;
    return worst === "VALID" ? texts.transcript_valid : filled(texts.transcript_not_valid, { word: wordOf(worst) });
  }

  function showMany(many, focus) {
    current = { many, now: many.now };
    const worst = worstOf(decidingOf(many)).outcome, kind = kindOf(worst);
    const headline = manyHeadline(many), [word, rest] = headlineParts(headline);
    const heading = made("h1", [made("span", word, { class: "word" }), " ", made("span", rest, { class: "rest" })], { tabindex: "-1" });
    const section = at("answer");
    section.className = `answer ${kind}`;
    section.setAttribute("aria-busy", "false");
    at("said").replaceChildren(
      made("div", [mark(kind.split(" ")[0]), heading], { class: "top" }),
      ...manyLines(many).map((line) => made("p", line, { class: "sentence" })),
    );
    at("advice").replaceChildren(made("h2", texts.what_to_do), made("p", texts[`transcript_advice_${many.file}`] || texts.transcript_advice));
    document.querySelectorAll("#answer ~ .warning").forEach((each) => each.remove());
    pageWarnings();
    showTable(many);
    at("facts").replaceChildren(...manyFacts(many).map(([label, text]) => made("div", [made("dt", label), made("dd", text, { translate: "no" })])));
    for (const id of ["keep", "technical", "ask"]) at(id).hidden = false;
    at("another").open = false;
    at("main").classList.remove("start", "many");
    document.title = `${headline.replace(/\u00a0/g, " ")} – ${texts.page}`;
    if (focus) heading.focus();
  }

  const manyLines = (many) => [
    `${texts.transcript_codes}: ${tally(many)}.`, `${texts.transcript_file}: ${texts[`transcript_file_${many.file}`]}`,
  ];

  const manyFacts = (many) => [
    [texts.transcript_number, idText(many.number)], [texts.transcript_drawn_up, utc(many.drawnUpAt)],
    [texts.result, worstOf(decidingOf(many)).outcome], [filled(texts.checked_at, { now: "" }).trim(), utc(many.now)],
    [texts.keys_as_of, utc(Number(trust.issuedAt))], [texts.root, trust.thumbprint],
    [texts.address, saved ? texts.saved_copy : location.host],
  ];

  /** What may be shown of a certificate: nothing of a code that is not genuine. */
  function rowOf(each) {
    const shown = each.claims && SHOWN.includes(each.status);
    const [figure, unit] = shown ? courseHours(each.claims) : ["", ""];
    return {
      outcome: wordOf(each.outcome), number: shown ? idText(each.claims.id) : "", name: shown ? each.claims.recipient : "",
      course: shown ? each.claims.title : texts.nothing_shown, dates: shown ? datesPhrase(each.claims.days) : "",
      hours: `${figure} ${unit}`.trim(), counted: texts[each.counted ? "transcript_counted" : "transcript_listed"],
    };
  }

  function showTable(many) {
    const sheet = at("record"), names = ["outcome", "course", "dates", "hours", "counted"];
    const ordered = [...many.answers].sort((one, other) => rankOf(other.outcome) - rankOf(one.outcome));
    const rows = ordered.map((each) => {
      const row = rowOf(each), open = made("button", row.number || texts.transcript_open, { type: "button", class: "open" });
      open.addEventListener("click", () => openRow(many, each));
      return made("tr", [
        made("th", [made("span", row.outcome, { class: "state", "data-kind": kindOf(each.outcome).split(" ")[0] }), open], { scope: "row" }),
        made("td", [value(row.course), made("p", value(row.name), { class: "note" })]),
        made("td", row.dates), made("td", row.hours), made("td", row.counted),
      ]);
    });
    const heads = names.map((each) => made("th", texts[`transcript_column_${each}`], { scope: "col" }));
    const table = made("table", [made("caption", texts.transcript_table), made("thead", made("tr", heads)), made("tbody", rows)]);
    sheet.hidden = false;
    sheet.replaceChildren(made("section", made("div", table, { class: "scroll", tabindex: "0", role: "region", "aria-label": texts.transcript_table }), { class: "many" }));
  }

  function openRow(many, each) {
    const whole = { token: each.status, seal: each.fault ? "SEAL_BROKEN" : "INTACT", text: each.words.code };
    const token = cecertDocument.KNOWN.includes(each.status) ? "GENUINE" : each.status;
    const why = each.fault && each.fault !== "SEAL_UNKNOWN" ? { name: each.fault === "SEAL_BROKEN" ? "changed" : "transcript", count: 0 } : null;
    const detail = each.fault === "SEAL_BROKEN" ? texts.transcript_changed : each.detail;
    const checks = { ...whole, token, seal: each.fault === "SEAL_UNKNOWN" ? each.fault : whole.seal };
    show({ ...each, detail, now: many.now, ...(each.fault || each.differing.length ? { checks, why, ofFile: true } : {}) }, true);
    goBack(texts.transcript_back, () => showMany(many, true));
  }

  /** Put a way back before the advice of an answer that is one of several. */
  function goBack(label, act) {
    const back = made("button", label, { type: "button" });
    back.addEventListener("click", act);
    at("advice").prepend(made("p", back, { class: "buttons" }));
  }

  function manyText(many) {
    const rows = many.answers.map((each) => Object.values(rowOf(each)).filter(Boolean).join(", "));
    return [manyHeadline(many), ...manyLines(many), "", ...rows, "", ...manyFacts(many).map((each) => each.join(": "))]
      .join("\n").replace(/\u00a0/g, " ");
  }

  // Technical details, copy, print

  function facts(found) {
    const rows = [
      [texts.result, found.checks ? `${found.outcome} (${Object.values(found.checks).join(", ")})` : found.outcome],
      [texts.key, found.key ? `${verifier.hex(found.key.kid)}, ${found.key.key.algorithm === -9 ? "P-256" : "Ed25519"}` : texts.list_none],
      [texts.list, found.asOf ? filled(texts.list_value, {
        list: String(found.claims.status.list), as_of: utc(found.asOf), expires: utc(found.expiresAt),
      }) : texts.list_none],
    ];
    if (isGenuine(found)) rows.push([texts.issued_on, utc(Number(found.claims.issuedAt))]);
    if (found.fileName) rows.push([texts.fact_file, found.fileName]);
    if (found.digest) rows.push([texts.fact_digest, found.digest]);
    rows.push([filled(texts.checked_at, { now: "" }).trim(), utc(found.now)]);
    const place = found.log && found.log.place;
    if (place) rows.push([texts.log, filled(texts[found.log.forked ? "log_forked" : place.toLowerCase()], logFields(found))]);
    if (trust) rows.push([texts.keys_as_of, utc(Number(trust.issuedAt))], [texts.root, trust.thumbprint]);
    rows.push([texts.address, saved ? texts.saved_copy : location.host]);
    return rows;
  }

  const logFields = ({ log }) => ({
    position: log.entry ? log.entry.position : "", as_of: log.instant ? utc(log.instant) : "",
  });

  function showFacts(found) {
    const rows = facts(found).map(([label, text]) => made("div", [made("dt", label), made("dd", text, { translate: "no" })]));
    const notes = [];
    if (found.warnings && found.warnings.includes("STATUS_ROLLBACK")) notes.push(texts.rolled_back);
    if (found.warnings && found.warnings.includes("BAD_STATUS_LIST")) notes.push(texts.bad_list);
    if (found.stamped) notes.push(texts.stamped);
    at("facts").replaceChildren(...rows, ...notes.map((each) =>
      made("div", [made("dt", texts.list), made("dd", each)])));
  }

  function asText() {
    if (current.batch) return batches.text(current.batch);
    if (current.many) return manyText(current.many);
    const fields = fieldsOf(current);
    const lines = [headlineOf(current, fields), filled(sentenceOf(current), fields), ""];
    if (current.checks || current.ofPicture) {
      lines.push(`${texts.verdict_code}: ${codeVerdict(current, fields).text}`, `${texts.verdict_file}: ${fileVerdict(current, fields).text}`, "");
    }
    if (isGenuine(current) && current.lines && current.lines.length) {
      for (const row of comparisonOf(current).rows) {
        lines.push(row.certified === undefined ? `${labelOfRow(row)}: ${row.printed} (${texts[`compared_${row.state}`]})`
          : `${labelOfRow(row)}: ${texts.pdf_says}: ${row.printed || texts.pdf_nothing}; ${texts.certified_short}: ${row.certified} (${texts[`compared_${row.state}`]})`);
      }
      lines.push("");
    } else if (isGenuine(current)) {
      for (const line of recordLines(current, current.outcome)) lines.push(`${line.label}: ${line.plain}`);
      lines.push("");
    }
    for (const [label, text] of facts(current)) lines.push(`${label}: ${text}`);
    return lines.join("\n").replace(/\u00a0/g, " ");
  }

  async function copy() {
    try {
      await navigator.clipboard.writeText(asText());
      at("copied").textContent = texts.copied;
      at("copy").textContent = texts.copied;
      setTimeout(() => { at("copied").textContent = ""; at("copy").textContent = texts.copy_text; }, 4000);
    } catch {
      const area = made("textarea", null, { rows: "8", readonly: "", "aria-label": texts.copy_this });
      area.value = asText();
      at("copied").replaceChildren(area);
      area.focus(); area.select();
    }
  }

  function print() {
    at("technical").open = true;
    window.print();
  }

  // Status lists: from the page, its own site, the school's other hosts, a file

  async function fetched(url, signal, most = 65536) {
    const answer = await fetch(url, { signal, credentials: "omit", referrerPolicy: "no-referrer", cache: "no-cache" });
    if (!answer.ok) throw new Error(String(answer.status));
    const body = new Uint8Array(await answer.arrayBuffer());
    if (body.length > most) throw new Error("too large");
    return body;
  }

  async function listsFor(claims) {
    const id = String(claims.status.list);
    const served = [...picked];
    if (data.lists[id]) served.push(bytesOf(data.lists[id]));
    const urls = trust.bases.map((base) => `${base.replace(/\/$/, "")}/${id}.st`);
    if (!saved) urls.unshift(new URL(`status/${id}.st`, location.href).href);
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), WAIT);
    const answers = await Promise.allSettled([...new Set(urls)].map((url) => fetched(url, stop.signal)));
    clearTimeout(timer);
    for (const each of answers) if (each.status === "fulfilled") served.push(each.value);
    return { served, kept: kept(id) };
  }

  async function reattestedOf(key) {
    const name = `${verifier.hex(key.kid)}.reattested`;
    const urls = trust.bases.map((base) => `${base.replace(/\/$/, "")}/${name}`);
    if (!saved) urls.unshift(new URL(`status/${name}`, location.href).href);
    for (const url of new Set(urls)) {
      try {
        return verifier.digestsIn(await fetched(url, AbortSignal.timeout(WAIT), 8 << 20), clock());
      } catch { /* the next host may have it */ }
    }
    return new Uint8Array();
  }

  // The log: its head and one bucket, from a bundle, the page's own site, the school's other hosts

  async function logFiles(name, stop) {
    const urls = trust.logs[trust.logs.length - 1].bases.map((base) => `${base.replace(/\/$/, "")}/${name}`);
    if (!saved) urls.unshift(new URL(`log/${name}`, location.href).href);
    const answers = await Promise.allSettled([...new Set(urls)].map((url) => fetched(url, stop, 1 << 20)));
    const inBundle = `log/${name}` in bundled ? [bundled[`log/${name}`]] : [];
    return [...inBundle, ...answers.filter((each) => each.status === "fulfilled").map((each) => each.value)];
  }

  const shelf = (id) => `cecert ${trust.thumbprint} ${id}`;

  function kept(id) {
    try {
      const stored = localStorage.getItem(shelf(id));
      return stored ? bytesOf(stored) : null;
    } catch { return null; }
  }

  function keep(found) {
    if (found.used) store(String(found.claims.status.list), found.used);
    if (found.log && found.log.used) store("head", found.log.used);
  }

  function store(id, bytes) {
    try {
      localStorage.setItem(shelf(id), btoa(Array.from(bytes, (each) => String.fromCharCode(each)).join("")));
    } catch { /* private windows keep nothing */ }
  }

  async function takeStatusFile(file) {
    if (!file) return;
    picked = await listsIn(new Uint8Array(await file.slice(0, 8 << 20).arrayBuffer()));
    if (current.many || current.batch) return;
    await again();
    const unused = current.outcome === "VALID_STATUS_UNKNOWN" || current.warnings.includes("BAD_STATUS_LIST");
    if (unused && at("status-problem")) {
      at("status-problem").textContent = texts.not_a_status_file;
      at("status-problem").closest("details").open = true;
    }
  }

  /** The status lists in a file: itself, or those of a bundle, which are stored as they are. */
  async function listsIn(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (bytes.length < 4 || view.getUint32(0, true) !== 0x04034b50) return [bytes.slice(0, 65536)];
    const lists = [];
    bundled = {};
    for (let position = 0; position + 30 <= bytes.length && view.getUint32(position, true) === 0x04034b50;) {
      const method = view.getUint16(position + 8, true), size = view.getUint32(position + 18, true);
      const names = view.getUint16(position + 26, true), extra = view.getUint16(position + 28, true);
      const name = new TextDecoder().decode(bytes.subarray(position + 30, position + 30 + names));
      const start = position + 30 + names + extra;
      if (name.endsWith(".st") && method === 0 && size <= 65536) lists.push(bytes.slice(start, start + size));
      if (name.startsWith("log/") && method === 0) bundled[name] = bytes.slice(start, start + size);
      position = start + size;
    }
    return lists;
  }

  // Checking

  /** What one reading asks of hosts, asked once for all the certificates of it. */
  class Reading {
    constructor() { this.mine = run += 1; this.now = clock(); this.lists = new Map(); this.asked = new Map(); }

    get isLast() { return this.mine === run; }

    once(store, key, ask) {
      if (!store.has(key)) store.set(key, ask());
      return store.get(key);
    }

    async open() { if (!trust) trust = await verifier.openTrust(bytesOf(data.trust), data.root, this.now); }

    /** Verify a code; *known* is told its claims before any status arrives. */
    async verify(text, known = () => {}) {
      const stop = AbortSignal.timeout(WAIT);
      const files = (name) => this.once(this.asked, name, () => logFiles(name, stop));
      const found = await verifier.verify(text, trust, this.now, (claims) => {
        known(claims);
        return this.once(this.lists, String(claims.status.list), () => listsFor(claims));
      }, reattestedOf, (payload) => verifier.readLog(trust, payload, this.now, files, kept("head")));
      keep(found);
      return { ...found, text, now: this.now };
    }
  }

  /** What is shown where nothing could be asked of a code: *outcome*, and why. */
  const nothing = (outcome, now, more = {}) => ({ outcome, text: "", now, warnings: [], claims: null, key: null, detail: "", ...more });

  function unasked(error, now) {
    const outcome = error.outcome || (error instanceof verifier.NoCrypto ? "NO_CRYPTO" : "NOT_READABLE");
    return nothing(outcome, now, { dated: error.dated, why: outcome === "NOT_READABLE" ? "damaged" : "" });
  }

  /**
   * Check a code and show the answer.
   *
   * @param text a link or digits
   * @param focus whether the answer takes the focus
   */
  async function check(text, focus = false) {
    const reading = new Reading();
    again = () => check(text, true);
    let found;
    try {
      await reading.open();
      found = await reading.verify(text, (claims) => {
        if (reading.isLast) show(nothing("CHECKING", reading.now, { claims, text }), false);
      });
    } catch (error) { found = unasked(error, reading.now); }
    if (reading.isLast) show({ ...found, text }, focus);
  }

  function fail(outcome) {
    run += 1;
    show(nothing(outcome, clock()), true);
  }

  // Files: each is read, judged and let go; what is kept of it is its answer

  const pause = () => new Promise((resolve) => { setTimeout(resolve, 0); });

  async function isPdf(file) {
    return String.fromCharCode(...new Uint8Array(await file.slice(0, 1024).arrayBuffer())).includes("%PDF-");
  }

  /** The answers of a file: {found} of each certificate, or {many} of a transcript. */
  async function answersOf(file, reading, known) {
    if (file.size > LARGEST) return [{ found: nothing("TOO_LARGE", reading.now) }];
    try {
      await reading.open();
      return await isPdf(file) ? await pdfAnswers(file, reading, known) : await pictureAnswers([file], reading);
    } catch (error) { return [{ found: unasked(error, reading.now) }]; }
  }

  async function pdfAnswers(file, reading, known) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const judged = await cecertDocument.verifyPdf(bytes, trust, (text) => reading.verify(text, known), reattestedOf);
    if (judged.scan) return pictureAnswers(judged.scan, reading);
    if (judged.transcript) {
      const many = await verifier.verifyTranscript(judged.transcript, bytes, judged.text, trust, reading.now, (text) => reading.verify(text), judged.wordsOf);
      return [{ many: { ...many, now: reading.now } }];
    }
    const digest = verifier.hex(await verifier.sha256(bytes)), several = judged.answers.length > 1;
    return judged.answers.map((each) => ({ found: { ...each, now: reading.now, digest }, page: several ? each.page : null }));
  }

  /** The answers of the codes in pictures: a picture has no seal to check. */
  async function pictureAnswers(pictures, reading) {
    const found = [];
    for (const [at, picture] of pictures.entries()) {
      const texts = picture ? await cecertReader.codesIn(picture, data.reader) : [];
      for (const text of new Set(texts.filter(cecertDocument.looksOurs))) {
        const answer = await reading.verify(text);
        found.push({ found: { ...answer, ofPicture: cecertDocument.KNOWN.includes(answer.outcome) }, page: pictures.length > 1 ? at + 1 : null });
      }
    }
    return found.length ? found : [{ found: nothing("NOT_READABLE", reading.now, { why: cecertReader.can(data.reader) ? "no_code" : "no_reader" }) }];
  }

  /** Take files: the answer of one, or the table of many. */
  async function takeFiles(files, before = null) {
    if (!files.length) return;
    at("problem").textContent = "";
    const reading = new Reading(), all = [...files], batch = { items: before ? before.items : [], files: all.length + (before ? before.files : 0), now: reading.now };
    again = () => takeFiles(all, before);
    const alone = all.length === 1 && !before;
    const known = (claims) => {
      if (alone && reading.isLast) show(nothing("CHECKING", reading.now, { claims }), false);
    };
    for (const [position, file] of all.entries()) {
      if (!alone) batches.reading(batch, position + 1, all.length);
      const items = await answersOf(file, reading, known);
      if (!reading.isLast) return;
      for (const each of items) {
        if (each.found) each.found.fileName = file.name;
        batch.items.push({ ...each, file: file.name });
      }
      if (!alone) { batches.add(batch, items.length); await pause(); }
    }
    const [only] = batch.items;
    if (alone && batch.items.length === 1) {
      if (only.many) showMany(only.many, true);
      else if (["no_reader", "no_code"].includes(only.found.why)) sayProblem(only.found);
      else show(only.found, true);
    } else batches.show(batch);
  }

  function sayProblem(found) {
    if (at("main").classList.contains("start")) start();
    else show(found, true);
    at("another").open = true;
    at("problem").textContent = texts[found.why === "no_reader" ? "no_detector" : "no_code_in_photo"];
  }

  const batches = cecertBatch({
    at, data, texts, trust: () => trust, made, mark, filled, value, joined, instant, fileVerdict, codeVerdict, fieldsOf, wordOf, kindOf, shownOf, isGenuine, hoursFigure, labelFor, worstOf, decidingOf,
    lastDate: (claims) => when(claims.days[claims.days.length - 1] * 86400, { year: "numeric", month: "short", day: "numeric" }, "UTC"),
    isCurrent: (batch) => { current = { batch, now: batch.now }; }, pageWarnings, takeFiles,
    open: (item, back) => {
      if (item.many) showMany(item.many, true);
      else show(item.found, true);
      goBack(texts.batch_back, back);
    },
  });

  // The camera

  let scanning = null;

  async function scan() {
    if (scanning) { stopScanning(); return; }
    at("problem").textContent = "";
    try {
      scanning = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch { at("problem").textContent = texts.camera_denied; return; }
    const video = at("video");
    video.srcObject = scanning; video.hidden = false;
    at("camera").textContent = texts.camera_stop;
    await video.play();
    while (scanning) {
      const codes = await cecertReader.codesIn(video, data.reader).catch(() => []);
      const ours = codes.find(cecertDocument.looksOurs);
      if (ours) { stopScanning(); await check(ours, true); return; }
      await new Promise((resolve) => { setTimeout(resolve, 200); });
    }
  }

  function stopScanning() {
    if (scanning) scanning.getTracks().forEach((track) => track.stop());
    scanning = null;
    at("video").hidden = true;
    at("camera").textContent = texts.camera;
  }

  // Beginning

  function start() {
    const words = made("h1", texts.start_headline, { tabindex: "-1" });
    at("answer").className = "answer blank plain";
    at("said").replaceChildren(words, made("p", texts.start_sentence, { class: "sentence" }));
    at("advice").replaceChildren();
    at("main").classList.add("start");
    at("ask").hidden = false;
  }

  /** Take the code out of the address, so that it stays in no history. */
  function begin() {
    const fragment = location.hash;
    if (fragment.length > 1) {
      history.replaceState(null, "", location.pathname + location.search);
      check(`#${fragment.slice(1)}`);
      return;
    }
    if (!globalThis.crypto || !globalThis.crypto.subtle) fail("NO_CRYPTO");
    else start();
  }

  at("host").textContent = saved ? texts.saved_copy : location.host;
  at("times").textContent = filled(texts.times, { zone: data.zone });
  at("print").addEventListener("click", print);
  at("copy").addEventListener("click", copy);
  at("form").addEventListener("submit", (event) => {
    event.preventDefault();
    at("problem").textContent = "";
    check(at("paste").value, true);
  });
  at("file").addEventListener("change", () => { const chosen = [...at("file").files]; at("file").value = ""; takeFiles(chosen, batches.adding()); });
  window.addEventListener("beforeprint", () => { at("technical").open = true; });
  window.addEventListener("hashchange", begin);
  if (cecertReader.can(data.reader) && navigator.mediaDevices) {
    at("camera").hidden = false;
    at("camera").addEventListener("click", scan);
  }
  for (const name of ["dragover", "dragleave", "drop"]) {
    window.addEventListener(name, (event) => {
      event.preventDefault();
      document.body.classList.toggle("dropping", name === "dragover");
      if (name === "drop") takeFiles([...event.dataTransfer.files], batches.adding());
    });
  }
  verifier.openTrust(bytesOf(data.trust), data.root, clock()).then((opened) => { trust = trust || opened; pageWarnings(); }).catch(() => {});
  begin();
})();

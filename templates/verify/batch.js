/* Many files at once: a row for each certificate in them, in the order of the files while they
   are read, the worst first at the end. Names, courses and hours are those certified, never
   those of a file. */
const cecertBatch = (page) => {
  const { at, texts, made, mark, filled, value, joined, instant } = page;
  // The worst first: what is not authentic, what was taken back, what could not be read, what is open.
  const ORDER = ["false", "key", "revoked", "replaced", "unread", "unchecked", "unknown", "old", "specimen", "code", "valid"];
  const COLUMNS = ["answer", "name", "course", "hours", "code", "file"];
  const collator = new Intl.Collator(texts.locale);
  let shown = null, chosen = "";

  const outcomeOf = (item) => (item.many ? page.worstOf(page.decidingOf(item.many)).outcome : page.shownOf(item.found));
  const kindOf = (item) => page.kindOf(outcomeOf(item)).split(" ")[0];
  const wordOf = (item) => page.wordOf(outcomeOf(item));
  const rankOf = (item) => ORDER.indexOf(kindOf(item));
  const fileOf = (item) => (item.page ? filled(texts.batch_page, { file: item.file, page: String(item.page) }) : item.file);

  /** The hours of each credit line, with the place or body before the first comma of its label. */
  const hoursOf = (claims) => claims.credits.map((each) => [page.hoursFigure(each.hundredths), page.labelFor(claims, each).split(",")[0]]);

  /** What a row says, as text. */
  function rowOf(item) {
    if (item.many) {
      const [first] = item.many.answers.filter((each) => each.claims);
      return { name: first ? first.claims.recipient : "", course: texts.batch_transcript, last: "", hours: [], code: wordOf(item), file: texts[`transcript_file_${item.many.file}`] };
    }
    const { found } = item, genuine = page.isGenuine(found), status = found.status || found.outcome;
    return {
      name: genuine ? found.claims.recipient : "", course: genuine ? found.claims.title : "", last: genuine ? page.lastDate(found.claims) : "",
      hours: genuine ? hoursOf(found.claims) : [], code: texts[`short_${status}`] || wordOf({ found: { ...found, outcome: status } }), file: fileWords(found),
    };
  }

  function fileWords(found) {
    if (found.ofPicture) return texts.short_picture;
    if (!found.checks || !page.isGenuine(found)) return texts.short_unchecked;
    if (found.checks.text === "TEXT_MISMATCH") {
      return filled(texts.short_mismatch, { facts: joined([...new Set(found.differing.map((each) => texts[`fact_${each.fact}`]))]) });
    }
    if (found.checks.seal === "INTACT") return found.later ? texts.short_later : texts.short_issued;
    return (found.why && texts[`short_${found.why.name}`]) || texts[`short_${found.checks.seal}`] || texts.short_resaved;
  }

  // Two words of weight before what to do: "a picture: compare line by line"
  function weighed(text, good) {
    const [head, ...rest] = text.split(": ");
    return good ? [text] : [made("b", rest.length ? `${head}:` : head), rest.length ? ` ${rest.join(": ")}` : ""];
  }

  function rowElement(item, batch) {
    const row = rowOf(item), open = made("button", row.name ? value(row.name) : texts.batch_no_code, { type: "button", class: "open" });
    open.addEventListener("click", () => page.open(item, () => show(batch, item)));
    item.opener = open;
    const isValid = kindOf(item) === "valid", hours = row.hours.flatMap(([figure, board], each) => [each ? " \u00b7 " : "", made("b", figure), `\u00a0${board}`]);
    return made("tr", [
      made("th", made("span", [mark(kindOf(item)), wordOf(item)], { class: "state", "data-kind": kindOf(item) }), { scope: "row" }),
      made("td", [open, made("p", value(fileOf(item)), { class: "note file" })]),
      made("td", [row.course ? value(row.course) : texts.batch_nothing, row.last ? made("p", row.last, { class: "note" }) : null]),
      made("td", hours.length ? hours : ""), made("td", weighed(row.code, isValid || kindOf(item) === "code")), made("td", weighed(row.file, row.file === texts.short_issued)),
    ]);
  }

  function counted(batch) {
    const counts = new Map();
    for (const item of batch.items) counts.set(wordOf(item), (counts.get(wordOf(item)) || 0) + 1);
    return [...counts];
  }

  const several = (what, count) => filled(texts[count === 1 ? `batch_one_${what}` : `batch_${what}s`], { count: String(count) });

  function headline(batch) {
    const valid = batch.items.filter((each) => kindOf(each) === "valid").length;
    return filled(texts[valid === batch.items.length ? "batch_all_valid" : "batch_headline"], {
      certificates: several("certificate", batch.items.length), files: several("file", batch.files), valid: String(valid), others: String(batch.items.length - valid),
    });
  }

  const sentence = (batch) => filled(texts.batch_sentence, { now: instant(batch.now) });

  function prepare(title, busy) {
    const section = at("answer");
    section.className = "answer batch";
    section.setAttribute("aria-busy", String(busy));
    at("main").classList.remove("start");
    at("main").classList.add("many");
    const heading = made("h1", title, { tabindex: "-1" });
    at("said").replaceChildren(heading);
    document.querySelectorAll("#answer ~ .warning").forEach((each) => each.remove());
    at("advice").replaceChildren();
    for (const id of ["keep", "technical"]) at(id).hidden = true;
    at("ask").hidden = false;
    return heading;
  }

  function table(rows) {
    const heads = COLUMNS.map((each) => made("th", texts[`batch_${each}`], { scope: "col" }));
    const body = made("tbody", rows);
    const whole = made("table", [made("caption", texts.batch_table, { class: "unseen" }), made("thead", made("tr", heads)), body]);
    at("record").hidden = false;
    at("record").replaceChildren(made("section", [
      made("div", whole, { class: "scroll", tabindex: "0", role: "region", "aria-label": texts.batch_table }), made("p", texts.batch_note, { class: "note" }),
    ], { class: "many files" }));
    return body;
  }

  /** Say which file is being read. */
  function reading(batch, number, of) {
    const title = filled(texts.batch_reading, { number: String(number), of: String(of) });
    if (number > 1 && shown && shown.batch === batch) { shown.heading.textContent = title; return; }
    const heading = prepare(title, true);
    shown = { batch, heading, body: table(batch.items.map((each) => rowElement(each, batch))) };
  }

  /** Add the rows of the newest items. */
  const add = (batch, count) => shown.body.append(...batch.items.slice(-count).map((each) => rowElement(each, batch)));

  function chips(batch, body) {
    const choose = (word) => {
      chosen = word;
      for (const each of bar.children) each.setAttribute("aria-pressed", String(each.dataset.word === word));
      batch.items.forEach((item) => { item.opener.closest("tr").hidden = Boolean(word) && wordOf(item) !== word; });
    };
    const chip = (word, label, count) => {
      const button = made("button", `${label} ${count}`, { type: "button", "aria-pressed": String(word === chosen), "data-word": word });
      button.addEventListener("click", () => choose(word));
      return button;
    };
    const lower = (word) => word.charAt(0) + word.slice(1).toLowerCase();
    const bar = made("div", [chip("", texts.batch_all, batch.items.length), ...counted(batch).map(([word, count]) => chip(word, lower(word), count))], { class: "chips", role: "group", "aria-label": texts.batch_filter });
    return [bar, () => choose(counted(batch).some(([word]) => word === chosen) ? chosen : "")];
  }

  /** Show the whole table, the worst first; *item* has the focus, if it is given. */
  function show(batch, item = null) {
    page.isCurrent(batch);
    batch.items.sort((one, other) => rankOf(one) - rankOf(other) || collator.compare(rowOf(one).name, rowOf(other).name));
    const heading = prepare(headline(batch), false), body = table(batch.items.map((each) => rowElement(each, batch)));
    const [bar, filter] = chips(batch, body), print = made("button", texts.print, { type: "button" });
    const save = made("button", texts.batch_save, { type: "button" }), more = made("button", texts.batch_add, { type: "button", class: "main" });
    print.addEventListener("click", () => window.print());
    save.addEventListener("click", () => download(batch));
    more.addEventListener("click", () => at("file").click());
    at("said").append(made("p", sentence(batch), { class: "sentence" }));
    at("advice").replaceChildren(made("p", [print, save, more], { class: "buttons" }), bar);
    filter();
    page.pageWarnings();
    shown = { batch, heading, body };
    document.title = `${headline(batch)} \u2013 ${texts.page}`;
    (item ? item.opener : heading).focus();
  }

  const plain = (batch) => batch.items.map((item) => {
    const row = rowOf(item);
    return [wordOf(item), row.name, fileOf(item), row.course, row.last, row.hours.map((each) => each.join(" ")).join(" \u00b7 "), row.code, row.file];
  });

  const text = (batch) => [headline(batch), sentence(batch), "", ...plain(batch).map((each) => each.filter(Boolean).join(", "))].join("\n").replace(/\u00a0/g, " ");

  /** A table for spreadsheets, in which nothing is taken for a formula. */
  function csvOf(batch) {
    const heads = [texts.batch_answer, texts.batch_certified, texts.batch_file_name, texts.course, texts.batch_last, texts.hours, texts.batch_code, texts.batch_file];
    const cell = (each) => `"${(/^[=+\-@\t\r]/.test(each) ? `'${each}` : each).replaceAll('"', '""').replace(/\u00a0/g, " ")}"`;
    return `\ufeff${[heads, ...plain(batch)].map((each) => each.map(cell).join(",")).join("\r\n")}\r\n`;
  }

  function download(batch) {
    const address = URL.createObjectURL(new Blob([csvOf(batch)], { type: "text/csv" }));
    made("a", null, { href: address, download: "certificates.csv" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  /** The batch that is shown, to which files are added; null if none is. */
  const adding = () => (at("main").classList.contains("many") && shown ? shown.batch : null);

  return { add, adding, reading, show, text };
};

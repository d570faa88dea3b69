/* The words of a PDF beside those that were certified, in the order of the paper. What is
   certified is the same or differs; what stands on the paper alone is held by the seal, or by
   nothing. Nothing here touches the document, the network or storage. */
const cecertComparison = (() => {
  const { datesIn, hoursFigure, idText, pageOf, placeOf } = cecertWords;
  const NUMBER = /\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}\b/, FIGURE = /^\d{1,3}(?:\.\d{1,2})?$/;
  const LAST = 1e6;

  class Rows {
    constructor(lines, facts, sealed) {
      this.page = pageOf(lines); this.facts = facts; this.rows = []; this.used = new Set();
      this.alone = sealed ? "sealed" : "unproven";
    }

    text(start, count) { return this.page.slice(start, start + count).join(" "); }

    use(start, count) { for (let at = start; at < start + count; at += 1) this.used.add(at); }

    /** Add a line of the paper; *certified* where the code says something else. */
    add(kind, start, count, state, more = {}) {
      this.use(start, count);
      this.rows.push({ kind, at: start, printed: this.text(start, count), state, ...more });
    }

    /** A name or title: where it stands, or what stands in its place. */
    fact(kind, name, certified, label) {
      const place = placeOf(certified, this.page);
      // Readers of PDF do not agree on the order of right-to-left letters; what was certified has it.
      if (place) { this.add(kind, ...place, "same", { printed: certified }); return place[0] + place[1]; }
      const before = this.page.findIndex((each) => each.endsWith(label)), there = before >= 0 && before + 1 < this.page.length;
      if (there) this.add(kind, before + 1, 1, "differs", { certified });
      else this.rows.push({ kind, at: LAST, printed: "", state: "differs", certified });
      return there ? before + 2 : -1;
    }

    /** Lines of the paper from one to before another, which no code says. */
    between(kind, start, end, wanted) {
      const lines = [];
      for (let at = Math.max(start, 0); at < end; at += 1) if (!this.used.has(at) && wanted(this.page[at])) lines.push(at);
      if (!lines.length) return;
      this.add(kind, lines[0], 1, this.alone, { printed: lines.map((at) => this.page[at]).join(" ") });
      lines.forEach((at) => this.use(at, 1));
    }

    find(test) { return this.page.findIndex((each, at) => !this.used.has(at) && test(each)); }
  }

  function dates(rows, claims, words) {
    const isDate = (each) => datesIn(each).size > 0 && !each.startsWith("Issued");
    const first = rows.find(isDate);
    const said = datesIn(rows.page.join(" ")), state = claims.days.every((each) => said.has(each)) ? "same" : "differs";
    const certified = state === "same" ? undefined : words.dates;
    if (first < 0) { rows.rows.push({ kind: "dates", at: LAST, printed: "", state, certified }); return -1; }
    let count = 1;
    while (first + count < rows.page.length && isDate(rows.page[first + count])) count += 1;
    rows.add("dates", first, count, state, { certified });
    return first;
  }

  /** A row for each line of credit: its figure and unit, and its number or sponsor where it is printed. */
  function credits(rows, claims, words) {
    const figures = rows.page.flatMap((each, at) => (FIGURE.test(each) && !rows.used.has(at) ? [at] : []));
    const printed = figures.slice(0, Math.max(claims.credits.length, figures.length === 2 * claims.credits.length ? claims.credits.length : figures.length));
    const count = Math.max(printed.length, claims.credits.length);
    for (let each = 0; each < count; each += 1) {
      const credit = claims.credits[each], at = printed[each], end = printed[each + 1] ?? rows.page.length;
      const label = credit ? words.labels[each] : "", certified = credit ? words.credits[each] : "";
      if (at === undefined) { rows.rows.push({ kind: "credit", label, at: LAST, printed: "", certified, state: "differs" }); continue; }
      const number = credit && credit.provider ? credit.provider.replace(/\s+/g, "") : "";
      let known = !number;
      for (let line = at + 2; number && line < end; line += 1) {
        for (let lines = 1; lines < 4 && line + lines <= end && !known; lines += 1) {
          known = rows.page.slice(line, line + lines).join("").replace(/\s+/g, "").includes(number);
        }
      }
      const figure = rows.page[at], same = credit && figure === hoursFigure(credit.hundredths) && known;
      const wanted = credit && known ? words.hours[each] : certified;
      rows.add("credit", at, Math.min(2, end - at), same ? "same" : "differs", {
        label, certified: same ? undefined : wanted, more: credit && known ? words.providers[each] : "",
      });
    }
  }

  function number(rows, claims, words) {
    const at = rows.find((each) => NUMBER.test(each)), id = idText(claims.id);
    if (at < 0) rows.rows.push({ kind: "number", at: LAST, printed: "", certified: id, state: "differs" });
    else {
      const found = NUMBER.exec(rows.page[at])[0];
      rows.add("number", at, 1, found === id ? "same" : "differs", { printed: found, certified: found === id ? undefined : id });
    }
    const issued = rows.find((each) => /^Issued\s/.test(each) && datesIn(each).size === 1);
    if (issued < 0) return;
    const day = [...datesIn(rows.page[issued])][0], text = rows.page[issued].replace(/^Issued\s+(on\s+)?/, "");
    const same = words.issuedDays.includes(day);
    rows.add("issued", issued, 1, same ? "same" : "differs", { printed: text, certified: same ? undefined : words.issued });
  }

  /**
   * The rows of the comparison, in the paper's order.
   *
   * @param lines of the PDF
   * @param claims what was certified
   * @param words {issuer, dates, labels, hours, credits, providers, issued, issuedDays}: the certified words
   * @param sealed whether the seal holds what stands on the paper alone
   * @returns {rows, others}: rows of kind, printed, state and, where they differ, certified; lines
   *   that are no fact
   */
  function compare(lines, claims, words, sealed) {
    const rows = new Rows(lines, claims, sealed);
    const issuer = placeOf(words.issuer, rows.page);
    if (issuer) rows.add("issuer", ...issuer, "same", { printed: words.issuer });
    const afterName = rows.fact("name", "name", claims.recipient, "This certifies that");
    const afterTitle = rows.fact("course", "title", claims.title, "requirements of");
    const certifies = rows.page.findIndex((each) => each.endsWith("This certifies that"));
    if (certifies > 0 && !rows.used.has(certifies - 1)) rows.add("heading", certifies - 1, 1, rows.alone);
    const met = rows.page.findIndex((each) => each.endsWith("requirements of"));
    if (afterName > 0 && met > afterName) rows.between("licenses", afterName, met, (each) => /\d/.test(each));
    const first = dates(rows, claims, words);
    if (afterTitle > 0 && first > afterTitle) rows.between("format", afterTitle, first, () => true);
    credits(rows, claims, words);
    number(rows, claims, words);
    rows.rows.sort((one, other) => one.at - other.at);
    return { rows: rows.rows, others: rows.page.filter((each, at) => !rows.used.has(at)) };
  }

  /** The words of two texts that are not the same: what stands before them, they, and what follows, in each. */
  function apart(one, other) {
    const [a, b] = [one, other].map((each) => each.split(/(?<=\s)/u));
    let start = 0, end = 0;
    while (start < a.length && start < b.length && a[start].trim() === b[start].trim()) start += 1;
    while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
    const cut = (all) => [all.slice(0, start), all.slice(start, all.length - end), all.slice(all.length - end)].map((each) => each.join(""));
    return [cut(a), cut(b)];
  }

  return { apart, compare };
})();

/* The words of a certificate against its claims, as `cecert.domain.certificate.printed_text` and
   `cecert.workflows.verify.words` compare them. Whole lines count, and nothing but: white, the
   order of right-to-left letters and a second page that says it again do not. */
const cecertWords = (() => {
  const MOST_LINES = 3, LONGEST_LOST = 3;
  const MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
  ];
  const NUMBER = "[0-9A-HJKMNP-TV-Z]{4}", OTHERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

  const joined = (lines) => lines.join("").normalize("NFC").replace(/\s+/g, "");
  const pageOf = (lines) => lines.map((each) => each.split(/\s+/).filter(Boolean).join(" ").normalize("NFC")).filter(Boolean);

  function idText(bytes) {
    let number = 0n, text = "";
    for (const byte of bytes) number = (number << 8n) | BigInt(byte);
    for (let place = 15n; place >= 0n; place -= 1n) text += OTHERS[Number((number >> (5n * place)) & 31n)];
    return text.match(/.{4}/g).join("-");
  }

  /** Hours as certificates have them: without needless zeros. */
  function hoursFigure(hundredths) {
    const digits = String(hundredths).padStart(3, "0");
    const [whole, tenths, rest] = [digits.slice(0, -2), digits.at(-2), digits.at(-1)];
    const after = rest === "0" ? tenths : tenths + rest;
    return after === "0" ? whole : `${whole}.${after}`;
  }

  /** What of a text every reader of PDF agrees on. */
  function letters(text) {
    const found = text.replace(/\u200b/g, "").replace(/\s+/g, "");
    return RIGHT_TO_LEFT.test(found) ? [...found].sort().join("") : found;
  }

  /** The lines of a page, a few at most, that say exactly *text*; null if none do. */
  function placeOf(text, page, most = MOST_LINES) {
    const wanted = letters(text);
    for (let start = 0; start < page.length; start += 1) {
      for (let count = 1; count <= most && start + count <= page.length; count += 1) {
        if (letters(page.slice(start, start + count).join("")) === wanted) return [start, count];
      }
    }
    return null;
  }

  /** Every date that a text writes, as days since 1970. */
  function datesIn(text) {
    const found = new Set(), pattern = new RegExp(`(${MONTHS.join("|")})|(\\d+)|(, and |, | and | )|.`, "gsu");
    let month = 0, waiting = [];
    for (const [, name, figures, between] of text.matchAll(pattern)) {
      if (name) month = MONTHS.indexOf(name) + 1;
      else if (figures && month && figures.length <= 2) waiting.push([month, Number(figures)]);
      else if (!between) {
        if (figures && figures.length === 4) waiting.forEach(([of, day]) => found.add(dayOf(Number(figures), of, day)));
        month = 0; waiting = [];
      }
    }
    return found;
  }

  function dayOf(year, month, day) {
    const date = new Date(Date.UTC(2000, month - 1, day));
    date.setUTCFullYear(year, month - 1, day);
    return date.getUTCMonth() === month - 1 ? date.getTime() / 86400000 : null;
  }

  const isFigure = (line) => /^\d{1,3}(?:\.\d{1,2})?$/.test(line);
  const sorted = (values) => [...values].sort();
  const equal = (one, other) => one.length === other.length && one.every((each, at) => each === other[at]);
  const after = (page, label) => { const at = page.findIndex((each, place) => each.endsWith(label) && place + 1 < page.length); return at < 0 ? "" : page[at + 1]; };
  const numbersIn = (text, dash) => new Set(text.match(new RegExp(`\\b${NUMBER}(?:${dash}${NUMBER}){3}\\b`, "g")) || []);

  /**
   * The facts of *claims* that lines of text do not say.
   *
   * @returns {fact, printed}: what is printed instead, "" where it cannot be told
   */
  function differences(lines, claims) {
    const page = pageOf(lines), text = page.join(" "), wrong = [];
    const differs = (fact, printed, certified) => wrong.push({ fact, printed, certified });
    if (!placeOf(claims.recipient, page)) differs("name", after(page, "This certifies that"), claims.recipient);
    if (!placeOf(claims.title, page)) differs("title", after(page, "requirements of"), claims.title);
    const said = datesIn(text), missing = claims.days.filter((each) => !said.has(each));
    if (missing.length) differs("dates", "", missing);
    const hours = sorted(claims.credits.map((each) => hoursFigure(each.hundredths)));
    const figures = sorted(page.filter((each) => isFigure(each) && each !== claims.recipient && each !== claims.title));
    if (!equal(figures, hours) && !equal(figures, sorted([...hours, ...hours]))) differs("hours", figures.join(", "), hours.join(", "));
    const id = idText(claims.id), ids = numbersIn(text, "-"), replaced = numbersIn(text, "\u2011");
    if (!equal([...ids], [id])) differs("id", sorted(ids).join(", "), id);
    const known = claims.replaces ? idText(claims.replaces) : "";
    const others = [...replaced].map((each) => each.replaceAll("\u2011", "-")).filter((each) => each !== known);
    if (others.length) differs("replaces", others.join(", "), known);
    return [...wrong, ...approvals(lines, claims)];
  }

  const MOST_TITLE_LINES = 16, MOST_DATES = 12; // in the narrow column of a transcript

  /** The facts of *claims* that a transcript does not say: a row begins with its number alone in a line. */
  function listedDifferences(lines, claims) {
    const page = pageOf(lines), number = idText(claims.id), alone = new RegExp(`^${NUMBER}(?:-${NUMBER}){3}$`);
    const starts = [...page.keys()].filter((at) => alone.test(page[at])), own = starts.filter((at) => page[at] === number);
    if (own.length !== 1) return [{ fact: "id", printed: "", certified: number }];
    const head = page.slice(0, starts[0]), row = page.slice(own[0] + 1, starts.find((at) => at > own[0])), wrong = [];
    const differs = (fact, printed, certified) => wrong.push({ fact, printed, certified });
    if (!placeOf(claims.recipient, head) && !placeOf(claims.recipient, row)) differs("name", "", claims.recipient);
    if (!placeOf(claims.title, row, MOST_TITLE_LINES)) differs("title", "", claims.title);
    const days = claims.days.length > MOST_DATES ? [claims.days[0], claims.days.at(-1)] : claims.days;
    const said = datesIn(row.join(" ")), missing = days.filter((each) => !said.has(each));
    if (missing.length) differs("dates", "", missing);
    const figures = row.map((line) => /^(\d{1,3}(?:\.\d{1,2})?)(?![\d.,])/.exec(line)).filter(Boolean).map((each) => each[1]);
    const count = (values, value) => values.filter((each) => each === value).length;
    const hours = claims.credits.map((each) => hoursFigure(each.hundredths));
    if (hours.some((each) => count(hours, each) > count(figures, each))) differs("hours", figures.join(", "), hours.join(", "));
    return [...wrong, ...approvals([...head, ...row], claims)];
  }

  function approvals(lines, claims) {
    const page = lines.join("").replace(/\s+/g, ""), wanted = new Set(claims.credits.map((each) => each.provider).filter(Boolean));
    return [...wanted].filter((each) => !whole(each.replace(/\s+/g, "")).test(page))
      .map((each) => ({ fact: "approval", printed: "", certified: each }));
  }

  /** A number that stands by itself: 0169 is not in 101690. */
  function whole(number) {
    const quoted = number.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&").replace(/\\-/g, "-");
    return new RegExp(`${/^\d/.test(number) ? "(?<!\\d)" : ""}${quoted}${/\d$/.test(number) ? "(?!\\d)" : ""}`, "u");
  }

  // Letters that programs lose when they save a file

  function fits(pieces, line) {
    let places = new Set([0]);
    for (const piece of pieces) {
      const next = new Set();
      for (const place of places) {
        if (piece) { if (line[place] === piece) next.add(place + 1); continue; }
        for (let step = 0; step <= LONGEST_LOST && place + step <= line.length; step += 1) next.add(place + step);
      }
      places = next;
    }
    return places.has(line.length);
  }

  function couldRead(certified, lines) {
    const pieces = joined([certified]).match(/ffi|ffl|ff|fi|fl|./gsu).map((each) => (/^[\0-\x7f]$/.test(each) ? each : ""));
    for (let count = 1; count <= MOST_LINES; count += 1) {
      for (let start = 0; start + count <= lines.length; start += 1) {
        if (fits(pieces, joined(lines.slice(start, start + count)))) return true;
      }
    }
    return false;
  }

  const isGarbled = (lines, wrong) => wrong.every((each) =>
    ["name", "title"].includes(each.fact) && couldRead(each.certified, lines));

  /**
   * Whether the words are those that were certified.
   *
   * @param readings lines, as they can be read in different ways
   * @param claims what was certified
   * @param sealed whether not a byte of them was changed; then every letter can be read
   * @param unread letters of which nothing says what they are
   * @param differing says what lines do not say: those of a certificate, or of a transcript
   * @returns {code, differing, lines}; NOT_CHECKED: only an eye can compare them
   */
  function compared(readings, claims, sealed, unread, differing = differences) {
    const found = readings.filter((each) => each.length).map((lines) => ({ lines, wrong: differing(lines, claims) }));
    if (!found.length) return { code: "NOT_CHECKED", why: "no_text", differing: [], lines: [] };
    const right = found.find((each) => !each.wrong.length);
    if (right) return { code: "SAME", differing: [], lines: right.lines };
    if (unread || (!sealed && found.some((each) => isGarbled(each.lines, each.wrong)))) {
      return { code: "NOT_CHECKED", why: "unread", differing: [], lines: [] };
    }
    return { code: "TEXT_MISMATCH", differing: found[0].wrong, lines: found[0].lines };
  }

  return { compared, datesIn, hoursFigure, idText, letters, listedDifferences, pageOf, placeOf };
})();

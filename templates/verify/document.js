/* A PDF: what each certificate in it says, and whether it is the file that was issued, as
   `cecert.workflows.verify.document` finds it. Each certificate answers four questions in this
   order: is it ours, is the file whole, does it say what was certified, does it still stand.
   Nothing here touches the document, the network or storage. */
const cecertDocument = (() => {
  const MOST_CODES = 500, SHORTEST = 250;
  const GOOD = ["VALID", "VALID_STATUS_STALE", "VALID_STATUS_UNKNOWN"];
  const KNOWN = [...GOOD, "REVOKED", "SUPERSEDED", "UNKNOWN_STATUS"]; // the code is genuine
  const UNREAD = ["TOO_LARGE", "NO_TOKEN", "UNSUPPORTED_VERSION", "MALFORMED", "TRUNCATED", "NOT_READABLE"];
  const EXITS = { VALID: 0, VALID_STATUS_STALE: 3, VALID_STATUS_UNKNOWN: 3, LATER_TIME_STAMP: 3, REVOKED: 4, SUPERSEDED: 4, KEY_REVOKED: 4, NO_CRYPTO: 7 };

  const exitOf = (outcome) => EXITS[outcome] ?? (UNREAD.includes(outcome) ? 6 : 5);
  const digitsOf = (text) => cecertVerifier.tokenDigits(text.trim());
  const looksOurs = (text) => /^[0-9]{250,}$/.test(digitsOf(text)) && digitsOf(text).length >= SHORTEST;
  const oursOf = (texts) => [...new Map(texts.filter(looksOurs).map((each) => [digitsOf(each), each])).values()];
  const unreadable = (outcome, why) => ({ outcome, why, detail: "", claims: null, key: null, warnings: [] });

  /** The codes of certificates, as they stand on the pages, then attached ones that stand on none. */
  function codesOf(content, seal) {
    const shown = content.pages.flatMap((page, at) => oursOf(page.codes).map((text) => ({ text, page: at + 1 })));
    const digits = new Set(shown.map((each) => digitsOf(each.text)));
    const attached = content.tokens.filter((each) => !digits.has(digitsOf(each))).map((text) => ({ text, page: null }));
    if (digits.size === 1 && attached.length) return [{ ...shown[0], contradicted: true }];
    const together = seal.state === "INTACT" && digits.size + attached.length > 1;
    return [
      ...shown.map((each) => ({ ...each, contradicted: together })),
      ...attached.map((each) => ({ ...each, contradicted: together || shown.length > 0 })),
    ];
  }

  async function isVouchedFor(bytes, seal, getReattested) {
    if (!seal.reattested) return false;
    const digests = await getReattested(seal), digest = (await cecertVerifier.sha256(bytes)).subarray(0, 16);
    if (!cecertVerifier.same(await cecertVerifier.sha256(digests), seal.reattested)) return false;
    for (let at = 0; at < digests.length; at += 16) if (cecertVerifier.same(digests.subarray(at, at + 16), digest)) return true;
    return false;
  }

  /** Whether a whole seal is one of the provider's that was in force when a certificate was issued. */
  async function isListed(bytes, seal, claims, trust, getReattested) {
    for (const each of trust.seals) {
      if (!cecertVerifier.same(each.digest, seal.digest) || claims.issuedAt < each.first || claims.issuedAt > each.last) continue;
      if (each.state !== 2 || await isVouchedFor(bytes, each, getReattested)) return true;
    }
    return false;
  }

  /** What the seal says of a certificate with *claims*: a code of the checks. */
  async function sealCheck(bytes, seal, claims, trust, getReattested) {
    if (seal.state === "MISSING") return "SEAL_MISSING";
    if (seal.state !== "INTACT") return "SEAL_BROKEN";
    if (!claims) return "NOT_CHECKED";
    if (!await isListed(bytes, seal, claims, trust, getReattested)) return "SEAL_UNKNOWN";
    const form = seal.low || trust.lowSince === undefined || claims.issuedAt <= trust.lowSince;
    return seal.lower && form ? "INTACT" : "SEAL_BROKEN";
  }

  /** The lines of a code's own pages: a second page of a certificate has no code, and names it. */
  function ownReadings(content, code, claims) {
    const pages = [content.pages[code.page - 1]];
    for (const each of content.pages.slice(code.page)) {
      const names = each.readings.some((lines) => lines.join(" ").includes(cecertWords.idText(claims.id)));
      if (oursOf(each.codes).length || !names) break;
      pages.push(each);
    }
    return pages;
  }

  function textCheck(content, seal, code, claims) {
    const unasked = (why) => ({ code: "NOT_CHECKED", why, differing: [], lines: [] });
    if (!claims) return unasked("no_claims");
    const sealed = seal.state === "INTACT";
    let pages = content.pages;
    if (code.page === null || sealed) {
      // Whose the other words are cannot be told where a page's code could not be read.
      if (content.tokens.length > 1 || (!sealed && content.pages.length > 1)) return unasked("whose");
    } else {
      if (content.pages[code.page - 1].isPicture) return unasked("no_text");
      if (oursOf(content.pages[code.page - 1].codes).length > 1) return unasked("whose");
      pages = ownReadings(content, code, claims);
    }
    const readings = [0, 1].map((at) => pages.flatMap((each) => each.readings[at]));
    return cecertWords.compared(readings, claims, sealed, pages.reduce((sum, each) => sum + each.unread, 0));
  }

  /** Whether a transcript has the words of a certificate that it lists. */
  function listedText({ pages }, claims, sealed) {
    const readings = [0, 1].map((at) => pages.flatMap((each) => each.readings[at])), unread = pages.reduce((sum, each) => sum + each.unread, 0);
    return cecertWords.compared(readings, claims, sealed, unread, cecertWords.listedDifferences);
  }

  /** Why a file of ours is not as issued, as far as it shows; {name, count, producer}. */
  function whyOf(content, seal) {
    const bearing = content.pages.filter((each) => oursOf(each.codes).length);
    const without = bearing.length > 1 ? "merged" : bearing.some((each) => each.isPicture) ? "scan" : "saved";
    return {
      name: seal.state === "MISSING" ? without : seal.why || "changed", count: seal.count || 0,
      producer: ["", "cecert"].includes(content.producer) ? "" : content.producer,
    };
  }

  /** The outcome of the check that decides: what was revoked is called so first, in whatever file. */
  function outcomeOf(token, seal, sealState, text) {
    if (!KNOWN.includes(token)) return sealState === "SEAL_BROKEN" && UNREAD.includes(token) ? sealState : token;
    if (text === "TEXT_MISMATCH") return text;
    if (["INTACT", "NOT_CHECKED"].includes(sealState)) return seal.before && token === "VALID" ? "LATER_TIME_STAMP" : token;
    if (seal.state !== "MISSING" && seal.state !== "RESAVED") return sealState;
    return GOOD.includes(token) ? "CODE_ONLY" : token;
  }

  const isFault = (sealState) => Boolean(sealState) && !["INTACT", "NOT_CHECKED"].includes(sealState);

  function judged(found, code, sealState, text, content, seal) {
    const token = code.contradicted ? "TOKENS_DIFFER" : found.outcome;
    const outcome = outcomeOf(token, seal, sealState, text.code), genuine = KNOWN.includes(token);
    return {
      ...found, outcome, text: code.text, status: token, page: code.page, ofFile: true, differing: text.differing, lines: text.lines,
      unasked: text.why, why: isFault(sealState) ? whyOf(content, seal) : null, stamped: Boolean(seal.stamped), later: Boolean(seal.before),
      checks: {
        token: genuine ? "GENUINE" : token, seal: sealState, text: text.code,
        status: !genuine ? "NOT_CHECKED" : token === "VALID" ? "NOT_REVOKED" : token,
      },
    };
  }

  const rankOf = (each) => [isFault(each.checks.seal) && KNOWN.includes(each.outcome) ? Math.max(5, exitOf(each.outcome)) : exitOf(each.outcome), each.outcome !== "CODE_ONLY"];
  const worse = (one, other) => rankOf(one)[0] - rankOf(other)[0] || rankOf(one)[1] - rankOf(other)[1];

  function verdictOf(answers) {
    const seals = answers.filter((each) => each.checks.token === "GENUINE").map((each) => each.checks.seal);
    if (seals.some(isFault)) return "NOT_AS_ISSUED";
    return seals.includes("INTACT") ? "AS_ISSUED" : "NOT_CHECKED";
  }

  const isScan = (content, seal) => seal.state === "MISSING" && !content.signatures && !content.tokens.length
    && !content.transcripts.length && content.pages.length > 0 && content.pages.every((each) => each.isPicture && !each.fault);

  /** What the seal proves; one that no field of the form has any more is none. */
  async function sealIn(bytes, content) {
    const seal = await cecertVerifier.sealOf(bytes, content.text);
    if (seal.why === "several") {
      const before = await cecertPdf.beforeStamps(bytes, cecertVerifier.isStampOf).catch(() => null);
      const own = before && await cecertVerifier.sealOf(before, cecertPdf.latin1(before));
      if (own && own.state === "INTACT") return { ...own, before };
    }
    return seal.state === "RESAVED" && content.pages.length && !content.signatures ? { state: "MISSING" } : seal;
  }

  async function contentOf(bytes) {
    let content = null;
    try {
      content = await cecertPdf.read(bytes);
    } catch (error) {
      if (error instanceof cecertPdf.Unreadable) return null;
      content = { pages: [], tokens: [], transcripts: [], signatures: 0, producer: "", text: cecertPdf.latin1(bytes) };
    }
    // What is sealed and cannot be read was damaged since, which its seal says.
    return content.pages.length || content.text.includes("/ByteRange") ? content : null;
  }

  /**
   * Say what the certificates in a PDF are worth.
   *
   * @param bytes the file
   * @param trust what `openTrust` gave
   * @param verifyOne verifies the text of one code
   * @param getReattested gives what vouches for files of a withdrawn seal, as digests
   * @returns {answers, verdict, worst, content, seal}: an answer for each certificate, one where
   *   there is none; the verdict about the file; the answer that decides. A scan has pictures
   *   to be read and no answers; a transcript's text stands in `transcript`, and `wordsOf` says
   *   whether it has the words of one of its certificates.
   */
  async function verifyPdf(bytes, trust, verifyOne, getReattested) {
    let content = await contentOf(bytes);
    if (!content) return alone(unreadable("NOT_READABLE", "damaged"));
    const seal = await sealIn(bytes, content);
    if (seal.before) content = await contentOf(seal.before); // nothing that is shown was added
    const listed = [content.text, ...content.transcripts];
    const transcript = content.transcripts.length < 2 ? listed.map(cecertVerifier.transcriptIn).find(Boolean) : null;
    if (transcript) return { transcript, text: content.text, wordsOf: (claims, sealed) => listedText(content, claims, sealed) };
    if (isScan(content, seal)) return { scan: content.pages.map((each) => each.picture) };
    const codes = codesOf(content, seal);
    if (codes.length > MOST_CODES) return alone(unreadable("TOO_LARGE", ""));
    if (!codes.length) codes.push({ text: "", page: null, none: true });
    const answers = [];
    for (const code of codes) {
      const absent = content.pages.length ? unreadable("NO_TOKEN_IN_PDF", "") : unreadable("NOT_READABLE", "damaged");
      const found = code.none ? absent : await verifyOne(code.text);
      const sealState = await sealCheck(bytes, seal, found.claims, trust, getReattested);
      answers.push(judged(found, code, sealState, textCheck(content, seal, code, found.claims), content, seal));
    }
    const without = content.pages.flatMap((each, at) => (oursOf(each.codes).length ? [] : [at + 1]));
    return { answers, verdict: verdictOf(answers), worst: answers.reduce((one, other) => (worse(other, one) > 0 ? other : one)), pages: content.pages.length, without };
  }

  function alone(found) {
    const checks = { token: found.outcome, status: "NOT_CHECKED" };
    const answer = { ...found, status: found.outcome, checks, differing: [], lines: [], ofFile: true, page: null, why: null, text: "" };
    return { answers: [answer], verdict: "NOT_CHECKED", worst: answer, pages: 0, without: [] };
  }

  return { GOOD, KNOWN, exitOf, looksOurs, verifyPdf };
})();

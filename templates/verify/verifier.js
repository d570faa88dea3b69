/* The verifier of the page: the steps of docs/spec/token.md W5, in their order, as
   `cecert.domain.token.verify` takes them. Both are run on the same vectors. Nothing here
   touches the document, the network or storage: text, bytes and the time come in, an answer
   goes out. */
"use strict";

const cecertVerifier = (() => {
  const ALGORITHMS = { "-9": "ESP256", "-19": "Ed25519" };
  const PURPOSE = { token: "cecert-token-1", keys: "cecert-keys-1", status: "cecert-status-1" };
  const LIST_BYTES = 32768, SLOTS = LIST_BYTES * 4;
  const LONGEST_INPUT = 1400, LARGEST_TOKEN = 420, CLOCK_TOLERANCE = 300, LONGEST_ROLLBACK = 86400;
  const FEW_DATES = 12, MOST_DATES = 60; // of the first version at most, and of the second
  const MOST_HUNDREDTHS = 24 * 60 * 100 / 50; // of an hour of credit, on a date
  const LONGEST_WINDOW = 400 * 86400;
  const HALF_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551n / 2n; // P-256
  const FIRST_DAY = -719162, LAST_DAY = 2932896; // years 1 to 9999, days since 1970

  /** What may stand in no name of a log: white space as Python has it, and the plus sign. */
  const NAME_BREAK = /[\t-\r\u001c- \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000+]/;

  class Malformed extends Error {}
  class Truncated extends Malformed {}
  class Broken extends Error {} // a trust file, a list or claims that break a rule
  class NoCrypto extends Error {}
  class Found extends Error { // the outcome of the first step that failed
    constructor(outcome, detail) { super(outcome); this.outcome = outcome; this.detail = detail || ""; }
  }

  // Bytes

  const hex = (bytes) => [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
  const fromHex = (text) => Uint8Array.from(text.match(/../g) || [], (each) => parseInt(each, 16));
  const same = (one, other) =>
    one.length === other.length && one.every((each, position) => each === other[position]);
  const utf8 = (text) => new TextEncoder().encode(text);
  const isBytes = (value) => value instanceof Uint8Array;
  const isText = (value) => typeof value === "string";
  const isInt = (value) => Number.isInteger(value) || typeof value === "bigint";

  function concatenated(parts) {
    const whole = new Uint8Array(parts.reduce((sum, each) => sum + each.length, 0));
    let position = 0;
    for (const part of parts) { whole.set(part, position); position += part.length; }
    return whole;
  }

  // The strict CBOR of W1: one encoding for each value

  function decode(data) {
    const [value, end] = decodeAt(data, 0, 1);
    if (end !== data.length) throw new Malformed("bytes after the end");
    return value;
  }

  function decodeAt(data, start, depth) {
    const { major, argument, position } = readHead(data, start);
    if (major === 0) return [argument, position];
    if (major === 1) return [negative(argument), position];
    if (major === 2 || major === 3) {
      const content = taken(data, position, argument);
      return [major === 2 ? content : textOf(content), position + Number(argument)];
    }
    if (major > 5) throw new Malformed("a tag, float or simple value");
    if (depth > 5) throw new Malformed("arrays and maps deeper than 5");
    if (argument > data.length) throw new Truncated("more items than bytes");
    return major === 4
      ? arrayAt(data, position, Number(argument), depth)
      : mapAt(data, position, Number(argument), depth);
  }

  const negative = (argument) => small(-1n - BigInt(argument));
  const small = (value) =>
    value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
      ? Number(value) : value;

  function readHead(data, start) {
    const initial = taken(data, start, 1)[0];
    const major = initial >> 5, information = initial & 31;
    if (information < 24) return { major, argument: information, position: start + 1 };
    if (information > 27) throw new Malformed("an indefinite length or a reserved head");
    const width = 1 << (information - 24);
    let argument = 0n;
    for (const byte of taken(data, start + 1, width)) argument = (argument << 8n) | BigInt(byte);
    const least = width === 1 ? 24n : 1n << BigInt(width * 4);
    if (argument < least) throw new Malformed("a head longer than it need be");
    return { major, argument: small(argument), position: start + 1 + width };
  }

  function taken(data, start, length) {
    if (BigInt(start) + BigInt(length) > BigInt(data.length)) throw new Truncated("ends too early");
    return data.subarray(start, start + Number(length));
  }

  function textOf(content) {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
    } catch { throw new Malformed("text that is not UTF-8"); }
  }

  function arrayAt(data, position, length, depth) {
    const items = [];
    for (let count = 0; count < length; count += 1) {
      const [item, end] = decodeAt(data, position, depth + 1);
      items.push(item); position = end;
    }
    return [items, position];
  }

  function mapAt(data, position, length, depth) {
    const items = new Map();
    let before = new Uint8Array();
    for (let count = 0; count < length; count += 1) {
      const [key, end] = decodeAt(data, position, depth + 1);
      if (!isInt(key)) throw new Malformed("a key that is not an integer");
      const encoded = data.subarray(position, end);
      if (!isAfter(encoded, before)) throw new Malformed("keys out of order or twice");
      before = encoded;
      const [value, next] = decodeAt(data, end, depth + 1);
      items.set(key, value); position = next;
    }
    return [items, position];
  }

  function isAfter(one, other) {
    for (let position = 0; position < Math.min(one.length, other.length); position += 1) {
      if (one[position] !== other[position]) return one[position] > other[position];
    }
    return one.length > other.length;
  }

  function encodedHead(major, argument) {
    if (argument < 24) return Uint8Array.of((major << 5) | Number(argument));
    const width = argument < 256 ? 1 : argument < 65536 ? 2 : argument < 4294967296 ? 4 : 8;
    const head = [(major << 5) | (24 + Math.log2(width))];
    for (let shift = width - 1; shift >= 0; shift -= 1) {
      head.push(Number((BigInt(argument) >> BigInt(8 * shift)) & 255n));
    }
    return Uint8Array.from(head);
  }

  const encodedBytes = (bytes) => concatenated([encodedHead(2, bytes.length), bytes]);
  const encodedText = (text) => concatenated([encodedHead(3, utf8(text).length), utf8(text)]);

  function signedMessage(protectedHeader, purpose, payload) {
    return concatenated([
      encodedHead(4, 4), encodedText("Signature1"), encodedBytes(protectedHeader),
      encodedBytes(utf8(purpose)), encodedBytes(payload),
    ]);
  }

  const encodedKey = (key) => key.algorithm === -9
    ? concatenated([fromHex("a401022001215820"), key.x, fromHex("225820"), key.y])
    : concatenated([fromHex("a301012006215820"), key.x]);

  const sha256 = async (bytes) => new Uint8Array(await subtle().digest("SHA-256", bytes));

  function subtle() {
    const crypto = globalThis.crypto && globalThis.crypto.subtle;
    if (!crypto) throw new NoCrypto("no WebCrypto");
    return crypto;
  }

  // COSE_Sign1 in its one shape (RFC 9052, 4.2)

  function openEnvelope(data) {
    expect(data, 0, [0xd2, 0x84]);
    const [header, afterHeader] = bytesAt(data, 2);
    expect(data, afterHeader, [0xa0]);
    const [payload, afterPayload] = bytesAt(data, afterHeader + 1);
    const [signature, end] = bytesAt(data, afterPayload);
    if (end !== data.length || signature.length !== 64) throw new Malformed("another shape");
    const map = headerMap(header);
    const algorithm = map.get(1), kid = map.get(4);
    if (map.size !== 2 || !isInt(algorithm) || !isBytes(kid) || kid.length !== 8) {
      throw new Malformed("a protected header that is not {alg, kid}");
    }
    return { algorithm, kid, header, payload, signature };
  }

  function headerMap(header) {
    try {
      const map = decode(header);
      if (map instanceof Map) return map;
    } catch { /* the string that holds it was whole, so it is wrong, not cut */ }
    throw new Malformed("a protected header that is no map");
  }

  function expect(data, position, expected) {
    const found = data.subarray(position, position + expected.length);
    if (!same(found, Uint8Array.from(expected.slice(0, found.length)))) {
      throw new Malformed("not a COSE_Sign1 of the one shape");
    }
    if (found.length < expected.length) throw new Truncated("ends too early");
  }

  function bytesAt(data, position) {
    const [value, end] = decodeAt(data, position, 1);
    if (!isBytes(value)) throw new Malformed("something that is not a byte string");
    return [value, end];
  }

  async function isSignedBy(key, signature, message) {
    const crypto = subtle();
    const curve = key.algorithm === -9;
    const name = curve ? { name: "ECDSA", namedCurve: "P-256" } : { name: "Ed25519" };
    const raw = curve ? concatenated([Uint8Array.of(4), key.x, key.y]) : key.x;
    let imported;
    try {
      imported = await crypto.importKey("raw", raw, name, false, ["verify"]);
    } catch (error) {
      if (error.name === "NotSupportedError") throw new NoCrypto(name.name);
      return false; // a point off the curve signs nothing
    }
    const how = curve ? { name: "ECDSA", hash: "SHA-256" } : name;
    return crypto.verify(how, imported, signature, message);
  }

  // The trust file (W6)

  function need(condition, what) { if (!condition) throw new Broken(what); }
  const isDay = (value) => Number.isInteger(value) && value >= FIRST_DAY && value <= LAST_DAY;

  /** Whether what was issued then cannot have been issued yet: such a thing is never believed. */
  const isAhead = (issuedAt, now) => Number(issuedAt) > now + CLOCK_TOLERANCE;

  async function openTrust(data, root, now) {
    let signed, trust;
    try {
      signed = openEnvelope(data);
      trust = trustOf(decode(signed.payload));
    } catch (error) {
      if (error instanceof NoCrypto) throw error;
      throw new Found("KEYSET_INVALID", error.message);
    }
    const thumbprint = await sha256(encodedKey(trust.root));
    if (root && hex(thumbprint) !== root) throw new Found("KEYSET_INVALID", "another root");
    const message = signedMessage(signed.header, PURPOSE.keys, signed.payload);
    const byRoot = same(signed.kid, thumbprint.subarray(0, 8))
      && signed.algorithm === trust.root.algorithm
      && await isSignedBy(trust.root, signed.signature, message);
    if (!byRoot) throw new Found("KEYSET_INVALID", "not signed by its root");
    if (isAhead(trust.issuedAt, now)) {
      const found = new Found("KEYSET_INVALID", "issued later than it is now");
      found.dated = Number(trust.issuedAt);
      throw found;
    }
    trust.thumbprint = hex(thumbprint);
    return trust;
  }

  function trustOf(map) {
    need(map instanceof Map, "no map");
    const display = map.get(5), keys = map.get(6), seals = map.has(8) ? map.get(8) : [];
    need(isText(map.get(1)) && [2, 3, 4].every((label) => isInt(map.get(label))), "no trust file");
    need(display instanceof Map && Array.isArray(keys) && Array.isArray(seals), "no trust file");
    need(isText(display.get(1)) && display.get(2) instanceof Map, "no display");
    need([3, 4].every((label) => isTexts(display.get(label))), "no hosts");
    need(display.get(4).length > 0, "no status base");
    need([...map.keys()].every((label) => label >= 64 || [1, 2, 3, 4, 5, 6, 8].includes(label)), "unknown labels");
    need(!map.has(67) || isInt(map.get(67)), "no instant");
    need(!map.has(68) || isTexts(map.get(68)), "no link prefixes");
    seals.forEach(checkSeal);
    const lists = map.has(70) ? map.get(70) : [];
    need(Array.isArray(lists) && lists.every(isSealList), "no lists of sealed files");
    return {
      issuer: map.get(1), sequence: map.get(2), issuedAt: map.get(3), refreshBy: map.get(4),
      name: display.get(1), hosts: display.get(3), bases: display.get(4),
      credits: new Map([...display.get(2)].map(([code, scopes]) => [code, scopesOf(scopes)])),
      keys: keys.map(keyOf), root: coseKey(map.get(64)),
      lowSince: map.get(67), prefixes: map.get(68),
      logs: map.has(65) ? logsOf(map.get(65)) : [], logged: map.has(66) ? loggedOf(map.get(66)) : [],
      seals: seals.map(([digest, first, last, state]) => ({
        digest, kid: digest.subarray(0, 8), first, last, state, reattested: (lists.find(([seal]) => same(seal, digest)) || [])[1],
      })),
    };
  }

  function logsOf(value) {
    need(Array.isArray(value), "no logs");
    return value.map((log) => {
      need(Array.isArray(log) && [6, 7].includes(log.length) && isText(log[0]), "no log");
      const [origin, key, state, since, grace, bases, end] = log;
      need(origin !== "" && !NAME_BREAK.test(origin), "no name of a log");
      need(isDigest(key) && [0, 1, 2].includes(state) && isInt(since) && isInt(grace), "no log");
      need(isTexts(bases), "no addresses of a log");
      const ended = Array.isArray(end) && end.length === 2 && isInt(end[0]) && isDigest(end[1]);
      need(log.length === 6 || ended, "no end of a log");
      return { origin, key: { algorithm: -19, x: key }, state, since, grace, bases };
    });
  }

  /** What logs had when token keys were withdrawn. */
  function loggedOf(value) {
    need(Array.isArray(value), "nothing logged before");
    return value.map((each) => {
      need(Array.isArray(each) && each.length === 4, "nothing logged before");
      const [kid, origin, size, root] = each;
      need(isBytes(kid) && isText(origin) && isInt(size) && size >= 0 && isDigest(root), "nothing logged before");
      return { kid, size, root };
    });
  }

  const isTexts = (value) => Array.isArray(value) && value.every(isText);
  const isDigest = (value) => isBytes(value) && value.length === 32;

  const isSealList = (value) => Array.isArray(value) && value.length === 2 && value.every(isDigest);

  function checkSeal(seal) {
    need(Array.isArray(seal) && seal.length === 4 && isDigest(seal[0]), "no seal");
    need(seal.slice(1).every(isInt) && [0, 1, 2].includes(seal[3]), "no seal");
  }

  function scopesOf(value) {
    need(Array.isArray(value), "no scopes");
    return value.map((scope) => {
      need(Array.isArray(scope) && scope.length === 4 && isTexts(scope.slice(0, 2)), "no scope");
      need(isDay(scope[2]) && isDay(scope[3]), "no days");
      return { provider: scope[0], label: scope[1], first: scope[2], last: scope[3] };
    });
  }

  function keyOf(map) {
    need(map instanceof Map, "no key");
    const [kid, cose, algorithm, first, last, use, codes, state] =
      [1, 2, 3, 4, 5, 6, 7, 8].map((label) => map.get(label));
    need(isBytes(kid) && [algorithm, first, last, use, state].every(isInt), "no key");
    need(Array.isArray(codes) && [1, 2].includes(use) && [0, 1, 2].includes(state), "no key");
    need([...map.keys()].every((label) => label >= 1 && label <= 9), "no key");
    need(!map.has(9) || isDigest(map.get(9)), "no digest");
    const key = coseKey(cose);
    need(key.algorithm === algorithm, "an algorithm that is not the key's");
    const window = BigInt(last) - BigInt(first);
    need(window > 0n && window <= BigInt(LONGEST_WINDOW), "a window of another length");
    return { key, kid, first, last, use, codes: codes.filter(isInt), state, reattested: map.get(9) };
  }

  function coseKey(map) {
    need(map instanceof Map, "no key");
    const kty = map.get(1), crv = map.get(-1), x = map.get(-2), y = map.get(-3);
    need(isDigest(x), "no coordinates");
    if (kty === 2 && crv === 1 && map.size === 4 && isDigest(y)) return { algorithm: -9, x, y };
    need(kty === 1 && crv === 6 && map.size === 3, "neither P-256 nor Ed25519");
    return { algorithm: -19, x };
  }

  const scopeOf = (trust, credit, day) => (trust.credits.get(credit.code) || []).find((scope) =>
    scope.provider === (credit.provider || "") && scope.first <= day && day <= scope.last);

  function labelOf(trust, code) {
    const scopes = trust.credits.get(code) || [];
    return scopes.length ? scopes[scopes.length - 1].label : `credit code ${code}`;
  }

  // Steps 1 and 2: the digits

  const DIGITS_OF = { 3: 1, 5: 2, 8: 3, 10: 4, 13: 5, 15: 6, 17: 7 };

  function tokenDigits(text) {
    const at = text.indexOf("#");
    return at < 0 ? text : text.slice(at + 1);
  }

  function readTokenText(text) {
    const length = [...text].length;
    if (length > LONGEST_INPUT) throw new Found("TOO_LARGE", `${length} characters`);
    const fragment = tokenDigits(text);
    if (!fragment || (!text.includes("#") && !/^\p{Nd}|^[\u00b2\u00b3\u00b9\u2070-\u2089]/u.test(fragment))) {
      throw new Found("NO_TOKEN");
    }
    if (isCertificateNumber(text)) throw new Found("NO_TOKEN");
    const version = fragment[0], digits = fragment.slice(1);
    if (/^[3-9]$/.test(version) && /^[0-9]+$/.test(digits)) throw new Found("UNSUPPORTED_VERSION");
    if (version !== "1" && !(version === "2" && /^[0-9]+$/.test(digits))) {
      throw new Found("MALFORMED", "it does not begin with a version");
    }
    const token = bytesOfDigits(digits);
    if (token.length > LARGEST_TOKEN) throw new Found("TOO_LARGE", `${token.length} bytes`);
    return { version, token };
  }

  function isCertificateNumber(text) {
    if (text.includes("#") || /^\p{Nd}+$/u.test(text)) return false;
    const typed = text.toUpperCase().replace(/[ \-\u2010-\u2013\u00a0\t]/g, "")
      .replace(/O/g, "0").replace(/[IL]/g, "1");
    return /^[0-9A-HJKMNP-TV-Z]{16}$/.test(typed);
  }

  function bytesOfDigits(digits) {
    if (!digits) throw new Found("TRUNCATED", "no digits at all");
    if (!/^[0-9]+$/.test(digits)) throw new Found("MALFORMED", "other characters than digits");
    const bytes = [];
    for (let start = 0; start < digits.length; start += 17) {
      const group = digits.slice(start, start + 17), size = DIGITS_OF[group.length];
      if (!size) throw new Found("TRUNCATED", `a last group of ${group.length} digits`);
      let value = BigInt(group);
      if (value >> BigInt(8 * size)) throw new Found("MALFORMED", "a group that is too large");
      for (let count = 0; count < size; count += 1) { bytes.push(Number(value & 255n)); value >>= 8n; }
    }
    return Uint8Array.from(bytes);
  }

  // Steps 3 to 6: the envelope, the key, the signature

  function openToken(token) {
    let signed;
    try {
      signed = openEnvelope(token);
    } catch (error) {
      throw new Found(error instanceof Truncated ? "TRUNCATED" : "MALFORMED", error.message);
    }
    if (!ALGORITHMS[String(signed.algorithm)]) throw new Found("ALG_NOT_ALLOWED");
    return signed;
  }

  async function signingKey(signed, trust) {
    const candidates = trust.keys.filter((each) => same(each.kid, signed.kid));
    if (!candidates.length) throw new Found("UNKNOWN_KEY", `key ${hex(signed.kid)}`);
    const usable = candidates.filter((each) =>
      each.use === 1 && each.key.algorithm === signed.algorithm);
    if (!usable.length) throw new Found("ALG_KEY_MISMATCH", `key ${hex(signed.kid)}`);
    const message = signedMessage(signed.header, PURPOSE.token, signed.payload);
    for (const each of usable) {
      if (await isSignedBy(each.key, signed.signature, message)) return each;
    }
    throw new Found("BAD_SIGNATURE");
  }

  // Step 7: claims that keep the rules (W2)

  /** The second version is for more session dates than the first holds, and for nothing else. */
  function claimsOf(payload, version) {
    let claims;
    try {
      claims = checkedClaims(decode(payload));
    } catch (error) {
      throw new Found("BAD_CLAIMS", error.message);
    }
    const needed = claims.days.length > FEW_DATES ? "2" : "1";
    if (needed !== version) {
      const dates = `${claims.days.length} session dates in version ${version}`;
      throw new Found(version === "2" ? "UNSUPPORTED_VERSION" : "BAD_CLAIMS", dates);
    }
    return claims;
  }

  function checkedClaims(top) {
    need(top instanceof Map && top.size === 3, "not the map of a token");
    const issuedAt = top.get(6), id = top.get(7), body = top.get(-65537);
    need(isInt(issuedAt) && isId(id) && body instanceof Map, "not the map of a token");
    need(issuedAt >= 0, "issued before 1970");
    need([...body.keys()].every((label) => label >= 1 && label <= 11), "unknown claims");
    checkText(body.get(1), 80, 120);
    checkText(body.get(2), 160, 200);
    if (body.has(10)) checkText(body.get(10), 80, 80);
    const hours = body.get(4);
    need(isInt(hours), "no hours");
    const credits = creditsOf(body.get(5), hours), days = daysOf(body.get(3));
    const held = [1, 2].includes(deliveryOf(body)); // on these dates, which have 24 hours each
    need(!held || hours <= MOST_HUNDREDTHS * days.length, "more hours than the dates hold");
    return {
      issuedAt, id, recipient: body.get(1), title: body.get(2), days,
      hours, credits, status: statusOf(body.get(6)), delivery: deliveryOf(body),
      replaces: optional(body, 8, isId), digest: optional(body, 9, (each) => isBytes(each) && each.length === 16),
      instructor: body.get(10), specimen: optional(body, 11, (each) => each === 1) === 1,
    };
  }

  const isId = (value) => isBytes(value) && value.length === 10;

  function optional(body, label, fits) {
    const value = body.get(label);
    need(value === undefined || fits(value), `claim ${label}`);
    return value;
  }

  const deliveryOf = (body) => optional(body, 7, (each) => [1, 2, 3, 4].includes(each));

  function daysOf(deltas) {
    need(Array.isArray(deltas) && deltas.length >= 1 && deltas.length <= MOST_DATES, "session dates");
    let day = 0;
    return deltas.map((delta, position) => {
      need(Number.isInteger(delta) && (position ? delta > 0 : delta >= 0), "session dates");
      day += delta;
      need(day <= LAST_DAY, "a date beyond the calendar");
      return day;
    });
  }

  function creditsOf(value, hours) {
    need(Array.isArray(value) && value.length >= 1 && value.length <= 6, "credit lines");
    const credits = value.map((each) => creditOf(each, hours));
    need(hours >= 1 && credits.every((each) => each.hundredths >= 1), "a line without hours");
    const most = credits.reduce((a, b) => (b.hundredths > a.hundredths ? b : a)).hundredths;
    need(most === hours, "hours that are not those of the largest line");
    return credits;
  }

  function creditOf(value, hours) {
    need(Array.isArray(value) && value.length >= 1 && value.length <= 3, "a credit");
    const [code, ...rest] = value;
    const provider = isText(rest[0]) ? rest.shift() : undefined;
    need(isInt(code) && code > 0 && code < 256 && rest.length <= 1, "a credit");
    if (provider !== undefined) checkText(provider, 80, 80);
    // The one encoding leaves out hours that are those of the course.
    need(!rest.length || (isInt(rest[0]) && rest[0] !== hours), "a credit");
    return { code, provider, hundredths: rest.length ? rest[0] : hours };
  }

  function statusOf(value) {
    need(Array.isArray(value) && value.length === 2 && value.every(isInt), "a status");
    need(value[0] >= 0 && value[1] >= 0 && value[1] < SLOTS, "a status out of range");
    return { list: value[0], index: Number(value[1]) };
  }

  const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;

  function checkText(text, characters, size) {
    need(isText(text), "something that is not text");
    const letters = [...text];
    need(letters.length >= 1 && letters.length <= characters, "the length of a text");
    need(utf8(text).length <= size, "the size of a text");
    need(text.normalize("NFC") === text && text.trim() === text, "the form of a text");
    letters.forEach((letter, position) =>
      need(!FORBIDDEN.test(letter) || joins(letters, position), "a forbidden character"));
  }

  const JOINING = [
    "Arabic", "Syriac", "Mongolian", "Nko", "Devanagari", "Bengali", "Gurmukhi", "Gujarati",
    "Oriya", "Tamil", "Telugu", "Kannada", "Malayalam", "Sinhala", "Myanmar", "Khmer",
  ];
  const SCRIPTS = [
    ...JOINING, "Latin", "Cyrillic", "Greek", "Armenian", "Hebrew", "Georgian", "Ethiopic",
    "Cherokee", "Thai", "Lao", "Tibetan", "Coptic", "Glagolitic", "Gothic", "Lisu", "Vai",
    "Tifinagh", "Thaana", "Javanese", "Balinese", "Cham", "Deseret", "Osage", "Adlam",
  ].map((name) => [name, new RegExp(`\\p{Script=${name}}`, "u")]);
  const ONE_SCRIPT = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\u30fc]/u;

  function scriptOf(letter) {
    if (!/\p{L}/u.test(letter) || /[\u00aa\u00ba]/.test(letter)) return "";
    if (ONE_SCRIPT.test(letter)) return "Han";
    const found = SCRIPTS.find(([, pattern]) => pattern.test(letter));
    return found ? found[0] : /\p{Lm}/u.test(letter) ? "" : "another";
  }

  function joins(letters, position) {
    if (!/[\u200c\u200d]/.test(letters[position])) return false;
    const before = letters.slice(0, position).reverse().find((each) => !/\p{Mn}/u.test(each));
    const after = letters[position + 1];
    if (!before || !after) return false;
    const script = scriptOf(before);
    return script === scriptOf(after) && JOINING.includes(script);
  }

  /** The words of *text* whose letters come from two scripts. */
  function mixedWords(text) {
    return text.split(/[\p{Z}\p{P}]+/u).filter((word) =>
      new Set([...word].map(scriptOf).filter(Boolean)).size > 1);
  }

  /** Of s and n - s the lower is issued, since the trust file says so. */
  function checkForm(signed, claims, trust) {
    if (signed.algorithm !== -9 || trust.lowSince === undefined) return;
    const low = BigInt(`0x${hex(signed.signature.subarray(32))}`) <= HALF_ORDER;
    if (!low && claims.issuedAt > trust.lowSince) throw new Found("BAD_SIGNATURE");
  }

  // Steps 8 to 10: time, key state, scopes

  function checkIssue(claims, key, now) {
    if (isAhead(claims.issuedAt, now)) throw new Found("ISSUED_IN_FUTURE");
    if (claims.issuedAt < key.first || claims.issuedAt > key.last) {
      throw new Found("KEY_NOT_VALID_AT_ISSUE");
    }
  }

  async function checkKeyState(key, payload, getReattested) {
    if (key.state !== 2) return;
    const digest = (await sha256(payload)).subarray(0, 16);
    const reattested = key.reattested ? await getReattested(key) : new Uint8Array();
    const genuine = key.reattested && same(await sha256(reattested), key.reattested);
    for (let start = 0; genuine && start < reattested.length; start += 16) {
      if (same(reattested.subarray(start, start + 16), digest)) return;
    }
    throw new Found("KEY_REVOKED");
  }

  function checkCredits(claims, key, trust) {
    for (const credit of claims.credits) {
      const listed = key.codes.includes(credit.code)
        && claims.days.every((day) => scopeOf(trust, credit, day));
      if (!listed) throw new Found("CREDIT_NOT_AUTHORISED", labelOf(trust, credit.code));
    }
  }

  /** The digests in a published re-attested list; the trust file's own digest vouches for them. */
  function digestsIn(data, now) {
    const map = decode(openEnvelope(data).payload), issuedAt = map.get(3), digests = map.get(4);
    need(isInt(issuedAt) && isBytes(digests), "not a re-attested list");
    need(!isAhead(issuedAt, now), "issued later than it is now");
    return digests;
  }

  // The log (docs/spec/log.md): a signed head, and the bucket in which a token's leaf would be

  const LARGEST_NOTE = 65536, MOST_SIGNATURES = 100, LARGEST_HEAD = 1 << 20, MOST_HASHES = 63;
  const ISSUED = 1, TICK = 16, CUT = 16, ENTRY = 36, MOST_BITS = 15, WITHDRAWN = 2;

  function fromBase64(text) {
    let bytes;
    try {
      bytes = Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
    } catch { throw new Broken("no base64"); }
    need(base64(bytes) === text, "base64 that is not the one spelling of its bytes");
    return bytes;
  }

  const base64 = (bytes) => btoa(Array.from(bytes, (each) => String.fromCharCode(each)).join(""));
  const uint = (bytes) => bytes.reduce((sum, byte) => sum * 256 + byte, 0);

  function openNote(text) {
    need(text.length <= LARGEST_NOTE, "a note that is too large");
    const end = text.lastIndexOf("\n\n");
    need(end >= 0 && text.endsWith("\n") && end + 2 < text.length, "a note without signatures");
    need(!/[\u0000-\u0009\u000b-\u001f]/.test(text), "a control character in a note");
    const lines = text.slice(end + 2, -1).split("\n");
    need(lines.length <= MOST_SIGNATURES, "too many signatures");
    return { text: text.slice(0, end + 1), signatures: lines.map(noteSignature) };
  }

  function noteSignature(line) {
    const found = /^\u2014 ([^ ]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line);
    need(found && !NAME_BREAK.test(found[1]), "a line that is no signature");
    const bytes = fromBase64(found[2]);
    need(bytes.length > 4, "a signature without bytes");
    return { name: found[1], keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) };
  }

  /** The size and root that a log's key signed. */
  async function openCheckpoint(text, log) {
    const note = openNote(text), lines = note.text.split("\n");
    need(lines.length >= 4 && lines[0] === log.origin, "a checkpoint of another log");
    need(/^(0|[1-9][0-9]{0,18})$/.test(lines[1]), "no size");
    const root = fromBase64(lines[2]);
    need(root.length === 32, "no root");
    const ids = await Promise.all([1, 4].map(async (kind) =>
      (await sha256(concatenated([utf8(`${log.origin}\n`), Uint8Array.of(kind), log.key.x]))).subarray(0, 4)));
    const own = (kind) => note.signatures.filter((each) =>
      each.name === log.origin && same(each.keyId, ids[kind]));
    need(own(0).length > 0, "not signed by the log's key");
    for (const { signature } of own(0)) {
      need(await isSignedBy(log.key, signature, utf8(note.text)), "not signed by the log's key");
    }
    for (const { signature } of own(1)) {
      let time = 0n;
      for (const byte of signature.subarray(0, 8)) time = (time << 8n) | BigInt(byte);
      const timed = utf8(`cosignature/v1\ntime ${time}\n${note.text}`);
      const sound = signature.length === 72 && await isSignedBy(log.key, signature.subarray(8), timed);
      need(sound, "a time that the log's key did not sign");
    }
    return { size: Number(lines[1]), root };
  }

  const node = (left, right) => sha256(concatenated([Uint8Array.of(1), left, right]));

  /** Whether a proof shows a leaf in a tree (RFC 9162 2.1.3.2). */
  async function isIncluded(index, size, leaf, proof, root) {
    let at = index, last = size - 1, hash = await sha256(concatenated([Uint8Array.of(0), leaf]));
    const up = () => { at = Math.floor(at / 2); last = Math.floor(last / 2); };
    for (const each of proof) {
      if (last === 0) return false;
      if (at % 2 || at === last) {
        hash = await node(each, hash);
        while (at % 2 === 0 && at) up();
      } else hash = await node(hash, each);
      up();
    }
    return last === 0 && same(hash, root);
  }

  async function openHead(data, log) {
    need(data.length <= LARGEST_HEAD, "a head that is too large");
    const text = textOf(data), end = text.indexOf("\n\n");
    const lines = end < 0 ? [] : text.slice(0, end).split("\n");
    need(lines.length > 2 && lines[0] === "c2sp.org/tlog-proof@v1" && /^extra /.test(lines[1]), "no head");
    const found = /^index (0|[1-9][0-9]{0,18})$/.exec(lines[2]);
    need(found && lines.length <= 3 + MOST_HASHES, "no head");
    const extra = fromBase64(lines[1].slice(6)), bits = extra[4], digests = extra.subarray(5);
    need(extra.length >= 5 && bits <= MOST_BITS && digests.length === CUT << bits, "no digests");
    const proof = lines.slice(3).map(fromBase64);
    const { size, root } = await openCheckpoint(text.slice(end + 2), log);
    const instant = uint(extra.subarray(0, 4));
    const tick = concatenated([
      Uint8Array.of(0x85, 1, TICK), encodedHead(0, instant), encodedHead(0, bits), encodedBytes(await sha256(digests)),
    ]);
    const last = Number(found[1]) === size - 1;
    need(last && await isIncluded(size - 1, size, tick, proof, root), "a tick that is not the last leaf");
    return { size, root, instant, bits, digests, data };
  }

  async function subjectOf(kind, payload) {
    return sha256(concatenated([utf8("cecert-leaf-1"), Uint8Array.of(kind), payload]));
  }

  function bucketOf(head, subject) {
    const number = (subject[0] * 256 + subject[1]) >> (16 - head.bits);
    const digest = head.digests.subarray(number * CUT, (number + 1) * CUT);
    return { digest, name: `index/${number.toString(16).padStart(4, "0")}-${hex(digest.subarray(0, 8))}.ix` };
  }

  /** The place of a leaf that a bucket has, undefined where it has none. */
  function entryIn(bucket, subject) {
    for (let at = 0; at + ENTRY <= bucket.length; at += ENTRY) {
      if (same(bucket.subarray(at, at + CUT), subject.subarray(0, CUT))) {
        return { position: uint(bucket.subarray(at + CUT, at + CUT + 4)), file: bucket.slice(at + CUT + 4, at + ENTRY) };
      }
    }
    return undefined;
  }

  const isOlder = (one, other) =>
    one.instant < other.instant || (one.instant === other.instant && one.size < other.size);

  const HASH = 32, LARGEST_TREE = 2 ** 31;
  const half = (count) => 1 << (31 - Math.clz32(count - 1)); // leaves of the left side of a tree

  /** The name of a tile (C2SP tlog-tiles), 1234067 as x001/x234/067. */
  function tileName(level, number, width) {
    const digits = String(number), whole = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
    return `tile/${level}/${whole.replace(/\d{3}(?=\d)/g, "x$&/")}${width < 256 ? `.p/${width}` : ""}`;
  }

  /**
   * The root of a tree's first leaves and that of all, both of the same hashes from its tiles: where
   * the second is right, the first is.
   */
  async function rootsOf(first, size, files) {
    const tiles = new Map();
    const tileAt = (name) => tiles.get(name) || tiles.set(name, files(name)).get(name);
    const fold = async (hashes) => (hashes.length === HASH ? hashes
      : node(await fold(hashes.subarray(0, hashes.length / 2)), await fold(hashes.subarray(hashes.length / 2))));
    async function subtree(start, end) {
      const count = end - start, middle = start + half(count);
      if (count & (count - 1)) return node(await subtree(start, middle), await subtree(middle, end));
      const height = 31 - Math.clz32(count), level = height >> 3, at = start >> (8 * level), number = at >> 8;
      const width = Math.min(256, (size >> (8 * level)) - number * 256), from = (at & 255) * HASH;
      const tile = (await tileAt(tileName(level, number, width))).find((each) => each.length === width * HASH);
      need(tile, "a tile is missing");
      return fold(tile.subarray(from, from + (HASH << (height & 7))));
    }
    async function roots(start, end) {
      if (first === end) return Array(2).fill(await subtree(start, end));
      const middle = start + half(end - start);
      if (first > middle) {
        const left = await subtree(start, middle);
        return Promise.all((await roots(middle, end)).map((right) => node(left, right)));
      }
      const [own, all] = await roots(start, middle);
      return [own, await node(all, await subtree(middle, end))];
    }
    return roots(0, size);
  }

  /** Whether a head is shown not to be the beginning of a larger one; without tiles nothing is shown. */
  async function isOther(before, newest, files) {
    if (before.origin !== newest.origin || before.size >= newest.size || newest.size >= LARGEST_TREE) return false;
    const [own, all] = await rootsOf(before.size, newest.size, files).catch(() => [before.root, null]);
    return Boolean(all) && same(all, newest.root) && !same(own, before.root);
  }

  /**
   * What the log has of a token.
   *
   * @param payload the token's
   * @param files gives, for a name below the log's folder, all bytes that can be had of it
   * @param kept the newest genuine head known before, or null
   */
  async function readLog(trust, payload, now, files, kept) {
    const heads = [];
    for (const data of [...(kept ? [kept] : []), ...await files("head")]) {
      for (const log of trust.logs.filter((each) => each.state !== WITHDRAWN)) {
        const head = await openHead(data, log).catch((error) => {
          if (error instanceof NoCrypto) throw error;
          return null;
        });
        if (head && !isAhead(head.instant, now)) heads.push({ ...head, origin: log.origin, isKept: data === kept });
        if (head) break;
      }
    }
    if (!heads.length) return {};
    const newest = heads.reduce((one, other) => (isOlder(one, other) ? other : one));
    const before = heads.find((each) => each.isKept);
    const forked = heads.some((each) => each.size === newest.size && !same(each.root, newest.root))
      || Boolean(before) && await isOther(before, newest, files);
    if (forked) return { forked };
    const subject = await subjectOf(ISSUED, payload), { name, digest } = bucketOf(newest, subject);
    for (const bucket of await files(name)) {
      if (same((await sha256(bucket)).subarray(0, CUT), digest)) {
        const { instant, size, root, data: used } = newest;
        return { instant, size, root, entry: entryIn(bucket, subject), used };
      }
    }
    return {};
  }

  /** Whether a token is in the log, and was when its key was withdrawn. */
  function wasLogged(before, log) {
    if (!before || !log.entry || (log.size === Number(before.size) && !same(log.root, before.root))) return false;
    return log.entry.position < before.size;
  }

  /** Whether a token of a provider with a log is in it; "" where it need not be. */
  function logState(answer, issuedAt, logs) {
    if (!logs.length || logs.every((each) => issuedAt < each.since)) return "";
    if (answer.entry) return "LOGGED";
    if (answer.instant === undefined) return "LOG_UNKNOWN";
    return answer.instant < issuedAt + Number(logs[logs.length - 1].grace) ? "LOG_PENDING" : "NOT_LOGGED";
  }

  // Step 11: the status list (W7)

  async function openList(data, trust) {
    const signed = openEnvelope(data);
    const map = decode(signed.payload);
    need(map instanceof Map && map.size === 8 && isText(map.get(1)), "not a status list");
    need([2, 3, 4, 5, 6].every((label) => isInt(map.get(label))), "not a status list");
    need(map.get(7) === 2 && isBytes(map.get(8)), "not a status list");
    const bits = await inflated(map.get(8));
    const [issuer, list, sequence, issuedAt, expiresAt] = [1, 2, 3, 4, 5].map((each) => map.get(each));
    const message = signedMessage(signed.header, PURPOSE.status, signed.payload);
    for (const key of trust.keys.filter((each) => same(each.kid, signed.kid))) {
      const usable = key.use === 2 && key.state !== 2 && key.key.algorithm === signed.algorithm
        && key.first <= issuedAt && issuedAt <= key.last && issuer === trust.issuer;
      if (usable && await isSignedBy(key.key, signed.signature, message)) {
        return { list, sequence, issuedAt, expiresAt, bits, data };
      }
    }
    throw new Broken("not signed by a status key");
  }

  async function inflated(packed) {
    const slots = await slotsOf(packed);
    // Node passes over bytes after the end, which browsers refuse: without its last byte no list has an end.
    need(await slotsOf(packed.subarray(0, -1)).then(() => false, () => true), "bytes after the slots");
    return slots;
  }

  async function slotsOf(packed) {
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    const reader = stream.getReader(), parts = [];
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > LIST_BYTES) { reader.cancel().catch(() => {}); throw new Broken("too many slots"); }
      parts.push(value);
    }
    need(size === LIST_BYTES, "too few slots");
    return concatenated(parts);
  }

  /** The newest of the lists served, unless the one kept before is newer; none before its time. */
  async function newestList(served, kept, listId, trust, now) {
    let newest = null, bad = false;
    const opened = async (data) => {
      const list = await openList(data, trust).catch(() => null);
      if (!list || isAhead(list.issuedAt, now)) { bad = true; return null; }
      return list.list === listId ? list : null;
    };
    for (const data of served) {
      const list = await opened(data);
      if (list && (!newest || list.sequence > newest.sequence)) newest = list;
    }
    const known = kept ? await opened(kept) : null;
    if (!newest) return { ...NOTHING, list: known, bad };
    if (known && known.sequence > newest.sequence) {
      const apart = Math.abs(Number(known.issuedAt) - Number(newest.issuedAt));
      return { ...NOTHING, list: known, rolledBack: true, rolledBackFar: apart > LONGEST_ROLLBACK };
    }
    return { ...NOTHING, list: newest };
  }

  function statusAnswer(claims, answer, now) {
    const list = answer.list;
    if (!list) return { outcome: "VALID_STATUS_UNKNOWN" };
    const slot = (list.bits[claims.status.index >> 2] >> (2 * (claims.status.index & 3))) & 3;
    const stale = now > list.expiresAt || answer.rolledBackFar ? "VALID_STATUS_STALE" : "VALID";
    const outcome = [stale, "REVOKED", "SUPERSEDED", "UNKNOWN_STATUS"][slot];
    return { outcome, asOf: Number(list.issuedAt), expiresAt: Number(list.expiresAt), used: list.data };
  }

  // A transcript (docs/spec/transcript.md): the list that it carries, and its seal

  const TRANSCRIPT = /cecert transcript 1\ndrawn up ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)\n((?:(?:not )?counted [^\s]+\n)+)/g;
  const MOST_LISTED = 500;

  /** The transcript in the bytes of a PDF, as Latin-1; null if there is none, or several. */
  function transcriptIn(text) {
    const found = new Map([...text.matchAll(TRANSCRIPT)].map((each) => [each[0], each]));
    if (found.size !== 1) return null;
    const [whole, instant, lines] = [...found.values()][0];
    const drawnUpAt = Date.parse(instant) / 1000;
    if (!Number.isInteger(drawnUpAt)) return null;
    const codes = lines.trimEnd().split("\n").map((line) => ({
      counted: !line.startsWith("not "), text: line.replace(/^(?:not )?counted /, ""),
    }));
    return codes.length > MOST_LISTED ? null : { drawnUpAt, codes, text: whole };
  }

  /** What the pages of a transcript are called: the digest of its list, cut. */
  const numberOf = async (transcript) => (await sha256(utf8(transcript.text))).subarray(0, 10);

  // DER, as far as a seal needs it (X.690)

  function derAt(data, start) {
    const tag = taken(data, start, 1)[0];
    let length = taken(data, start + 1, 1)[0], begin = start + 2;
    if (length > 127) {
      const width = length & 127;
      if (!width || width > 4) throw new Malformed("a length of another form");
      length = taken(data, begin, width).reduce((sum, each) => sum * 256 + each, 0);
      if (length < (width === 1 ? 128 : 256 ** (width - 1))) throw new Malformed("a length longer than it need be");
      begin += width;
    }
    return { tag, start, begin, end: begin + length, content: taken(data, begin, length) };
  }

  function derKids(data, node) {
    const kids = [];
    for (let at = node.begin; at < node.end; at = kids[kids.length - 1].end) kids.push(derAt(data, at));
    if (kids.length && kids[kids.length - 1].end !== node.end) throw new Malformed("of another length");
    return kids;
  }

  const SIGNED_DATA = "2a864886f70d010702", MESSAGE_DIGEST = "2a864886f70d010904";
  const SIGNING_CERTIFICATE = "2a864886f70d010910022f", SHA256 = "608648016503040201";
  const CURVES = {
    "2a8648ce3d030107": ["P-256", 32, HALF_ORDER],
    "2b81040022": ["P-384", 48, 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973n / 2n],
    "2b81040023": ["P-521", 66, 0x01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409n / 2n],
  };

  /**
   * Whether a PDF's last address of its cross-reference table leads to one. Readers do not agree what
   * a file shows in which it does not, as where another file's bytes stand before its own.
   *
   * @param text the file's bytes, as Latin-1
   */
  function isLedToTable(text) {
    const found = /^startxref\s*(\d{1,10})\s/.exec(text.slice(Math.max(0, text.lastIndexOf("startxref"))));
    if (!found) return false;
    const from = Number(found[1]);
    return /^.{0,9}(?:\bxref|\b\d+\s+\d+\s+obj)/s.test(text.slice(Math.max(0, from - 4), from + 40));
  }

  /**
   * What the seal of a PDF proves: INTACT only if the one signature in it holds and leaves out
   * nothing but its own place; RESAVED if the file was moved or added to since, as programs do,
   * with why: moved, together, several, added.
   *
   * @param data the file's bytes
   * @param text the same as Latin-1
   */
  async function sealOf(data, text) {
    const ranges = [...text.matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g)].map((each) => each.slice(1).map(Number));
    if (!ranges.length) return { state: text.includes("/ByteRange") ? "BROKEN" : "MISSING" };
    if (!isLedToTable(text)) return { state: "BROKEN" };
    // Where no signature stands in the place that it leaves out, all of them were moved.
    const moved = ranges.every(([, first, second]) => text[first] !== "<" || text[second - 1] !== ">");
    if (moved) return { state: "RESAVED", why: ranges.length > 1 ? "together" : "moved", count: ranges.length };
    if (ranges.length > 1) return { state: "RESAVED", why: "several", count: ranges.length };
    const [zero, first, second, length] = ranges[0], hole = text.slice(first, second);
    if (zero !== 0 || !/^<(?:[0-9a-f]*|[0-9A-F]*)>$/.test(hole)) return { state: "BROKEN" };
    try {
      const sealed = concatenated([data.subarray(0, first), data.subarray(second, second + length)]);
      const found = await signerOf(fromHex(hole.slice(1, -1)), sealed);
      if (!found) return { state: "BROKEN" };
      const added = data.length - second - length;
      if (added > 0) return { state: "RESAVED", why: "added", count: added };
      if (!found.oneWay || added < 0) return { state: "BROKEN" };
      return { state: "INTACT", ...found, lower: hole === hole.toLowerCase() };
    } catch (error) {
      if (error instanceof NoCrypto) throw error;
      return { state: "BROKEN" };
    }
  }

  const DATA = "300b06092a864886f70d010701", ONE = "020101", TIME_STAMP = "2a864886f70d010910020e";
  const SIGNING = ["300a06082a8648ce3d040302", "300d06092a864886f70d01010b0500"]; // ECDSA, RSA, over SHA-256

  /** Whose certificate's key signed *message* in a CMS container, and how; null if none did. */
  async function signerOf(container, message) {
    const outer = derAt(container, 0), bytes = (node) => container.subarray(node.start, node.end);
    const [type, wrapped, ...beside] = derKids(container, outer);
    if (hex(type.content) !== SIGNED_DATA) return null;
    const [signedData, ...wrong] = derKids(container, wrapped), parts = derKids(container, signedData);
    const certificates = derKids(container, parts.find((each) => each.tag === 0xa0)).map(bytes);
    const infos = derKids(container, parts[parts.length - 1]);
    if (infos.length !== 1) return null;
    const [version, sid, digestKind, attributes, kind, signature, ...more] = derKids(container, infos[0]);
    if (attributes.tag !== 0xa0 || hex(derKids(container, digestKind)[0].content) !== SHA256) return null;
    const named = attributesOf(container, attributes);
    const digest = named.get(MESSAGE_DIGEST), own = named.get(SIGNING_CERTIFICATE);
    if (!digest || !own || !same(digest[0].content, await sha256(message))) return null;
    const claimed = derKids(container, derKids(container, own[0])[0])
      .map((id) => derKids(container, id).find((each) => each.tag === 4).content);
    const held = await Promise.all(certificates.map(sha256)), at = held.findIndex((each) => same(each, claimed[0]));
    if (at < 0) return null;
    const signed = container.slice(attributes.start, attributes.end);
    signed[0] = 0x31; // what is signed is a SET (RFC 5652, 5.4)
    const low = await isSealedBy(certificates[at], signature.content, signed);
    if (low === null) return null;
    // The container lies outside what it signs: much in it could be altered with no effect, so
    // it must be written in the one way that sealing writes it.
    const stamped = more.length === 1 && isTimeStamp(container, more[0]);
    const oneWay = !beside.length && !wrong.length && parts.length === 5 && hex(bytes(parts[0])) === ONE && parts[1].tag === 0x31
      && same(parts[1].content, bytes(digestKind)) && hex(bytes(parts[2])) === DATA && parts[3].tag === 0xa0 && parts[4].tag === 0x31
      && hex(bytes(version)) === ONE && same(bytes(sid), issuedAs(certificates[at])) && SIGNING.includes(hex(bytes(kind)))
      && signature.tag === 4 && (stamped || !more.length) && namesEach(claimed, held, certificates)
      && !container.subarray(outer.end).some((each) => each);
    return { digest: held[at], low, oneWay, stamped };
  }

  function attributesOf(container, attributes) {
    return new Map(derKids(container, attributes).map((each) => {
      const [name, values] = derKids(container, each);
      return [hex(name.content), derKids(container, values)];
    }));
  }

  const HASHES = { [SHA256]: "SHA-256", "608648016503040202": "SHA-384", "608648016503040203": "SHA-512" };
  const TIME_STAMP_INFO = "2a864886f70d0109100104", SIGNING_CERTIFICATE_1 = "2a864886f70d010910020c";
  const STAMPING = /^2a8648(?:ce3d04030[2-4]|86f70d01010[1bcd])$/; // ECDSA, RSA

  /** Of a time stamp what it says it is, what it says, and what surrounds that. */
  function stampParts(data, stamp) {
    const [type, wrapped] = derKids(data, stamp), parts = derKids(data, derKids(data, wrapped)[0]);
    const [kind, held] = derKids(data, parts[2]);
    return { type: hex(type.content), kind: hex(kind.content), info: derKids(data, held)[0], parts };
  }

  /**
   * Whether a time stamp (RFC 3161) is one of *message*, signed with the key of a certificate that it
   * brings along. Who its authority is, nobody is asked.
   */
  async function isStampOf(token, message) {
    const kids = (node) => derKids(token, node), hashOf = (node) => HASHES[hex(kids(node)[0].content)];
    const isDigest = async (node, hash, data) => same(node.content, new Uint8Array(await subtle().digest(hash, data)));
    const whole = derAt(token, 0), { type, kind, info, parts } = stampParts(token, whole);
    if (whole.tag !== 0x30 || type !== SIGNED_DATA || kind !== TIME_STAMP_INFO) return false;
    const [, , imprint] = kids(derAt(token, info.begin)), [hash, digest] = kids(imprint);
    const [[, , digestKind, attributes, algorithm, signature], ...others] = kids(parts[parts.length - 1]).map(kids);
    const named = attributesOf(token, attributes), [own] = named.get(MESSAGE_DIGEST), signed = token.slice(attributes.start, attributes.end);
    if (others.length || !STAMPING.test(hex(kids(algorithm)[0].content)) || !await isDigest(digest, hashOf(hash), message) || !await isDigest(own, hashOf(digestKind), info.content)) return false;
    signed[0] = 0x31;
    // Which certificate signed stands in what is signed (RFC 5035; RFC 5816 for older ones).
    const [claim] = named.get(SIGNING_CERTIFICATE) || named.get(SIGNING_CERTIFICATE_1), ids = kids(kids(kids(claim)[0])[0]);
    const byHash = ids[0].tag === 0x30 ? hashOf(ids[0]) : named.has(SIGNING_CERTIFICATE) ? "SHA-256" : "SHA-1";
    for (const each of kids(parts.find(({ tag }) => tag === 0xa0))) {
      const certificate = token.subarray(each.start, each.end);
      if (!await isDigest(ids.find(({ tag }) => tag === 4), byHash, certificate)) continue;
      return await isSealedBy(certificate, signature.content, signed, hashOf(digestKind)) !== null;
    }
    return false;
  }

  /** Whether unsigned attributes are the one that a seal may have: a time stamp, which is not judged here. */
  function isTimeStamp(container, unsigned) {
    const [attribute, ...others] = derKids(container, unsigned);
    if (unsigned.tag !== 0xa1 || !attribute || others.length) return false;
    const [name, values, ...more] = derKids(container, attribute), [stamp, ...further] = derKids(container, values);
    if (hex(name.content) !== TIME_STAMP || !stamp || further.length || more.length) return false;
    const { type, kind, info } = stampParts(container, stamp), facts = derAt(container, info.begin);
    const tags = derKids(container, facts).slice(0, 5).map((each) => each.tag);
    return type === SIGNED_DATA && kind === TIME_STAMP_INFO && info.tag === 4 && facts.tag === 0x30
      && facts.end === info.end && hex(tags) === "0206300218";
  }

  /** Issuer and serial number of a certificate, as a signer names it. */
  function issuedAs(certificate) {
    const facts = derKids(certificate, derKids(certificate, derAt(certificate, 0))[0]), at = facts[0].tag === 0xa0 ? 1 : 0;
    const [serial, issuer] = [facts[at], facts[at + 2]].map((each) => certificate.subarray(each.start, each.end));
    const length = serial.length + issuer.length, head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
    return concatenated([Uint8Array.of(0x30, ...head), issuer, serial]);
  }

  /** Whether the signed attributes name each certificate that is there (RFC 5035, 3), in its order or in that of DER. */
  function namesEach(claimed, held, certificates) {
    const alike = (one, other) => one.length === other.length && one.every((each, place) => each === other[place]);
    const [names, digests, texts] = [claimed, held, certificates].map((all) => all.map(hex));
    return alike(names, digests) || (alike(texts, [...texts].sort()) && alike([...names].sort(), [...digests].sort()));
  }

  /** Whether a certificate's key signed, and in the form that is issued; null if it did not. */
  async function isSealedBy(certificate, signature, signed, hash = "SHA-256") {
    const crypto = subtle();
    const facts = derKids(certificate, derKids(certificate, derAt(certificate, 0))[0]);
    const info = facts[facts[0].tag === 0xa0 ? 6 : 5];
    const spki = certificate.subarray(info.start, info.end);
    const [, parameters] = derKids(certificate, derKids(certificate, info)[0]);
    const curve = parameters && CURVES[hex(parameters.content)];
    if (!curve) {
      const rsa = { name: "RSASSA-PKCS1-v1_5", hash };
      const key = await crypto.importKey("spki", spki, rsa, false, ["verify"]);
      return await crypto.verify(rsa, key, signature, signed) ? true : null;
    }
    const [name, size, half] = curve;
    const [r, s] = derKids(signature, derAt(signature, 0)).map((each) => padded(each.content, size));
    const key = await crypto.importKey("spki", spki, { name: "ECDSA", namedCurve: name }, false, ["verify"]);
    const valid = await crypto.verify({ name: "ECDSA", hash }, key, concatenated([r, s]), signed);
    return valid ? BigInt(`0x${hex(s)}`) <= half : null;
  }

  function padded(number, size) {
    const digits = number[0] === 0 ? number.subarray(1) : number;
    if (digits.length > size) throw new Malformed("a number of another size");
    return concatenated([new Uint8Array(size - digits.length), digits]);
  }

  /** The fault of a transcript's seal for one of its certificates; "" if it has none. */
  function sealFault(seal, transcript, claims, trust, now) {
    if (seal.state === "MISSING" || seal.state === "RESAVED") return "CODE_ONLY";
    if (seal.state === "BROKEN") return "SEAL_BROKEN";
    const at = transcript.drawnUpAt;
    const listed = trust.seals.some((each) => same(each.digest, seal.digest)
      && each.state !== 2 && each.first <= at && at <= each.last);
    if (!listed || at < claims.issuedAt || isAhead(at, now)) return "SEAL_UNKNOWN";
    const form = seal.lower && (seal.low || trust.lowSince === undefined || at <= trust.lowSince);
    return form ? "" : "SEAL_BROKEN";
  }

  const GENUINE = ["VALID", "VALID_STATUS_STALE", "VALID_STATUS_UNKNOWN"];
  const TAKEN_BACK = ["REVOKED", "SUPERSEDED"];

  /** What is found of each certificate on a transcript, and of its file; the codes are verified one by one. */
  async function verifyTranscript(transcript, data, text, trust, now, verifyOne, wordsOf) {
    const seal = await sealOf(data, text), answers = [];
    for (const code of transcript.codes) {
      const found = await verifyOne(code.text);
      const genuine = found.claims && [...GENUINE, ...TAKEN_BACK, "UNKNOWN_STATUS"].includes(found.outcome);
      const fault = genuine ? sealFault(seal, transcript, found.claims, trust, now) : "";
      const hidden = fault === "CODE_ONLY" && !GENUINE.includes(found.outcome);
      const words = genuine ? wordsOf(found.claims, seal.state === "INTACT") : { code: "NOT_CHECKED", differing: [] };
      const differs = words.code === "TEXT_MISMATCH";
      answers.push({
        ...found, text: code.text, counted: code.counted, fault, status: found.outcome, words, differing: words.differing,
        outcome: differs ? words.code : fault && !hidden ? fault : found.outcome,
        told: !fault && !differs && !code.counted && TAKEN_BACK.includes(found.outcome),
      });
    }
    const genuine = answers.filter((each) => each.claims);
    const whole = genuine.length && genuine.every((each) => !each.fault);
    return {
      answers, drawnUpAt: transcript.drawnUpAt, number: await numberOf(transcript),
      file: !genuine.length ? "NOT_CHECKED" : whole ? "AS_ISSUED" : "NOT_AS_ISSUED",
    };
  }

  // All steps

  /** An address with the letters A to Z of scheme and host in lower case. */
  function folded(address) {
    const found = /^[^/]*\/\/[^/?]*/.exec(address);
    const end = found ? found[0].length : address.length;
    return address.slice(0, end).replace(/[A-Z]/g, (each) => each.toLowerCase()) + address.slice(end);
  }

  /** Whether a link leads to another address than the provider's; only its characters count. */
  function leadsElsewhere(text, trust) {
    const mark = text.indexOf("#"), given = mark < 0 ? text : text.slice(0, mark);
    if (!given || (mark < 0 && !given.includes("://"))) return false;
    const address = folded(given);
    if (trust.prefixes !== undefined) return !trust.prefixes.map(folded).includes(`${address}#`);
    if (!address.startsWith("https://")) return true;
    return !trust.hosts.map(folded).includes(address.slice(8).split(/[/?]/)[0]);
  }

  // What Python strips: `trim` leaves some of it, and takes a byte order mark.
  const WHITE = /[\t-\r\u001c- \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

  function stripped(text) {
    let start = 0, end = text.length;
    while (start < end && WHITE.test(text[start])) start += 1;
    while (end > start && WHITE.test(text[end - 1])) end -= 1;
    return text.slice(start, end);
  }

  function warningsOf(text, claims, trust, status, now) {
    const warned = {
      BAD_STATUS_LIST: status.bad,
      STATUS_ROLLBACK: status.rolledBack,
      KEYSET_OLD: now > trust.refreshBy,
      HOST_MISMATCH: leadsElsewhere(text, trust),
      MIXED_SCRIPT: claims && mixedWords(claims.recipient).length > 0,
      SPECIMEN: claims && claims.specimen,
    };
    return Object.keys(warned).filter((name) => warned[name]);
  }

  const NOTHING = { list: null, bad: false, rolledBack: false, rolledBackFar: false };

  /**
   * Verify the token in *text*.
   *
   * @param text a URL of any host, or bare digits
   * @param trust what `openTrust` gave
   * @param now seconds UTC
   * @param getLists asked with the claims, once they are known to be genuine and before
   *   any status; gives {served: [bytes], kept: bytes or null}
   * @param getReattested asked with a withdrawn key that has a list of tokens that outlive it;
   *   gives the digests of that list, none if it cannot be had
   * @param getLog asked with the payload of a token that must be in the log; gives what
   *   `readLog` gives
   */
  async function verify(text, trust, now, getLists, getReattested, getLog = async () => ({})) {
    let claims = null, key = null, answer, status = NOTHING, log = {}, place = "";
    text = stripped(text);
    try {
      const { version, token } = readTokenText(text);
      const signed = openToken(token);
      key = await signingKey(signed, trust);
      const read = claimsOf(signed.payload, version);
      checkForm(signed, read, trust);
      claims = read;
      checkIssue(claims, key, now);
      // Asked together, so that nobody waits twice; the steps decide in their order.
      const must = logState(log, claims.issuedAt, trust.logs);
      const before = key.state === 2 && trust.logged.find((each) => same(each.kid, key.kid));
      const asked = must || before ? getLog(signed.payload) : null;
      const credited = () => checkCredits(read, key, trust);
      const fault = await checkKeyState(key, signed.payload, getReattested)
        .then(credited).catch((error) => error);
      const lists = fault ? null : getLists(claims);
      if (asked) log = await asked.catch(() => ({}));
      if (must) place = logState(log, claims.issuedAt, trust.logs);
      if (place === "NOT_LOGGED") throw new Found(place);
      if (fault && !(fault.outcome === "KEY_REVOKED" && wasLogged(before, log))) throw fault;
      if (fault) credited();
      const { served, kept } = await (lists || getLists(claims));
      status = await newestList(served, kept, claims.status.list, trust, now);
      answer = statusAnswer(claims, status, now);
    } catch (error) {
      if (!(error instanceof Found) && !(error instanceof NoCrypto)) throw error;
      answer = { outcome: error.outcome || "NO_CRYPTO", detail: error.detail || "" };
    }
    const warnings = warningsOf(text, claims, trust, status, now);
    const told = log.forked ? "LOG_FORKED" : place;
    if (/^LOG_/.test(told)) warnings.push(told);
    return { detail: "", ...answer, claims, key, warnings, log: { place, ...log } };
  }

  return {
    Found, NoCrypto, digestsIn, fromHex, hex, isStampOf, labelOf, mixedWords, openTrust, readLog, same, scopeOf, scriptOf,
    sealOf, sha256, tokenDigits, transcriptIn, verify, verifyTranscript,
  };
})();

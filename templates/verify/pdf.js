/* What a PDF says, as far as a certificate needs it: its pages, their words, the codes drawn on
   them, what is attached. Our own writer's files are read exactly, for each of their fonts says
   what its codes mean; of other programs' files what cannot be read is said to be so. Nothing
   here touches the document, the network or storage. */
const cecertPdf = (() => {
  const MOST_PAGES = 50, MOST_LETTERS = 200000; // as the command reads
  const MOST_OBJECTS = 100000, MOST_BYTES = 64 << 20, MOST_STEPS = 2000000, MOST_DOTS = 16 << 20;
  const DEEPEST = 50, LONGEST_PRODUCER = 60;
  const UNKNOWN = "\ufffd", END = Symbol("end");
  class Unreadable extends Error {} // that it says so itself, or that more of it is not read
  class Unpacked extends Error {} // no: what is packed in another way is left out

  // Values: names are strings with their slash, strings are bytes, dictionaries are maps

  class Ref { constructor(number) { this.number = number; } }
  class Operator { constructor(name) { this.name = name; } }
  class Stream { constructor(entries, raw) { this.entries = entries; this.raw = raw; } }

  const isSpace = (byte) => byte === 32 || (byte >= 9 && byte <= 13) || byte === 0;
  const DELIMITERS = new Set([..."()<>[]{}/%"].map((each) => each.charCodeAt(0)));
  const isRegular = (byte) => byte !== undefined && !isSpace(byte) && !DELIMITERS.has(byte);

  class Lexer {
    constructor(bytes, at = 0) { this.bytes = bytes; this.at = at; this.depth = 0; }

    skip() {
      for (;;) {
        while (this.at < this.bytes.length && isSpace(this.bytes[this.at])) this.at += 1;
        if (this.bytes[this.at] !== 37) return;
        while (this.at < this.bytes.length && this.bytes[this.at] !== 10 && this.bytes[this.at] !== 13) this.at += 1;
      }
    }

    word() {
      const start = this.at;
      while (isRegular(this.bytes[this.at])) this.at += 1;
      return latin1(this.bytes.subarray(start, this.at));
    }

    /** The next value; a number that begins a reference is the reference. */
    next() {
      this.skip();
      const byte = this.bytes[this.at];
      if (byte === undefined) return END;
      if (byte === 47) { this.at += 1; return `/${this.word().replace(/#([0-9a-fA-F]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16)))}`; }
      if (byte === 40) return this.literal();
      if (byte === 60) return this.bytes[this.at + 1] === 60 ? this.map() : this.hexadecimal();
      if (byte === 91) { this.at += 1; return this.until(93); }
      if (!isRegular(byte)) { this.at += 1; return new Operator(String.fromCharCode(byte)); }
      const word = this.word();
      if (/^[+-]?\d*(?:\.\d*)?$/.test(word) && /\d/.test(word)) return this.reference(Number(word));
      return { true: true, false: false, null: null }[word] ?? (word === "null" ? null : new Operator(word));
    }

    reference(number) {
      if (!Number.isInteger(number) || number < 0) return number;
      const found = /^[\0\t\n\f\r ]+\d{1,5}[\0\t\n\f\r ]+R(?![A-Za-z0-9])/.exec(latin1(this.bytes.subarray(this.at, this.at + 16)));
      if (!found) return number;
      this.at += found[0].length;
      return new Ref(number);
    }

    until(closing) {
      const values = [];
      this.depth += 1;
      if (this.depth > DEEPEST) throw new Unreadable("deeper than it may be");
      for (;;) {
        this.skip();
        if (this.bytes[this.at] === undefined) break;
        if (this.bytes[this.at] === closing) { this.at += closing === 62 ? 2 : 1; break; }
        values.push(this.next());
      }
      this.depth -= 1;
      return values;
    }

    map() {
      this.at += 2;
      const values = this.until(62), map = new Map();
      for (let at = 0; at + 1 < values.length; at += 2) map.set(values[at], values[at + 1]);
      return map;
    }

    hexadecimal() {
      const start = this.at + 1;
      let end = this.bytes.indexOf(62, start);
      if (end < 0) end = this.bytes.length;
      this.at = end + 1;
      const digits = latin1(this.bytes.subarray(start, end)).replace(/[^0-9a-fA-F]/g, "");
      return Uint8Array.from((digits.length % 2 ? `${digits}0` : digits).match(/../g) || [], (each) => parseInt(each, 16));
    }

    literal() {
      const out = [];
      let open = 1;
      this.at += 1;
      for (; this.at < this.bytes.length; this.at += 1) {
        const byte = this.bytes[this.at];
        if (byte === 92) { this.escape(out); continue; }
        if (byte === 40) open += 1;
        if (byte === 41) { open -= 1; if (!open) { this.at += 1; break; } }
        out.push(byte);
      }
      return Uint8Array.from(out);
    }

    escape(out) {
      this.at += 1;
      const octal = /^[0-7]{1,3}/.exec(latin1(this.bytes.subarray(this.at, this.at + 3)));
      if (octal) { out.push(parseInt(octal[0], 8) & 255); this.at += octal[0].length - 1; return; }
      const letter = String.fromCharCode(this.bytes[this.at]), meant = { n: 10, r: 13, t: 9, b: 8, f: 12 }[letter];
      if (letter === "\r" && this.bytes[this.at + 1] === 10) this.at += 1;
      if (letter !== "\r" && letter !== "\n") out.push(meant || this.bytes[this.at]);
    }
  }

  /** Of what a page draws, which has no references. */
  class DrawingLexer extends Lexer {
    reference(number) { return number; }
  }

  function latin1(bytes) {
    let text = "";
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode.apply(null, bytes.subarray(at, at + 8192));
    return text;
  }

  // Streams

  async function inflated(bytes, budget) {
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate")).getReader(), parts = [];
    let size = 0;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        size += value.length;
        if (size > budget) { await reader.cancel().catch(() => {}); throw new Unreadable("more than can be unpacked"); }
        parts.push(value);
      }
    } catch (error) {
      if (error instanceof Unreadable || !parts.length) throw error; // what stands after the end is no loss
    }
    const whole = new Uint8Array(size);
    let at = 0;
    for (const part of parts) { whole.set(part, at); at += part.length; }
    return whole;
  }

  function base85(bytes) {
    const out = [];
    let group = [];
    const put = (count) => {
      const value = group.reduce((sum, each) => sum * 85 + each, 0);
      for (let at = 0; at < count; at += 1) out.push(Math.floor(value / 256 ** (3 - at)) % 256);
      group = [];
    };
    for (const byte of bytes) {
      if (byte === 126) break;
      if (byte === 122 && !group.length) out.push(0, 0, 0, 0);
      else if (byte >= 33 && byte <= 117) { group.push(byte - 33); if (group.length === 5) put(4); }
    }
    const left = group.length;
    if (left > 1) { while (group.length < 5) group.push(84); put(left - 1); }
    return Uint8Array.from(out);
  }

  /** Undo the prediction of PNG (ISO 32000-2, 7.4.4.4): bytes of rows, the filter of each before it. */
  function unpredicted(bytes, parameters) {
    if (!(parameters instanceof Map) || !(parameters.get("/Predictor") >= 10)) return bytes;
    const bits = (parameters.get("/Colors") || 1) * (parameters.get("/BitsPerComponent") || 8);
    const step = Math.max(1, bits >> 3), width = Math.ceil((bits * (parameters.get("/Columns") || 1)) / 8);
    const rows = Math.floor(bytes.length / (width + 1)), out = new Uint8Array(rows * width);
    for (let row = 0; row < rows; row += 1) {
      const kind = bytes[row * (width + 1)];
      for (let at = 0; at < width; at += 1) {
        const here = row * width + at, left = at >= step ? out[here - step] : 0, up = row ? out[here - width] : 0;
        const corner = row && at >= step ? out[here - width - step] : 0;
        out[here] = bytes[row * (width + 1) + 1 + at] + [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind];
      }
    }
    return out;
  }

  function paeth(left, up, corner) {
    const [one, two, three] = [up - corner, left - corner, left + up - 2 * corner].map(Math.abs);
    return one <= two && one <= three ? left : two <= three ? up : corner;
  }

  // The file

  class File {
    constructor(bytes) {
      this.bytes = bytes; this.text = latin1(bytes); this.objects = new Map(); this.trailer = new Map();
      this.budget = MOST_BYTES; this.steps = MOST_STEPS; this.letters = MOST_LETTERS; this.fonts = new Map();
    }

    get(value, depth = 0) {
      return value instanceof Ref && depth < 20 ? this.get(this.objects.get(value.number) ?? null, depth + 1) : value;
    }

    /** An entry of a dictionary, or of that of a stream; null if there is none. */
    entry(value, name) {
      const found = this.get(value), entries = found instanceof Stream ? found.entries : found;
      return entries instanceof Map ? this.get(entries.get(name) ?? null) : null;
    }

    /** Find every object: the last of a number counts, as after an update. */
    async scan() {
      const head = /(\d{1,7})[\0\t\n\f\r ]+\d{1,5}[\0\t\n\f\r ]+obj(?![a-z])|trailer(?=[\0\t\n\f\r ]*<<)/g, packed = [];
      for (let found = head.exec(this.text); found; found = head.exec(this.text)) {
        const lexer = new Lexer(this.bytes, found.index + found[0].length);
        let value = lexer.next();
        if (!found[1]) { if (value instanceof Map) this.add(value); continue; }
        if (value instanceof Map) [value, lexer.at] = this.streamed(value, lexer.at);
        head.lastIndex = Math.max(lexer.at, head.lastIndex);
        this.set(Number(found[1]), value);
        if (value instanceof Stream && value.entries.get("/Type") === "/ObjStm") packed.push(value);
        if (value instanceof Stream && value.entries.get("/Type") === "/XRef") this.add(value.entries);
      }
      for (const each of packed) await this.unpack(each);
    }

    add(trailer) { for (const [name, value] of trailer) this.trailer.set(name, value); }

    set(number, value) {
      if (value === END) return;
      this.objects.set(number, value);
      if (this.objects.size > MOST_OBJECTS) throw new Unreadable("more objects than are read");
    }

    streamed(entries, at) {
      const begun = /^[\0\t\n\f\r ]*stream(\r\n|\n|\r)?/.exec(this.text.slice(at, at + 40));
      if (!begun) return [entries, at];
      const start = at + begun[0].length, length = this.get(entries.get("/Length"));
      let end = Number.isInteger(length) ? start + length : -1;
      if (end < 0 || !/^\s*endstream/.test(this.text.slice(end, end + 16))) {
        end = this.text.indexOf("endstream", start);
        if (end < 0) end = this.bytes.length;
      }
      return [new Stream(entries, this.bytes.subarray(start, end)), end];
    }

    async unpack(stream) {
      const data = await this.data(stream).catch((error) => { if (error instanceof Unreadable) throw error; }), first = this.get(stream.entries.get("/First"));
      if (!data || !Number.isInteger(first)) return;
      const heads = latin1(data.subarray(0, first)).trim().split(/\s+/).map(Number);
      for (let at = 0; at + 1 < heads.length; at += 2) {
        if (!this.objects.has(heads[at])) this.set(heads[at], new Lexer(data, first + heads[at + 1]).next());
      }
    }

    /** The bytes of a stream; it is refused where a filter is another than ours and reportlab's. */
    async data(stream) {
      const filters = [this.get(stream.entries.get("/Filter") ?? [])].flat();
      const parameters = [this.get(stream.entries.get("/DecodeParms") ?? null)].flat();
      let data = stream.raw;
      for (const [at, filter] of filters.entries()) {
        const name = this.get(filter);
        if (name === "/FlateDecode") data = unpredicted(await inflated(data, this.budget), this.get(parameters[at]));
        else if (name === "/ASCII85Decode") data = base85(data);
        else throw new Unpacked(`packed as ${name}`);
      }
      this.budget -= data.length;
      if (this.budget < 0) throw new Unreadable("more than can be unpacked");
      return data;
    }

    root() {
      const named = this.get(this.trailer.get("/Root"));
      if (named instanceof Map) return named;
      return [...this.objects.values()].find((each) => each instanceof Map && each.get("/Type") === "/Catalog") || new Map();
    }

    pages() {
      const pages = [], seen = new Set();
      const walk = (node, resources) => {
        const found = this.get(node);
        if (!(found instanceof Map) || seen.has(found)) return;
        seen.add(found);
        const own = this.entry(found, "/Resources") || resources, kids = this.entry(found, "/Kids");
        if (Array.isArray(kids)) kids.forEach((each) => walk(each, own));
        else pages.push({ node: found, resources: own });
        if (pages.length > MOST_PAGES) throw new Unreadable("more pages than are read");
      };
      walk(this.root().get("/Pages"), null);
      return pages;
    }

    /** What files of a name that are attached say, each once. */
    async attached(name) {
      const texts = new Set(), seen = new Set(), found = [];
      const walk = (node) => {
        const each = this.get(node);
        if (!(each instanceof Map) || seen.has(each)) return;
        seen.add(each);
        (this.entry(each, "/Kids") || []).forEach?.(walk);
        const names = this.entry(each, "/Names");
        if (Array.isArray(names)) for (let at = 0; at + 1 < names.length; at += 2) found.push([this.get(names[at]), this.get(names[at + 1])]);
      };
      walk(this.entry(this.root().get("/Names"), "/EmbeddedFiles"));
      for (const [key, spec] of found) {
        const called = [key, this.entry(spec, "/F"), this.entry(spec, "/UF")].map(textString);
        const file = this.entry(this.entry(spec, "/EF"), "/F");
        if (!called.includes(name) || !(file instanceof Stream)) continue;
        texts.add(latin1(await this.data(file)));
      }
      return [...texts];
    }

    producer() {
      const found = textString(this.entry(this.trailer.get("/Info"), "/Producer"));
      return found.replace(/\p{C}/gu, " ").split(/\s+/).filter(Boolean).join(" ").slice(0, LONGEST_PRODUCER);
    }

    /** How many fields of the form are signed. */
    signatures() {
      const fields = this.entry(this.root().get("/AcroForm"), "/Fields");
      return (Array.isArray(fields) ? fields : []).filter((each) =>
        this.entry(each, "/FT") === "/Sig" && this.entry(each, "/V") instanceof Map).length;
    }
  }

  function textString(bytes) {
    if (!(bytes instanceof Uint8Array)) return "";
    return bytes[0] === 254 && bytes[1] === 255 ? new TextDecoder("utf-16be").decode(bytes.subarray(2)) : latin1(bytes);
  }

  // Fonts: what their codes mean, and how wide they are

  /** The map from codes to characters that a font brings along (ISO 32000-2, 9.10.3). */
  function mapOf(data) {
    const letters = new Map(), ranges = [], lexer = new DrawingLexer(data);
    const code = (bytes) => bytes.reduce((sum, each) => sum * 256 + each, 0);
    const meant = (bytes) => new TextDecoder("utf-16be").decode(bytes);
    let values = [], size = 0;
    const take = {
      endcodespacerange: () => { size ||= values.length ? values[0].length : 0; },
      endbfchar: () => { for (let at = 0; at + 1 < values.length; at += 2) letters.set(code(values[at]), meant(values[at + 1])); },
      endbfrange: () => {
        for (let at = 0; at + 2 < values.length; at += 3) {
          const [first, last, to] = [code(values[at]), code(values[at + 1]), values[at + 2]];
          if (Array.isArray(to)) to.forEach((each, step) => letters.set(first + step, meant(each)));
          else ranges.push([first, last, meant(to)]);
        }
      },
    };
    for (let value = lexer.next(); value !== END; value = lexer.next()) {
      if (!(value instanceof Operator)) { values.push(value); continue; }
      if (Object.hasOwn(take, value.name)) take[value.name]();
      values = [];
    }
    const letter = (each) => {
      if (letters.has(each)) return letters.get(each);
      const range = ranges.find(([first, last]) => first <= each && each <= last);
      if (!range) return UNKNOWN;
      const [...units] = range[2], last = units.pop();
      return units.join("") + String.fromCodePoint(last.codePointAt(0) + each - range[0]);
    };
    return { letter, size };
  }

  const NAMED = {
    space: " ", comma: ",", period: ".", hyphen: "-", colon: ":", semicolon: ";", slash: "/", at: "@", ampersand: "&",
    parenleft: "(", parenright: ")", numbersign: "#", quotesingle: "'", quoteright: "\u2019", quoteleft: "\u2018",
    quotedblleft: "\u201c", quotedblright: "\u201d", endash: "\u2013", emdash: "\u2014", periodcentered: "\u00b7", bullet: "\u2022",
    zero: "0", one: "1", two: "2", three: "3", four: "4", five: "5", six: "6", seven: "7", eight: "8", nine: "9",
    ff: "ff", fi: "fi", fl: "fl", ffi: "ffi", ffl: "ffl", plus: "+", equal: "=", underscore: "_", exclam: "!", question: "?",
  };

  function namedLetter(name) {
    const plain = name.slice(1).split(".")[0], unit = /^uni([0-9A-F]{4})$|^u([0-9A-F]{4,6})$/.exec(plain);
    if (unit) return String.fromCodePoint(Math.min(parseInt(unit[1] || unit[2], 16), 0x10ffff));
    return NAMED[plain] || (/^[A-Za-z]$/.test(plain) ? plain : UNKNOWN);
  }

  async function fontOf(file, font) {
    const composite = file.entry(font, "/Subtype") === "/Type0", unicode = file.entry(font, "/ToUnicode");
    const map = unicode instanceof Stream ? mapOf(await file.data(unicode)) : null;
    const size = composite ? (map && map.size) || 2 : 1;
    const plain = composite ? () => UNKNOWN : simpleLetters(file, font);
    const letter = (code) => {
      const found = map ? map.letter(code) : UNKNOWN;
      return found === UNKNOWN ? plain(code) : found;
    };
    return { size, letter, width: composite ? compositeWidths(file, font) : simpleWidths(file, font) };
  }

  function simpleLetters(file, font) {
    const encoding = file.entry(font, "/Encoding"), differences = file.entry(encoding, "/Differences");
    const base = encoding instanceof Map ? file.entry(encoding, "/BaseEncoding") : encoding;
    const standard = /^\/(Helvetica|Times|Courier)/.test(file.entry(font, "/BaseFont") || "");
    const known = base === "/WinAnsiEncoding" || (base === null && standard && !differences), own = new Map();
    let code = 0;
    for (const each of Array.isArray(differences) ? differences : []) {
      if (Number.isInteger(each)) code = each;
      else if (typeof each === "string") { own.set(code, namedLetter(each)); code += 1; }
    }
    const decoder = new TextDecoder("windows-1252");
    return (each) => own.get(each) || (known || (standard && each < 127) ? decoder.decode(Uint8Array.of(each)) : UNKNOWN);
  }

  function simpleWidths(file, font) {
    const widths = file.entry(font, "/Widths"), first = file.entry(font, "/FirstChar");
    const each = (code) => (Array.isArray(widths) ? file.get(widths[code - first]) : null);
    return (code) => (typeof each(code) === "number" ? each(code) : 500);
  }

  function compositeWidths(file, font) {
    const below = file.get((file.entry(font, "/DescendantFonts") || [])[0]), widths = new Map(), ranges = [];
    const list = file.entry(below, "/W") || [], usual = file.entry(below, "/DW") ?? 1000;
    for (let at = 0; at + 1 < list.length;) {
      const next = file.get(list[at + 1]);
      if (Array.isArray(next)) { next.forEach((each, step) => widths.set(list[at] + step, each)); at += 2; }
      else { ranges.push([list[at], next, list[at + 2]]); at += 3; }
    }
    return (code) => widths.get(code) ?? (ranges.find(([first, last]) => first <= code && code <= last) || [0, 0, usual])[2];
  }

  // Pages: runs of letters with their place, and the pictures drawn

  const times = ([a, b, c, d, e, f], [g, h, i, j, k, l]) =>
    [a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + l];
  const IDENTITY = [1, 0, 0, 1, 0, 0];

  class Page {
    constructor(file) { this.file = file; this.runs = []; this.images = []; this.mark = 0; this.unread = 0; }

    async draw(data, resources, ctm, depth) {
      const lexer = new DrawingLexer(data), stack = [];
      let state = { ctm, font: null, size: 0, spacing: 0, word: 0, scale: 1, leading: 0, rise: 0 }, values = [];
      let line = IDENTITY, matrix = IDENTITY;
      const move = (x, y) => { line = times([1, 0, 0, 1, x, y], line); matrix = line; };
      const show = (text) => { matrix = this.show(text, state, matrix); };
      const operators = {
        q: () => { if (stack.length < 1000) stack.push({ ...state }); },
        Q: () => { state = stack.pop() || state; },
        cm: (...six) => { if (six.length === 6) state.ctm = times(six, state.ctm); },
        BT: () => { line = IDENTITY; matrix = IDENTITY; },
        Tf: (name, size) => { state.font = name; state.size = size; },
        Tc: (each) => { state.spacing = each; }, Tw: (each) => { state.word = each; },
        Tz: (each) => { state.scale = each / 100; }, TL: (each) => { state.leading = each; },
        Td: move, TD: (x, y) => { state.leading = -y; move(x, y); },
        Tm: (...six) => { if (six.length === 6) { line = six; matrix = six; } }, "T*": () => move(0, -state.leading),
        Tj: show, "'": (text) => { move(0, -state.leading); show(text); },
        '"': (word, spacing, text) => { state.word = word; state.spacing = spacing; move(0, -state.leading); show(text); },
        TJ: (parts) => {
          for (const each of Array.isArray(parts) ? parts : []) {
            if (typeof each !== "number") show(each);
            else matrix = times([1, 0, 0, 1, (-each / 1000) * state.size * state.scale, 0], matrix);
          }
        },
        BDC: () => { this.mark += 1; }, BMC: () => { this.mark += 1; }, EMC: () => { this.mark += 1; },
      };
      for (let value = lexer.next(); value !== END; value = lexer.next()) {
        if (!(value instanceof Operator)) { if (values.length < 64) values.push(value); continue; }
        this.file.steps -= 1;
        if (this.file.steps < 0) throw new Unreadable("more drawing than is read");
        if (value.name === "Tf") state.face = await this.face(resources, values[0]);
        if (value.name === "Do") await this.put(resources, values[0], state.ctm, depth);
        else if (value.name === "BI") lexer.at = endOfInline(data, lexer.at);
        else if (Object.hasOwn(operators, value.name)) operators[value.name](...values);
        values = [];
      }
    }

    async face(resources, name) {
      const named = this.file.entry(resources, "/Font"), key = named instanceof Map ? named.get(name) : null;
      const id = key instanceof Ref ? key.number : key;
      if (!this.file.fonts.has(id)) this.file.fonts.set(id, await fontOf(this.file, key).catch(() => null));
      return this.file.fonts.get(id);
    }

    async put(resources, name, ctm, depth) {
      const found = this.file.entry(this.file.entry(resources, "/XObject"), name);
      if (!(found instanceof Stream) || depth > 8) return;
      const kind = this.file.get(found.entries.get("/Subtype"));
      if (kind === "/Image") this.images.push({ image: found, ctm });
      if (kind !== "/Form") return;
      const own = this.file.entry(found, "/Resources") || resources, matrix = this.file.entry(found, "/Matrix");
      // Ornaments are drawn a thousand times and have no words.
      if (found.silent) { this.file.steps -= 1; return; }
      const before = this.runs.length + this.images.length;
      await this.draw(found.words ??= await this.file.data(found), own, Array.isArray(matrix) && matrix.length === 6 ? times(matrix, ctm) : ctm, depth + 1);
      found.silent = this.runs.length + this.images.length === before;
    }

    /** Note a string with its place, and return the matrix after it. */
    show(text, state, matrix) {
      if (!(text instanceof Uint8Array)) return matrix;
      const face = state.face || { size: 1, letter: () => UNKNOWN, width: () => 500 };
      let said = "", along = 0;
      for (let at = 0; at + face.size <= text.length; at += face.size) {
        let code = 0;
        for (let byte = 0; byte < face.size; byte += 1) code = code * 256 + text[at + byte];
        said += face.letter(code);
        along += ((face.width(code) / 1000) * state.size + state.spacing + (face.size === 1 && code === 32 ? state.word : 0)) * state.scale;
      }
      this.file.letters -= said.length;
      if (this.file.letters < 0) throw new Unreadable("more text than is read");
      const after = times([1, 0, 0, 1, along, 0], matrix);
      if (said) {
        this.unread += said.split(UNKNOWN).length - 1;
        const [a, b, , , x, y] = times(matrix, state.ctm), end = times(after, state.ctm), length = Math.hypot(a, b) || 1;
        this.runs.push({
          said, mark: this.mark, em: Math.abs(state.size) * length,
          across: (y * a - x * b) / length, from: (x * a + y * b) / length, to: (end[4] * a + end[5] * b) / length,
        });
      }
      return after;
    }

    /** Lines of text in the order they are drawn: a new one where the baseline or *apart* says so. */
    lines(apart) {
      const lines = [];
      let before = null;
      for (const run of this.runs) {
        const same = before && Math.abs(run.across - before.across) < 0.2 * run.em && run.from > before.from - run.em && !apart(before, run);
        if (!same) lines.push("");
        const gap = same && run.from - before.to > 0.17 * run.em;
        lines[lines.length - 1] += (gap && !/\s$/.test(lines[lines.length - 1]) ? " " : "") + run.said;
        before = run;
      }
      return lines.map((each) => each.trim()).filter(Boolean);
    }
  }

  function endOfInline(data, at) {
    for (let end = at + 2; end + 2 < data.length; end += 1) {
      if (data[end] === 69 && data[end + 1] === 73 && isSpace(data[end - 1]) && !isRegular(data[end + 2])) return end + 2;
    }
    return data.length;
  }

  async function contentOf(file, node) {
    const parts = [];
    for (const each of [file.entry(node, "/Contents")].flat()) {
      const stream = file.get(each);
      if (stream instanceof Stream) parts.push(await file.data(stream), Uint8Array.of(10));
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  }

  async function pageOf(file, { node, resources }) {
    const page = new Page(file);
    let fault = "";
    try {
      await page.draw(await contentOf(file, node), resources, IDENTITY, 0);
    } catch (error) {
      if (error instanceof Unreadable) throw error;
      fault = error.message || "damaged";
    }
    const codes = [];
    for (const { image } of page.images) {
      const text = await codeIn(file, image).catch((error) => { if (error instanceof Unreadable) throw error; return ""; });
      if (text && !codes.includes(text)) codes.push(text);
    }
    // One reading keeps to the marks of what belongs together, the other to baselines alone.
    const readings = [page.lines((one, other) => one.mark !== other.mark), page.lines(() => false)];
    const isPicture = !page.runs.length && page.images.length > 0;
    return { readings, codes, fault, isPicture, unread: page.unread, picture: isPicture ? await pictureOf(file, page.images).catch(() => null) : null };
  }

  /** The largest picture of a page, for a reader of codes: as a JPEG, or its dots. */
  async function pictureOf(file, images) {
    const edges = ({ image }) => ["/Width", "/Height"].map((each) => file.entry(image, each));
    const [{ image }] = [...images].sort((one, other) => edges(other)[0] - edges(one)[0]);
    const [width, height] = edges({ image }), space = file.entry(image, "/ColorSpace");
    if ([file.entry(image, "/Filter")].flat()[0] === "/DCTDecode") return { jpeg: image.raw };
    const channels = { "/DeviceGray": 1, "/DeviceRGB": 3 }[Array.isArray(space) ? "" : space];
    if (!channels || file.entry(image, "/BitsPerComponent") !== 8 || width * height > MOST_DOTS) return null;
    const raw = await file.data(image), data = new Uint8ClampedArray(width * height * 4);
    for (let dot = 0; dot < width * height; dot += 1) {
      for (let each = 0; each < 3; each += 1) data[dot * 4 + each] = raw[dot * channels + (channels === 3 ? each : 0)];
      data[dot * 4 + 3] = 255;
    }
    return { width, height, data };
  }

  /** The text of a QR symbol that is drawn as a picture of one dot a module; "" for any other. */
  async function codeIn(file, image) {
    const [width, height] = ["/Width", "/Height"].map((each) => file.entry(image, each));
    if (width !== height || (width - 17) % 4 || width < 21 || width > 177) return "";
    const mask = file.entry(image, "/SMask"), shown = mask instanceof Stream ? mask : image;
    const isMask = file.entry(shown, "/ImageMask") === true, bits = isMask ? 1 : file.entry(shown, "/BitsPerComponent");
    const data = await file.data(shown), row = Math.ceil(data.length / height);
    const step = bits === 1 ? 0 : Math.floor(row / width);
    const at = (x, y) => (step ? data[y * row + x * step] > 127 : ((data[y * row + (x >> 3)] >> (7 - (x & 7))) & 1) === 1);
    for (const dark of [true, false]) {
      const text = cecertQr.textOf(width, (x, y) => at(x, y) === dark);
      if (text) return text;
    }
    return "";
  }

  /**
   * Read a PDF.
   *
   * @param bytes the file
   * @returns its pages, each with lines as it can be read in two ways, and the texts of the QR
   *   codes drawn on it; what is attached; how many fields are signed; who wrote it
   */
  async function read(bytes) {
    const file = new File(bytes);
    await file.scan();
    if (file.trailer.has("/Encrypt")) throw new Unreadable("it is encrypted");
    const pages = [];
    for (const each of file.pages()) pages.push(await pageOf(file, each));
    return {
      pages, tokens: await file.attached("cecert-token.txt"), transcripts: await file.attached("cecert-transcript.txt"),
      signatures: file.signatures(), producer: file.producer(), text: file.text,
    };
  }

  // What an archive adds: time stamps of the whole file, and what proves them

  const MOST_UPDATES = 20, FIELD = ["/FT", "/T", "/TU", "/Type", "/Subtype", "/F", "/Rect", "/P", "/V"];

  /** The address at the end of a file, of its last table of cross-references. */
  const tableOf = (file) => Number((/startxref\s+(\d{1,10})\s+%%EOF\r?\n?$/.exec(file.text.slice(-60)) || [])[1]);

  function objectAt(file, at) {
    const head = /^\s*(\d{1,7})\s+\d{1,5}\s+obj/.exec(file.text.slice(at, at + 30));
    if (!head) throw new Unpacked("no object");
    const lexer = new Lexer(file.bytes, at + head[0].length), value = lexer.next();
    return { number: Number(head[1]), value: value instanceof Map ? file.streamed(value, lexer.at)[0] : value };
  }

  /** The cross-references of an update: its trailer, and where it says that objects stand. */
  async function updateAt(file, at) {
    const { value } = objectAt(file, at), widths = file.entry(value, "/W"), data = await file.data(value), places = new Map();
    const index = file.entry(value, "/Index") || [0, file.entry(value, "/Size")];
    let from = 0;
    const taken = (width) => { from += width; return data.subarray(from - width, from).reduce((sum, each) => sum * 256 + each, 0); };
    for (let pair = 0; pair + 1 < index.length; pair += 2) {
      for (let number = index[pair]; number < index[pair] + index[pair + 1] && from < data.length; number += 1) {
        const [kind, place] = widths.map(taken);
        if (number || kind) places.set(number, kind === 1 ? place : 0); // what was taken away, or packed, is nowhere
      }
    }
    return { trailer: value.entries, places };
  }

  function alike(one, other) {
    if (one instanceof Ref) return other instanceof Ref && one.number === other.number;
    if (one instanceof Map) return other instanceof Map && alikeBut(one, other, []);
    if (!Array.isArray(one) && !(one instanceof Uint8Array)) return one === other;
    return Boolean(other) && one.constructor === other.constructor && one.length === other.length && one.every((each, at) => alike(each, other[at]));
  }

  const alikeBut = (one, other, names) => [...new Set([...one.keys(), ...other.keys()])].every((name) =>
    names.includes(name) || (one.has(name) && other.has(name) && alike(one.get(name), other.get(name))));

  /**
   * A file as it was before time stamps of all of it were added, if nothing else was; else null.
   *
   * Everything that the updates put in the place of something must be as before, but for fields of
   * no size that hold the stamps. What is new can be reached from there alone.
   *
   * @param bytes the file
   * @param isStampOf says whether a time stamp is one of some bytes
   */
  async function beforeStamps(bytes, isStampOf) {
    const [, , second, length] = /\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)/.exec(latin1(bytes)).slice(1).map(Number);
    const end = second + length, before = new File(bytes.subarray(0, end)), after = new File(bytes), places = new Map();
    await before.scan();
    let at = tableOf(after), updates = 0;
    for (; at >= end; updates += 1) {
      const update = await updateAt(after, at), next = update.trailer.get("/Prev");
      for (const [number, place] of update.places) if (!places.has(number)) places.set(number, place);
      if (!updates) after.trailer = update.trailer;
      if (!(next < at) || updates > MOST_UPDATES) return null;
      at = next;
    }
    if (!updates || at !== tableOf(before) || after.trailer.has("/Encrypt") || !alike(before.trailer.get("/Root"), after.trailer.get("/Root"))) return null;
    after.objects = new Map(before.objects);
    for (const [number, place] of places) {
      const found = place < end ? {} : objectAt(after, place);
      if (found.number !== number) return null;
      after.objects.set(number, found.value);
    }
    return await addsStampsAlone(before, after, places, isStampOf) ? before.bytes : null;
  }

  async function addsStampsAlone(before, after, places, isStampOf) {
    const both = (name, nodes) => [before.entry(nodes[0], name), after.entry(nodes[1], name)];
    const roots = [before.root(), after.root()], forms = both("/AcroForm", roots), fields = both("/Fields", forms);
    const pages = before.pages().map(({ node }, at) => [node, after.pages()[at].node]), notes = pages.map((each) => both("/Annots", each));
    const replaced = [roots, forms, fields, ...pages, ...notes, both("/Metadata", roots), [before.entry(before.trailer, "/Info")]].map(([each]) => each).filter(Boolean);
    const fresh = (number) => places.has(number) && number >= before.trailer.get("/Size");
    const grown = ([one, other]) => alike(one || [], (other || []).slice(0, (one || []).length))
      && (other || []).slice((one || []).length).every((each) => each instanceof Ref && fresh(each.number));
    const whole = [...places.keys()].every((number) => fresh(number) || replaced.includes(before.objects.get(number)))
      && alikeBut(...roots, ["/AcroForm", "/DSS", "/Extensions"]) && alikeBut(...forms, ["/Fields", "/SigFlags"])
      && pages.every((each) => alikeBut(...each, ["/Annots"])) && [fields, ...notes].every(grown);
    const added = whole ? new Set([fields, ...notes].flatMap(([one, other]) => (other || []).slice((one || []).length).map((each) => each.number))) : [];
    for (const number of added) if (!await isStampField(after, after.objects.get(number), isStampOf)) return false;
    return whole && added.size > 0;
  }

  async function isStampField(file, field, isStampOf) {
    const rect = file.entry(field, "/Rect"), stamp = file.entry(field, "/V"), [zero, first, second, length] = file.entry(stamp, "/ByteRange");
    const token = file.entry(stamp, "/Contents"), hole = file.text.slice(first, second);
    return [...field.keys()].every((name) => FIELD.includes(name)) && rect.length === 4 && rect.every((each) => each === 0)
      && file.entry(field, "/FT") === "/Sig" && file.entry(stamp, "/SubFilter") === "/ETSI.RFC3161"
      && zero === 0 && second + length <= file.bytes.length && /^<[0-9a-fA-F]*>$/.test(hole) && alike(new Lexer(file.bytes, first).next(), token)
      && isStampOf(token, new Uint8Array(await new Blob([file.bytes.subarray(0, first), file.bytes.subarray(second, second + length)]).arrayBuffer()));
  }

  return { Unreadable, beforeStamps, latin1, read };
})();

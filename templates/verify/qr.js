/* A QR symbol whose modules are known exactly, as in the file of our own writer: no picture is
   looked at and no fault is mended, for the signature of what it holds says if it is right
   (ISO/IEC 18004, 7.3 to 7.10). */
const cecertQr = (() => {
  // Of versions 1 to 17: parity codewords of a block, and blocks, for the two levels we print.
  const LEVELS = {
    0: [[10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28], [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11]],
    3: [[13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28], [1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16]],
  };
  const MASKS = [
    (x, y) => (x + y) % 2, (x, y) => y % 2, (x) => x % 3, (x, y) => (x + y) % 3, (x, y) => ((y >> 1) + Math.floor(x / 3)) % 2,
    (x, y) => ((x * y) % 2) + ((x * y) % 3), (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
  ];

  function isFinder(size, dark) {
    const ring = (x, y) => { const far = Math.max(Math.abs(x - 3), Math.abs(y - 3)); return far !== 2 && far < 4; };
    for (let y = 0; y < 7; y += 1) {
      for (let x = 0; x < 7; x += 1) {
        const places = [[x, y], [size - 7 + x, y], [x, size - 7 + y]];
        if (places.some(([at, row]) => dark(at, row) !== ring(x, y))) return false;
      }
    }
    return true;
  }

  /** Where alignment patterns have their middle, along one edge. */
  function middles(version, size) {
    if (version === 1) return [];
    const count = Math.floor(version / 7) + 2, places = [6];
    const step = Math.ceil((size - 13) / (count * 2 - 2)) * 2;
    for (let at = size - 7; places.length < count; at -= step) places.splice(1, 0, at);
    return places;
  }

  function isFunction(version, size) {
    const places = middles(version, size), last = size - 7;
    const near = (x, y) => places.some((row) => places.some((column) =>
      Math.abs(x - column) < 3 && Math.abs(y - row) < 3
      && !(row === 6 && column === 6) && !(row === 6 && column === last) && !(row === last && column === 6)));
    return (x, y) => x === 6 || y === 6 || (x < 9 && y < 9) || (x > size - 9 && y < 9) || (x < 9 && y > size - 9)
      || near(x, y) || (version > 6 && ((y < 6 && x > size - 12) || (x < 6 && y > size - 12)));
  }

  function codewords(size, dark, version, mask) {
    const taken = isFunction(version, size), bytes = [];
    let bits = 0, byte = 0;
    for (let right = size - 1, up = true; right > 0; right -= 2, up = !up) {
      if (right === 6) right = 5;
      for (let row = 0; row < size; row += 1) {
        const y = up ? size - 1 - row : row;
        for (const x of [right, right - 1]) {
          if (taken(x, y)) continue;
          byte = (byte << 1) | Number(dark(x, y) !== (MASKS[mask](x, y) === 0));
          bits += 1;
          if (bits === 8) { bytes.push(byte); bits = 0; byte = 0; }
        }
      }
    }
    return bytes;
  }

  /** The data of the blocks one after the other, without their parity. */
  function dataOf(words, [parity, blocks]) {
    const short = Math.floor(words.length / blocks) - parity, longer = words.length % blocks;
    const lengths = Array.from({ length: blocks }, (_, at) => short + (at >= blocks - longer ? 1 : 0));
    const parts = lengths.map(() => []);
    let at = 0;
    for (let row = 0; row <= short; row += 1) {
      parts.forEach((part, block) => { if (row < lengths[block]) { part.push(words[at]); at += 1; } });
    }
    return parts.flat();
  }

  function segments(data, version) {
    let at = 0, text = "";
    const bits = (count) => {
      let value = 0;
      for (let each = 0; each < count; each += 1, at += 1) value = value * 2 + ((data[at >> 3] >> (7 - (at & 7))) & 1);
      return value;
    };
    while (at + 4 <= data.length * 8) {
      const mode = bits(4);
      if (mode === 0) return text;
      if (mode !== 1 && mode !== 4) return "";
      let count = bits(version < 10 ? (mode === 4 ? 8 : 10) : (mode === 4 ? 16 : 12));
      if (mode === 4) { for (; count > 0; count -= 1) text += String.fromCharCode(bits(8)); continue; }
      for (; count > 0; count -= 3) {
        const digits = Math.min(count, 3), value = bits([0, 4, 7, 10][digits]);
        text += String(value).padStart(digits, "0");
      }
    }
    return text;
  }

  /**
   * The text of a symbol; "" if it is none, or of a kind that is not printed here.
   *
   * @param size modules along an edge
   * @param dark says of a column and a row if the module there is dark
   */
  function textOf(size, dark) {
    const version = (size - 17) / 4;
    if (version > 17 || !isFinder(size, dark)) return "";
    let format = 0;
    for (const [x, y] of [[0, 8], [1, 8], [2, 8], [3, 8], [4, 8]]) format = format * 2 + (dark(x, y) ? 1 : 0);
    format ^= 0b10101; // of the mask of format information only what stands over level and mask
    const level = LEVELS[format >> 3];
    if (!level) return "";
    const words = codewords(size, dark, version, format & 7);
    return segments(dataOf(words, level.map((each) => each[version - 1])), version);
  }

  return { textOf };
})();

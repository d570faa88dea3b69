/* The texts of QR codes in a picture: by the browser where it can, else by a reader that is loaded
   from the page's own site when it is first asked for. */
const cecertReader = (() => {
  const LARGEST_EDGE = 4096;
  const ownReader = () => "BarcodeDetector" in window;
  let loaded = null, addresses = null; // the latter are of Trusted Types, which know a name once

  /** Whether this browser can read codes here. A saved copy has no site to load a reader from. */
  const can = (reader) => ownReader() || Boolean(reader && location.protocol !== "file:" && typeof WebAssembly === "object");

  /** Load the reader: script and module must have the digests that the page knows. */
  function load(reader) {
    loaded ??= Promise.all([moduleOf(reader), scriptOf(reader)]).then(([wasmBinary]) => {
      const code = window.ZXingWASM;
      code.prepareZXingModule({ overrides: { wasmBinary } });
      return (image) => code.readBarcodes(image, { formats: ["QRCode"], maxNumberOfSymbols: 8, tryHarder: true });
    });
    loaded.catch(() => { loaded = null; });
    return loaded;
  }

  const own = (name) => new URL(name, location.href).href;

  async function moduleOf(reader) {
    const answer = await fetch(own(reader.module), { integrity: reader.moduleDigest, credentials: "omit" });
    if (!answer.ok) throw new Error("no reader");
    return answer.arrayBuffer();
  }

  const scriptOf = (reader) => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    if (window.trustedTypes) addresses ??= window.trustedTypes.createPolicy("cecert", { createScriptURL: () => own(reader.script) });
    script.src = addresses ? addresses.createScriptURL("") : own(reader.script);
    script.integrity = reader.scriptDigest;
    script.onload = resolve;
    script.onerror = () => reject(new Error("no reader"));
    document.head.append(script);
  });

  function imageOf(source, width, height) {
    const scale = Math.min(1, LARGEST_EDGE / Math.max(width, height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale); canvas.height = Math.round(height * scale);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(source, 0, 0, canvas.width, canvas.height);
    return context.getImageData(0, 0, canvas.width, canvas.height);
  }

  /**
   * The texts of all codes in a picture; none if it cannot be read.
   *
   * @param picture a file, a playing video, or {width, height, data} of a page of a PDF
   * @param reader where the reader is, if the site has one
   */
  async function codesIn(picture, reader) {
    if (!can(reader)) return [];
    const live = picture instanceof HTMLVideoElement;
    const source = live ? picture : await bitmapOf(picture).catch(() => null);
    if (!source) return [];
    try {
      if (ownReader()) return (await new window.BarcodeDetector({ formats: ["qr_code"] }).detect(source)).map((each) => each.rawValue);
      const image = imageOf(source, live ? source.videoWidth : source.width, live ? source.videoHeight : source.height);
      return (await (await load(reader))(image)).filter((each) => each.isValid !== false).map((each) => each.text);
    } catch { return []; } finally { if (!live) source.close(); }
  }

  const bitmapOf = (picture) => createImageBitmap(picture instanceof Blob ? picture
    : picture.jpeg ? new Blob([picture.jpeg], { type: "image/jpeg" }) : new ImageData(picture.data, picture.width, picture.height));

  return { can, codesIn };
})();

/* The vectors that every verifier of cecert's passes: tests/vectors, made by cecert itself. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as verifier from "../index.js";

const { digestsIn, fromHex, openTrust, readLog, verify } = verifier;
const read = (path) => readFileSync(new URL(path, import.meta.url), "utf-8");
const bytes = (text) => (text === null || text === undefined ? null : fromHex(text));

async function answerTo({ root, trusts }, each) {
  let trust;
  try {
    trust = await openTrust(fromHex(trusts[each.trust]), root, each.now);
  } catch (error) {
    return [error.outcome, []];
  }
  const lists = async () => ({ served: each.served.map(fromHex), kept: bytes(each.kept) });
  const outliving = async () => {
    if (each.reattested_list === null) return fromHex(each.reattested);
    try {
      return digestsIn(fromHex(each.reattested_list), each.now);
    } catch {
      return new Uint8Array();
    }
  };
  const files = async (name) => (each.log && name in each.log ? [fromHex(each.log[name])] : []);
  const log = (payload) => readLog(trust, payload, each.now, files, bytes(each.log_kept));
  const found = await verify(each.text, trust, each.now, lists, outliving, log);
  return [found.outcome, found.warnings];
}

for (const name of ["tokens", "log"]) {
  test(`every vector of ${name}.json has its outcome`, async () => {
    const document = JSON.parse(read(`../../tests/vectors/${name}.json`));
    const wrong = [];
    for (const each of document.cases) {
      const found = await answerTo(document, each), expected = [each.expect, each.warnings];
      if (JSON.stringify(found) !== JSON.stringify(expected)) wrong.push([each.name, found, expected]);
    }
    assert.deepEqual(wrong, []);
    assert.ok(document.cases.length > 40);
  });
}

test("the module is the script of the verify page, and exports what has types", () => {
  const module = read("../index.js");
  assert.ok(module.startsWith(read("../../templates/verify/verifier.js")));
  const typed = [...read("../index.d.ts").matchAll(/^export (?:function|class) (\w+)/gm)];
  assert.deepEqual(typed.map((each) => each[1]).sort(), Object.keys(verifier).sort());
  assert.ok(typed.length > 8);
});

// Asks @sigstore/verify, which is another's reader of logs, about each case on standard input.
import { createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const folder = join(dirname(require.resolve("@sigstore/verify")), "tlog");
const { verifyCheckpoint } = require(join(folder, "checkpoint.js"));
const { verifyMerkleInclusion } = require(join(folder, "merkle.js"));
const { origin, key, keyid, cases } = JSON.parse(readFileSync(0, "utf-8"));
const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), Buffer.from(key, "hex")]);
const log = {
  logID: Buffer.from(keyid, "hex"), baseURL: origin,
  publicKey: createPublicKey({ key: spki, format: "der", type: "spki" }),
};

function said({ note, index, leaf, hashes }) {
  const entry = {
    canonicalizedBody: Buffer.from(leaf, "hex"),
    inclusionProof: {
      logIndex: String(index), hashes: hashes.map((each) => Buffer.from(each, "hex")),
      checkpoint: { envelope: note },
    },
  };
  try {
    verifyMerkleInclusion(entry, verifyCheckpoint(entry, [log]));
    return "";
  } catch (error) {
    return error.code || String(error);
  }
}

console.log(JSON.stringify(cases.map(said)));

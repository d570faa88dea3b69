// Says of each badge that is named what @digitalcredentials/verifier-core says: one JSON list.
import { readFileSync } from 'node:fs';
import { verifyCredential } from '@digitalcredentials/verifier-core';

const said = [];
for (const path of process.argv.slice(2)) {
  const credential = JSON.parse(readFileSync(path, 'utf8'));
  const { log = [], errors = [] } = await verifyCredential({ credential, knownDIDRegistries: [] });
  const steps = log.map(({ id, valid, error }) => [id, error ? error.name : valid]);
  said.push({ ...Object.fromEntries(steps), errors: errors.map(({ name }) => name) });
}
console.log(JSON.stringify(said));

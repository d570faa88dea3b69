/* Makes the module of the package of the script that is in the verify page: the text is the same, with
   the exports behind it. So there is one verifier in JavaScript (docs/adr/0014). */
import { readFileSync, writeFileSync } from "node:fs";

const script = readFileSync(new URL("../templates/verify/verifier.js", import.meta.url), "utf-8");
const names = Object.keys(new Function(`${script}\nreturn cecertVerifier;`)());
const module = `${script}\nexport const {\n  ${names.join(", ")},\n} = cecertVerifier;\n`;
writeFileSync(new URL(process.argv[2] || "index.js", import.meta.url), module);

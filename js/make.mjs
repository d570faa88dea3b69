/* Makes the module of the package of the script that is in the verify page: the text is the same, with
   exports of what index.d.ts promises behind it. So there is one verifier in JavaScript (docs/adr/0014). */
import { readFileSync, writeFileSync } from "node:fs";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf-8");
const script = read("../templates/verify/verifier.js");
const names = [...read("index.d.ts").matchAll(/^export (?:function|class) (\w+)/gm)].map((each) => each[1]);
const there = new Function(`${script}\nreturn cecertVerifier;`)();
const missing = names.filter((each) => typeof there[each] !== "function");
if (missing.length) throw new Error(`the script has no ${missing.join(", ")}`);
const module = `${script}\nexport const { ${names.join(", ")} } = cecertVerifier;\n`;
writeFileSync(new URL("index.js", import.meta.url), module);

// Renders formulas with KaTeX as strictly as it can.
// In (stdin): JSON list of {id, tex, display}. Out: JSON list of {id, tex, error}, empty when all is well.
"use strict";
const fs = require("node:fs");
const katex = require("katex");

const formulas = JSON.parse(fs.readFileSync(0, "utf8"));
const errors = [];
for (const { id, tex, display } of formulas) {
  try {
    katex.renderToString(tex, { displayMode: display, strict: "error", throwOnError: true, trust: false });
  } catch (error) {
    errors.push({ id, tex, error: error.message });
  }
}
process.stdout.write(JSON.stringify(errors));

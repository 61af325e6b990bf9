// Finds raw HTML in Markdown, as CommonMark reads it.
// In (stdin): JSON list of {id, text}, text without mathematics. Out: JSON list of {id, html}.
"use strict";
const fs = require("node:fs");
const loaded = require("markdown-it");
const MarkdownIt = loaded.default ?? loaded;

const markdown = new MarkdownIt({ html: true });
const found = [];
for (const { id, text } of JSON.parse(fs.readFileSync(0, "utf8"))) {
  for (const block of markdown.parse(text, {})) {
    for (const token of [block, ...(block.children ?? [])]) {
      if (token.type === "html_block" || token.type === "html_inline") found.push({ id, html: token.content });
    }
  }
}
process.stdout.write(JSON.stringify(found));

// Shows each of `pages` ([name, width, html]) in one frame and has axe-core look at it; `axe` is its source. What it
// found stands in the end as JSON in <pre id="found">: {name: {dark, complaints: [[rule, what, html], …]}}.
"use strict";

// A mail is a fragment: the landmarks are those of the program that shows it.
const OPTIONS = {
  resultTypes: ["violations", "incomplete"],
  preload: false,
  rules: { "landmark-one-main": { enabled: false }, region: { enabled: false } },
};
// axe cannot judge a glyph that is no letter, as ✓: those stand beside words that say the same.
const GLYPH = "Element content contains only non-text characters";

async function examine(pages, axe) {
  const frame = document.body.appendChild(document.createElement("iframe"));
  frame.height = 1500;
  frame.contentWindow.eval(axe);
  const found = {};
  for (const [name, width, html] of pages) {
    frame.width = width;
    const shown = frame.contentDocument;
    shown.open();
    shown.write(html);
    shown.close();
    const { violations, incomplete } = await frame.contentWindow.axe.run(shown, OPTIONS);
    const complaints = [];
    for (const { id, nodes } of [...violations, ...incomplete])
      for (const node of nodes) {
        const why = [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; ");
        if (why !== GLYPH) complaints.push([id, why, node.html.slice(0, 200)]);
      }
    const dark = frame.contentWindow.matchMedia("(prefers-color-scheme: dark)").matches;
    found[name] = { dark, width: frame.contentWindow.innerWidth, complaints };
  }
  return found;
}

function report(found) {
  const result = document.createElement("pre");
  result.id = "found";
  result.textContent = JSON.stringify(found);
  document.body.replaceChildren(result);
}

// Prints what fountain-js finds in a Fountain file: a JSON list of [kind, text].
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.argv[2] + "/");
const { Fountain } = require("fountain-js");

const found = [];
let speech = null;
const close = () => {
  if (speech !== null) found.push(["speech", speech.join(" ")]);
  speech = null;
};
for (const token of new Fountain().parse(readFileSync(process.argv[3], "utf8"), true).tokens) {
  if (token.type === "scene_heading") found.push(["scene", token.text]);
  if (token.type === "character") {
    close();
    found.push(["character", token.text]);
    speech = [];
  }
  if (token.type === "dialogue" && speech !== null) speech.push(token.text);
  if (token.type === "dialogue_end") close();
}
close();
process.stdout.write(JSON.stringify(found));

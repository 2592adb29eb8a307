// Mozilla's Readability on linkedom over pages: readability.mjs MODULES PAGE.html.gz...
// All in one process, as fast as it goes. Prints the number of pages and the CPU seconds they took,
// reading and starting left out.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const [modules, ...files] = process.argv.slice(2);
const require = createRequire(modules + "/");
const { Readability } = require("@mozilla/readability");
const { parseHTML } = require("linkedom");

const pages = files.map((file) => gunzipSync(readFileSync(file)).toString("utf8"));
const extract = (page) => {
  try {
    return new Readability(parseHTML(page).document).parse()?.content?.length ?? 0;
  } catch {
    return 0;
  }
};
pages.slice(0, 20).forEach(extract); // warm up
const before = process.cpuUsage();
pages.forEach(extract);
const { user, system } = process.cpuUsage(before);
console.log(pages.length, (user + system) / 1e6);

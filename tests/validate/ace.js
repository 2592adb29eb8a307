// Ace by DAISY on several books, with one browser: node ace.js BOOK... For each finding a line of
// JSON: {book, page, rule, impact, what}; for each book {book, done, pages}.
// NODE_PATH is where the modules are; PUPPETEER_EXECUTABLE_PATH the browser.
'use strict';

const fs = require('fs');
const os = require('os');
const path = require('path');
const ace = require('@daisy/ace-core');
const runner = require('@daisy/ace-axe-runner-puppeteer');

function tell(line) {
	fs.writeSync(1, JSON.stringify(line) + '\n');
}

async function examine(book) {
	const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'chapbook-ace-'));
	try {
		const [, report] = await ace(book, {
			cwd: process.cwd(), outdir, jobid: '', initLogger: true, silent: true,
			fileName: 'chapbook-ace.log',
		}, runner);
		let pages = 0;
		for (const page of report.assertions) {
			pages++;
			for (const found of page.assertions || []) {
				const test = found['earl:test'] || {};
				const result = found['earl:result'] || {};
				tell({
					book, page: (page['earl:testSubject'] || {}).url,
					rule: test['dct:title'], impact: test['earl:impact'],
					what: String(result['dct:description'] || test['dct:description']).replace(/\s+/g, ' '),
					html: result.html,
				});
			}
		}
		tell({ book, done: true, pages, outcome: (report['earl:result'] || {})['earl:outcome'] });
	} finally {
		fs.rmSync(outdir, { recursive: true, force: true });
	}
}

(async () => {
	for (const book of process.argv.slice(2))
		await examine(book);
	process.exit(0);
})().catch((error) => {
	console.error(error);
	process.exit(1);
});

// Pages in headless Chromium: node browser.js < JOBS. A line of JSON for each job:
//   {page, width, height, font, style, shot, full}
// page: the path of an XHTML file; width and height: CSS pixels; font: the size of the text in
// percent; style: a style sheet that a reading system adds; shot: write a PNG there, of the whole page
// with "full"; all but page, width, height and font may be missing.
// For each a line of JSON: {page, width, font, overflow, widest, tables, height}: how many pixels of it
// lie beyond the right or left edge, the element that reaches furthest, how many tables do, and how
// long the page is.
// NODE_PATH is where the modules are; PUPPETEER_EXECUTABLE_PATH the browser.
'use strict';

const fs = require('fs');
const puppeteer = require('puppeteer');

function measure() {
	const root = document.documentElement;
	const edge = root.clientWidth;
	let widest = null, most = 0.5;
	for (const e of document.body.querySelectorAll('*')) {
		if (e.closest('math, svg') !== null && e.closest('math, svg') !== e)
			continue;
		const box = e.getBoundingClientRect();
		const beyond = Math.max(box.right - edge, -box.left);
		if (box.width > 0 && box.height > 0 && beyond > most) {
			most = beyond;
			widest = e.outerHTML.slice(0, 200);
		}
	}
	const tables = [...document.querySelectorAll('table, [role="table"]')];
	return {
		overflow: Math.max(0, root.scrollWidth - edge), widest,
		tables: tables.filter((e) => e.getBoundingClientRect().right > edge + 0.5).length,
		height: root.scrollHeight,
	};
}

async function main() {
	const jobs = fs.readFileSync(0, 'utf8').split('\n').filter(Boolean).map((l) => JSON.parse(l));
	const browser = await puppeteer.launch({
		executablePath: process.env.PUPPETEER_EXECUTABLE_PATH,
		args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars'],
		protocolTimeout: 1800000,
	});
	try {
		const tab = await browser.newPage();
		tab.setDefaultTimeout(0);
		await tab.setJavaScriptEnabled(true);
		let open = null;
		for (const job of jobs) {
			await tab.setViewport({ width: job.width, height: job.height });
			if (open !== job.page)
				await tab.goto('file://' + job.page, { waitUntil: 'load' });
			open = job.page;
			await tab.evaluate((css) => {
				let own = document.getElementById('reader-style');
				if (!own) {
					own = document.createElementNS('http://www.w3.org/1999/xhtml', 'style');
					own.id = 'reader-style';
					document.head.appendChild(own);
				}
				own.textContent = css;
			}, `html { font-size: ${job.font}%; } ${job.style || ''}`);
			const found = await tab.evaluate(measure);
			if (job.shot) {
				if (job.full)
					await tab.setViewport({ width: job.width, height: found.height });
				await tab.screenshot({ path: job.shot });
			}
			process.stdout.write(JSON.stringify({
				page: job.page, width: job.width, font: job.font, ...found,
			}) + '\n');
		}
	} finally {
		await browser.close();
	}
}

main().catch((e) => {
	process.stderr.write(String(e && e.stack || e) + '\n');
	process.exit(1);
});

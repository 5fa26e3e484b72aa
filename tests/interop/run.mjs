// SPDX-License-Identifier: Apache-2.0
// usage: node run.mjs DIRECTORY QUICKSTART COMMAND [CASE...]
// Runs the cases, or those named, and prints what became of each check and how to run it again, which is
// COMMAND with the case's name.
import { cases } from "./cases.mjs";
import { World } from "./world.mjs";

const [directory, quickstart, command, ...wanted] = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(cases, name));
if (unknown.length) {
	console.error(`interop: no case ${unknown.join(", ")}; there are: ${Object.keys(cases).join(" ")}`);
	process.exit(2);
}

const counts = { passed: 0, failed: 0 };
const waiting = [];

function reportFor(name) {
	const check = async (title, claim) => {
		try {
			await claim();
			counts.passed++;
			console.log(`ok - ${title}`);
			return true;
		} catch (error) {
			counts.failed++;
			const reason = error.code === "ERR_ASSERTION" ? error.message : error.stack;
			const lines = reason.split("\n").filter((line) => line.trim());
			console.log([`not ok - ${title}`, ...lines, `again: ${command} ${name}`].join("\n    "));
			return false;
		}
	};
	// For what takes a minute; the other cases go on meanwhile.
	const later = (title, claim) => waiting.push(check(title, claim));
	return { check, later };
}

const world = new World(directory, quickstart);
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) {
	process.on(signal, async () => {
		await world.stop().catch(() => {});
		process.exit(1);
	});
}

for (const name of wanted.length ? wanted : Object.keys(cases)) {
	const report = reportFor(name);
	try {
		await cases[name](world, report);
	} catch (error) {
		await report.check(name, () => { throw error; });
	}
}
await Promise.all(waiting);
await reportFor("").check("everything stops", () => world.stop());
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed ? 1 : 0);

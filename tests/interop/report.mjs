// SPDX-License-Identifier: Apache-2.0
// Runs cases and prints what became of each check and how to run it again.

/** Its message says why a case cannot run here; it is passed over. */
export class Skipped extends Error {}

/**
 * cases: by name, each gets the world it acts in and a report to name its checks to; wanted: names, or
 * empty for all; command: what runs a case again when its name is added. Ends the process.
 */
export async function runAll(cases, world, command, wanted) {
	const unknown = wanted.filter((name) => !Object.hasOwn(cases, name));
	if (unknown.length) {
		console.error(`no case ${unknown.join(", ")}; there are: ${Object.keys(cases).join(" ")}`);
		process.exit(2);
	}
	for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) {
		process.on(signal, async () => {
			await world.stop().catch(() => {});
			process.exit(1);
		});
	}
	const results = new Results(command);
	for (const name of wanted.length ? wanted : Object.keys(cases)) {
		const report = results.reportFor(name);
		try {
			await cases[name](world, report);
		} catch (error) {
			if (error instanceof Skipped) console.log(`skip - ${name}: ${error.message}`);
			else await report.check(name, () => { throw error; });
		}
	}
	await Promise.all(results.waiting);
	await results.reportFor("").check("everything stops", () => world.stop());
	console.log(`${results.passed} passed, ${results.failed} failed`);
	process.exit(results.failed ? 1 : 0);
}

class Results {
	passed = 0;
	failed = 0;
	waiting = [];

	constructor(command) {
		this.command = command;
	}

	reportFor(name) {
		const check = (title, claim) => this.check(name, title, claim);
		// For what takes a minute; the other cases go on meanwhile.
		const later = (title, claim) => this.waiting.push(check(title, claim));
		return { check, later };
	}

	async check(name, title, claim) {
		try {
			await claim();
			this.passed++;
			console.log(`ok - ${title}`);
			return true;
		} catch (error) {
			this.failed++;
			const reason = error.code === "ERR_ASSERTION" ? error.message : error.stack;
			const lines = reason.split("\n").filter((line) => line.trim());
			console.log([`not ok - ${title}`, ...lines, `again: ${this.command} ${name}`].join("\n    "));
			return false;
		}
	}
}

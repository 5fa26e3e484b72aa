// SPDX-License-Identifier: Apache-2.0
// usage: node self_test.mjs
// Whether mistakes are noticed, in a document and in answers, and nothing else is taken for one.
import { Api } from "./api.mjs";
import { judge } from "./judge.mjs";
import { in_answers, in_documents } from "./mistakes.mjs";
import { Report } from "./report.mjs";
import { mistakesIn } from "./rules.mjs";
import { document, exchange, names } from "./sample.mjs";

const report = new Report();

async function mistakesOf(subject) {
	const mistakes = await mistakesIn(JSON.stringify(subject));
	if (mistakes.length) return mistakes;
	const api = new Api(subject);
	return api.allSchemas.flatMap((place) => api.schemas.mistakesIn(place));
}

/** What must be said is said. */
function expect(title, pattern, said) {
	const hit = said.some((sentence) => pattern.test(sentence));
	report.check(title, hit ? [] : [`what is said does not match ${pattern}`, ...said]);
}

report.check("a sound document is accepted", await mistakesOf(document));
for (const [mistake, [make, pattern]] of Object.entries(in_documents)) {
	const subject = structuredClone(document);
	make(subject);
	expect(`noticed in a document: ${mistake}`, pattern, await mistakesOf(subject));
}

const api = new Api(document);
for (const name of names) report.check(`sound: ${name}`, judge(api, exchange(name)).complaints);
for (const [mistake, [name, make, pattern]] of Object.entries(in_answers))
	expect(`noticed in an answer: ${mistake}`, pattern, judge(api, exchange(name, make)).complaints);
process.exit(report.failed ? 1 : 0);

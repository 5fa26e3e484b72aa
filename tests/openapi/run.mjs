// SPDX-License-Identifier: Apache-2.0
// usage: node run.mjs DOCUMENT RECORDING
// Judges the document that gatepost serves, and by it every answer of the recording.
import { readFile } from "node:fs/promises";
import { Api } from "./api.mjs";
import { Group, storyOf } from "./group.mjs";
import { judge } from "./judge.mjs";
import { exchangesIn } from "./recording.mjs";
import { Report } from "./report.mjs";
import { mistakesIn } from "./rules.mjs";

const [document_file, recording_file] = process.argv.slice(2);
const report = new Report();
const api = await judgeDocument(await readFile(document_file, "utf8"));
const exchanges = await exchangesIn(recording_file);
judgeAuthors();
judgeAnswers();
process.exit(report.failed ? 1 : 0);

/** Without a sound document nothing can be judged by it. */
async function judgeDocument(text) {
	report.check("the document is OpenAPI 3.1", await mistakesIn(text));
	if (report.failed) process.exit(1);
	const promised = new Api(JSON.parse(text));
	const schemas = promised.allSchemas;
	report.check(`its ${schemas.length} schemas are JSON Schema 2020-12, in strict mode`,
		schemas.flatMap((place) => promised.schemas.mistakesIn(place)));
	if (report.failed) process.exit(1);
	return promised;
}

/** A web server may refuse in gatepost's stead, but not serve. */
function judgeAuthors() {
	const by = (author) => exchanges.filter(({ answer }) => answer.by === author);
	const served = by("server").filter(({ answer }) => answer.status < 400);
	report.check(
		`${exchanges.length} requests: gatepost answered ${by("gatepost").length}, ` +
			`the web server refused ${by("server").length}, nobody answered ${by("nobody").length}`,
		[
			...(by("gatepost").length ? [] : ["there is nothing to judge"]),
			...served.map((exchange) => `served by the web server: ${storyOf(exchange)}`),
		]);
}

function judgeAnswers() {
	const groups = new Map(api.operations.map(({ name }) => [name, new Group()]));
	for (const exchange of exchanges) {
		const verdict = exchange.answer.by === "gatepost" ? judge(api, exchange) : undefined;
		if (!verdict) continue;
		if (!groups.has(verdict.about)) groups.set(verdict.about, new Group());
		groups.get(verdict.about).add(exchange, verdict);
	}
	for (const [about, group] of groups)
		if (group.answers) report.check(`${about}: ${group.summary}`, group.complaints);
	for (const operation of api.operations) sayWhatIsMissing(operation, groups.get(operation.name));
}

function sayWhatIsMissing(operation, { answers, entries }) {
	const missing = operation.statuses.filter((status) => !entries.has(status));
	if (!answers) report.say(`${operation.name}: no answer was recorded`);
	else if (missing.length) report.say(`${operation.name}: no answer was recorded with ${missing.join(", ")}`);
}

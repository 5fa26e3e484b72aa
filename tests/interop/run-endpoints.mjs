// SPDX-License-Identifier: Apache-2.0
// usage: node run-endpoints.mjs DIRECTORY QUICKSTART COMMAND [OPTION...] [CASE...]
// Runs the cases of Better Auth's endpoints, or those named; COMMAND with a case's name runs it again. The
// options are those of endpoints.sh, which explains them.
import { parseArgs } from "node:util";
import { AuthWorld } from "./auth-world.mjs";
import { casesFor } from "./endpoints.mjs";
import { variants } from "./recording.mjs";
import { runAll } from "./report.mjs";

const [directory, quickstart, command, ...rest] = process.argv.slice(2);
const text = { type: "string" };
const { values, positionals } = parseArgs({
	args: rest, allowPositionals: true,
	options: { with: text, database: text, secret: text, letters: text, url: { ...text, multiple: true }, origin: { ...text,
		multiple: true } },
});

// "VARIANT=TEXT", or a text alone for the main variant
const byVariant = (list = []) => Object.fromEntries(list.map((item) => item.match(/^(?:([a-z]+)=)?(.*)$/).slice(1)).map(([variant,
	rest]) => [variant ?? "main", rest]));

function given() {
	if (!values.url) return undefined;
	const origins = byVariant(values.origin);
	return Object.fromEntries(Object.entries(byVariant(values.url)).map(([variant, url]) =>
		[variant, { url, origin: origins[variant] ?? variants[variant]?.BETTER_AUTH_URL ?? variants.main.BETTER_AUTH_URL }]));
}

const { database: OWNER_DATABASE_URL, secret: BETTER_AUTH_SECRET, letters } = values;
const world = new AuthWorld(directory, quickstart, { given: given(), settings: { OWNER_DATABASE_URL, BETTER_AUTH_SECRET }, letters });
const options = rest.slice(0, rest.length - positionals.length).map((word) => (/^[\w:/.@=%-]+$/.test(word) ? word : `'${word}'`));
const { cases, exchanges } = casesFor(values.with ?? "gatepost");
await runAll({ ...cases, ...exchanges }, world, [command, ...options].join(" "), positionals.length ? positionals : Object.keys(cases));

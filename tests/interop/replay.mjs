// SPDX-License-Identifier: Apache-2.0
// Repeats the recorded exchanges, in their order, with a server, and judges its answers.
import { request as openRequest } from "node:http";
import { valueDifferences } from "./differences.mjs";
import { Likeness } from "./likeness.mjs";
import { corrections, exchanges, preparations, start_ms, variants } from "./recording.mjs";

const answer_limit_ms = 20_000;

/**
 * servers: by variant, { url, origin } with the origin of its BETTER_AUTH_URL; sql: a statement on their
 * database, which is to have nothing else to do; secret: theirs; asRecorded: flaws are demanded too;
 * deliberate: differences are allowed that are gatepost's on purpose; send: how a request is answered, which gets the exchange's id unless it is a preparation's.
 * Yields { exchange, request, answer, differences } for each exchange whose server there is.
 */
export async function* replay({ servers, sql, secret, asRecorded = false, deliberate = false, send = sendByHttp, now_ms = Date.now() }) {
	const likeness = new Likeness({ secret, recordedStart_ms: start_ms, actualStart_ms: now_ms, deliberate: deliberate ? valueDifferences : [] });
	for (const [variant, { origin }] of Object.entries(servers)) likeness.learn(variants[variant].BETTER_AUTH_URL, origin);
	const translate = (text) => likeness.translate(text);
	const ask = (variant, recorded, id) => send(servers[variant].url, translated(recorded, translate), id);
	const act = { send: ask, sql, translate, learn: (recorded, actual) => likeness.learn(recorded, actual) };

	for (const exchange of exchanges) {
		const { id, variant, request, response } = exchange;
		if (!servers[variant]) continue;
		await preparations[id]?.(act);
		const answer = await ask(variant, request, id);
		likeness.answer(asRecorded ? response : demanded(exchange), answer);
		yield { exchange, request: translated(request, translate), answer, differences: likeness.takeDifferences() };
	}
}

const demanded = ({ id, response }) => corrections[id]?.(response) ?? response;

function translated({ method, path, headers, body }, translate) {
	const own = Object.entries(headers).map(([name, value]) => [name, translate(value)]);
	return { method, path: translate(path), headers: Object.fromEntries(own), body: body && translate(body) };
}

/** With no header that is not asked for; the answer's are a string each, set-cookie a list. */
export function sendByHttp(url, { method, path, headers, body }) {
	return new Promise((resolve, reject) => {
		const request = openRequest(new URL(path, url), { method, headers, timeout: answer_limit_ms }, (response) => {
			const parts = [];
			response.on("data", (part) => parts.push(part)).on("error", reject).on("end", () => resolve({
				status: response.statusCode, headers: response.headers, body: Buffer.concat(parts).toString(),
			}));
		});
		request.on("timeout", () => request.destroy(new Error(`${method} ${path}: no answer`))).on("error", reject).end(body);
	});
}

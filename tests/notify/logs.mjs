// SPDX-License-Identifier: Apache-2.0
// No log of the daemon, the workers or the web server has a credential, a secret or a query in it, nor a report of
// a sanitizer. Looks at all that the groups before have left behind, and at what is refused in ways of its own.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { holds, same, sleep } from "./judge.mjs";
import { newUser } from "./people.mjs";
import { handshake } from "./raw.mjs";
import { allSecrets, secret } from "./secrets.mjs";

// While no daemon answers, lighttpd writes an address now and then, with its query. Nothing keeps it from that.
const unavoidable = /all handlers for \/ws\/notifications\S* on .* are down\.$/;

const canary = secret("canary-that-no-log-may-have");

async function refusals(site) {
	const target = `/ws/notifications?token=${canary}`;
	for (const request of [
		{}, { fields: { Upgrade: null } }, { fields: { Origin: "https://evil.example.com" } }, { method: "POST", fields: { "Content-Length": "0" } },
		{ fields: { "Sec-WebSocket-Version": "8" } }, { fields: { Authorization: `Bearer ${canary}` } }, { version: "HTTP/1.0" },
		{ target: `${target}%00` }, { target: `${target}%ff` }, { target: `${target}&${"x".repeat(20_000)}` }, { target: `//ws/notifications?token=${canary}` },
		{ fields: { "Sec-WebSocket-Protocol": `gatepost.bearer, ${canary}` } }, { fields: { Cookie: `better-auth.session_token=${canary}` } },
	]) {
		for (const where of [site.web, site.direct]) {
			const raw = site.raw(where).send(handshake({ target, ...request }));
			await raw.answer(1_000);
			raw.drop();
		}
	}
}

export async function logs(site, { check }) {
	const user = newUser();
	(await site.opened(user)).close();
	await refusals(site);
	await site.endDaemonBehindWebServer();
	for (let at = 0; at < 3; at++) await site.connect({ token: site.tokenOf(user) }).outcome();
	await site.replaceDaemon();
	await sleep(500);

	const directory = path.join(site.directory, "log");
	const texts = readdirSync(directory).map((name) => [name, readFileSync(path.join(directory, name), "utf8")]);
	await check("the daemon has logged what it refused", () => {
		const said = texts.filter(([name]) => name.startsWith("notify")).map(([, text]) => text).join("");
		holds(said.includes("event=token_refused"), said.slice(-500));
	});
	await check("no sanitizer and no assertion has anything to say", () => {
		same(texts.flatMap(([, text]) => text.match(/.*(Sanitizer|runtime error:|stack smashing|Assertion).*(\n.*){0,12}/g) ?? []), []);
	});
	for (const [name, text] of texts) {
		const lines = text.split("\n").filter((line) => !unavoidable.test(line));
		await check(`${name}: no credential and no secret`, () => {
			const found = lines.filter((line) => allSecrets().some((one) => line.includes(one)));
			same(found.slice(0, 3), []);
		});
		await check(`${name}: no query with a token`, () => same(lines.filter((line) => /[?&]token=/i.test(line)).slice(0, 3), []));
	}
}

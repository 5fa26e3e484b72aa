// SPDX-License-Identifier: Apache-2.0
// The same strange requests to Better Auth and to another server, whose answers must be like its. At each
// they are those of a person of its own.
import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { answerDifferences, valueDifferences } from "./differences.mjs";
import { Likeness } from "./likeness.mjs";
import { Person } from "./person.mjs";
import { sendByHttp } from "./replay.mjs";

// What a server may do otherwise: how it closes a connection, and the like.
const ofTheConnection = ["connection", "content-length", "date", "keep-alive", "transfer-encoding"];

function judged({ headers, ...rest }) {
	const kept = Object.entries(headers).filter(([name]) => !ofTheConnection.includes(name));
	return { ...rest, headers: Object.fromEntries(kept) };
}

/**
 * Asks both, and judges server by model; sql and secret: of their database. same: the server is Better
 * Auth too. Returns the number of requests, and what was different, a text for each.
 */
export async function compared(requests, { model, server, sql, secret, same = false }) {
	const likeness = new Likeness({ secret, recordedStart_ms: 0, actualStart_ms: 0, deliberate: same ? [] : valueDifferences });
	const [person, other] = [await newPerson(model, sql, secret), await newPerson(server, sql, secret)];
	for (const value of ["email", "id", "rawSession"]) likeness.learn(person[value], other[value]);
	await ask(model, { method: "GET", path: "/jwks" }); // both would make a key at once
	const findings = [];
	const titles = new Set();
	let count = 0;
	const [steps, others] = [requests(person), requests(other)];
	for (let step = steps.next(), other = others.next(); !step.done; count++) {
		const [title, request] = step.value;
		const [modelAnswer, answer] = await Promise.all([ask(model, request), ask(server, other.value[1])]);
		const [, meant] = (!same && answerDifferences.find(([, { applies }]) => applies({ expected: modelAnswer, title, request }))) || [];
		const expected = meant?.like?.(modelAnswer) ?? modelAnswer;
		if (!meant?.holds) likeness.answer(judged(expected), judged(answer));
		else if (!meant.holds(answer)) likeness.differ("answer", "another one than Better Auth's", answer);
		const differences = likeness.takeDifferences();
		if (differences.length) findings.push([`${title}: ${expected.status} ${expected.body.slice(0, 200)}`, ...differences].join("\n  "));
		titles.add(title);
		[step, other] = [steps.next(modelAnswer), others.next(answer)];
	}
	assert.equal(count, titles.size, "there are requests of the same name");
	return { count, findings };
}

/** With a session, and the token of one that is dead. */
async function newPerson(server, sql, secret) {
	const person = Object.assign(await new Person(server).signUp(), { secret });
	const other = await person.elsewhere().signIn();
	[person.dead, person.deadRaw] = [other.encodedSession, other.rawSession];
	await other.signOut();
	// Requests have the signature in other alphabets; it is to have letters that are different there.
	const token = tokenSignedWith(/\+.*\/|\/.*\+/, secret);
	await sql("update session set token = $1 where token = $2", [token, person.rawSession]);
	person.rawSession = token;
	person.cookies.set("better-auth.session_token", encodeURIComponent(`${token}.${signature(token, secret)}`));
	return person;
}

const signature = (text, secret) => createHmac("sha256", secret).update(text).digest("base64");

function tokenSignedWith(pattern, secret) {
	for (;;) {
		const token = randomBytes(48).toString("base64").replace(/[+/]/g, "").slice(0, 32);
		if (token.length === 32 && pattern.test(signature(token, secret))) return token;
	}
}

const ask = (server, { path, ...request }) => sendByHttp(server.url, { ...request, path: `/api/auth${path}` });

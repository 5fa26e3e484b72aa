// SPDX-License-Identifier: Apache-2.0
// What a server must do that has Better Auth's endpoints: answer as was recorded, go on with what another
// one began, and serve the real client alone. First of all the tests themselves are held against Better
// Auth, whose answers are right, and against those answers with something wrong in them.
import assert from "node:assert/strict";
import { createLocalJWKSet, jwtVerify } from "jose";
import { compared } from "./comparison.mjs";
import { crossings } from "./crossing.mjs";
import { faultsOf } from "./faults.mjs";
import { Person, succeeded } from "./person.mjs";
import { corrections, exchanges } from "./recording.mjs";
import { replay, sendByHttp } from "./replay.mjs";
import { Skipped } from "./report.mjs";
import { comparisons, openComparisons } from "./strange-requests.mjs";

/** The cases that hold a kind of server: "gatepost", or "Better Auth" to prove the cases; and by name only: exchanges, and open comparisons. */
export function casesFor(kind) {
	const pairs = kind === "gatepost" ? [["Better Auth", "gatepost"], ["gatepost", "Better Auth"]] : [["Better Auth",
		"Better Auth again"]];
	const crossCases = Object.entries(crossings).map(([name, [act, variant]]) => [name, async (world, report) => {
		for (const [one, other] of pairs) await cross(world, report, act, variant, one, other);
	}]);
	const caseOf = ([name, [requests, variant]]) => [name, (world, report) => compares(world, report, kind, { name, requests, variant })];
	const comparisonCases = Object.entries(comparisons).map(caseOf);
	const openCases = kind === "gatepost" ? Object.entries(openComparisons).map(caseOf) : [];
	if (kind !== "gatepost") comparisonCases.push(...Object.entries(openComparisons).map(caseOf));
	return {
		cases: {
			recording: provesTheReplay,
			replay: (world, report) => replays(world, report, kind),
			alone: (world, report) => servesTheClient(world, report, kind),
			...Object.fromEntries(crossCases),
			...Object.fromEntries(comparisonCases),
		},
		exchanges: Object.fromEntries([...openCases, ...exchanges.map(({ id }) => [id, (world, report) => replays(world, report, kind, id)])]),
	};
}

// --- the recording ---

/** Every exchange, or those before one as well, but judged is that one alone. */
async function replays(world, { check }, kind, wanted = undefined) {
	const options = await replayOptions(world, kind, wanted);
	for await (const { exchange: { id, note }, request, answer, differences } of replay({ ...options, ...judgedAs(kind) })) {
		if (wanted !== undefined && id !== wanted) continue;
		if (wanted !== undefined) console.log(JSON.stringify({ request, answer }, null, 1));
		await check(`${kind} answers as recorded: ${id} (${note})`, () =>
			assert.ok(differences.length === 0, [...differences, ...told(request, answer)].join("\n")));
		if (id === wanted) return;
	}
	if (wanted !== undefined) throw new Skipped("no server was given for it");
}

const judgedAs = (kind) => ({ asRecorded: kind !== "gatepost", deliberate: kind === "gatepost" });

const told = (request, answer) => [`${request.method} ${request.path} ${request.body ?? ""}`,
	`${answer.status} ${answer.body.slice(0, 400)}`];

async function replayOptions(world, kind, last = exchanges.at(-1).id) {
	const { settings } = await world.gatepost();
	const servers = {};
	const replayed = exchanges.slice(0, exchanges.findIndex(({ id }) => id === last) + 1);
	const needed = new Set(replayed.map(({ variant }) => variant));
	if (kind !== "gatepost") await Promise.all([...needed].map((variant) => world.server(kind, variant))); // at once
	for (const variant of needed) {
		try {
			servers[variant] = await world.server(kind, variant);
		} catch (error) {
			if (!(error instanceof Skipped)) throw error;
		}
	}
	return { servers, sql: (text, values) => world.sql(text, values), secret: settings.BETTER_AUTH_SECRET };
}

/** Better Auth answers as it did, where it is to be corrected too; and nothing wrong goes unseen. */
async function provesTheReplay(world, { check }) {
	const options = await replayOptions(world, "Better Auth");
	const { results, again } = await remembered(options);
	await check("Better Auth answers as it was recorded", () => assert.deepEqual(found(results), []));
	const corrected = await gathered(replay(again()));
	await check("what Better Auth does wrong is found, and nothing else", () =>
		assert.deepEqual([...new Set(found(corrected).map(([id]) => id))].sort(), Object.keys(corrections).sort()));

	const unseen = [];
	let faults = 0;
	for (const { exchange: { id, response }, answer } of results) {
		for (const [title, wrong] of faultsOf(response, answer)) {
			faults++;
			if (!await isFound(replay({ ...again(id, wrong), asRecorded: true }))) unseen.push(`${id}: ${title}`);
		}
	}
	await check(`each of ${faults} faults in Better Auth's answers is found`, () =>
		assert.deepEqual(unseen.filter((fault) => !onlyOnce.test(fault)), []));
}

// An id or a key that the recording never repeats may be any.
const onlyOnce = /^(list-sessions: body\[\d\]\.id with another one|jwks: body\.keys\[0\]\.x with another letter)$/;

async function isFound(results) {
	for await (const { differences } of results) {
		if (differences.length) return true;
	}
	return false;
}

/** Replays, and keeps what is needed to do it again without a server, with another answer to one exchange. */
async function remembered(options) {
	const now_ms = Date.now();
	const [answers, rows] = [[], []];
	const keep = async (list, promise) => list[list.push(await promise) - 1];
	const results = await gathered(replay({
		...options, now_ms, asRecorded: true,
		send: (...request) => keep(answers, sendByHttp(...request)),
		sql: (...statement) => keep(rows, options.sql(...statement)),
	}));
	const again = (wrongId, wrong) => {
		let [answer, row] = [0, 0];
		const send = (url, request, id, isPreparation) => (answer++, id === wrongId && !isPreparation && wrong) || answers[answer - 1];
		return { ...options, now_ms, send, sql: () => rows[row++] };
	};
	return { results, again };
}

async function gathered(generator) {
	const list = [];
	for await (const item of generator) list.push(item);
	return list;
}

const found = (results) => results.flatMap(({ exchange: { id }, differences }) => differences.map((difference) => [id, difference]));

// --- one server like the other ---

async function compares(world, { check }, kind, { name, requests, variant }) {
	const { settings: { BETTER_AUTH_SECRET: secret } } = await world.gatepost();
	const [model, server] = [await world.server("Better Auth", variant),
		await world.server(kind === "gatepost" ? kind : "Better Auth again", variant)];
	const sql = (text, values) => world.sql(text, values);
	const { count, findings } = await compared(requests, { model, server, sql, secret, same: kind !== "gatepost" });
	await check(`${kind} answers like Better Auth: ${name}, ${count} requests`, () => assert.ok(findings.length === 0,
		findings.join("\n")));
}

// --- one server alone ---

async function servesTheClient(world, { check }, kind) {
	const server = await world.server(kind);
	const gatepost = await world.gatepost();
	const person = new Person(server);
	const { client } = person;
	const step = (title, claim) => check(`${kind} alone: ${title}`, claim);

	await step("sign-up", async () => {
		await person.signUp();
		const { session, user } = await person.session();
		assert.equal(session.token, person.rawSession);
		assert.equal(user.email, person.email);
		assert.ok(session.expiresAt instanceof Date && user.createdAt instanceof Date);
	});
	await step("sign-in", () => person.signIn());
	await step("list and revoke sessions", async () => {
		const list = succeeded(await client.listSessions());
		assert.equal(list.length, 2);
		const { token } = list.find((session) => session.token !== person.rawSession);
		assert.deepEqual(succeeded(await client.revokeSession({ token })), { status: true });
		assert.equal(succeeded(await client.listSessions()).length, 1);
		assert.deepEqual(succeeded(await client.revokeOtherSessions()), { status: true });
	});
	await step("update the user", async () => {
		assert.deepEqual(succeeded(await client.updateUser({ name: "Robin" })), { status: true });
		assert.equal((await person.session()).user.name, "Robin");
	});
	await step("change the password", async () => {
		const newPassword = "another horse battery";
		const { token, user } = succeeded(await client.changePassword({ currentPassword: person.password, newPassword,
			revokeOtherSessions: true }));
		Object.assign(person, { password: newPassword, rawSession: token });
		assert.equal(user.id, person.id);
		assert.equal((await person.session()).session.token, token);
	});
	await step("a token, good under the published keys", async () => {
		const token = await person.token();
		const { payload } = await jwtVerify(token, createLocalJWKSet(succeeded(await client.jwks())), { issuer: server.origin,
			audience: server.origin });
		assert.equal(payload.sub, person.id);
		await gatepost.acceptsSoon(token, person);
	});
	await step("sign out, and in again", async () => {
		assert.deepEqual(succeeded(await client.signOut()), { success: true });
		assert.equal(await person.session(), null);
		await person.signIn();
	});
	await step("delete the account", async () => {
		assert.deepEqual(succeeded(await client.deleteUser({ password: person.password })), { success: true, message: "User deleted" });
		assert.equal(await person.session(), null);
		assert.equal((await client.signIn.email(person)).error.status, 401);
	});
	await step("a foreign origin is refused, and none", async () => {
		const foreign = new Person({ ...server, origin: "https://evil.example" });
		assert.equal((await foreign.client.signUp.email({ ...foreign, name: "Eve" })).error.code, "INVALID_ORIGIN");
		const none = new Person({ ...server, origin: undefined });
		assert.equal((await none.client.signUp.email({ ...none, name: "Eve" })).error.code, "MISSING_OR_NULL_ORIGIN");
	});
}

// --- two servers ---

async function cross(world, { check, later }, act, variant, one, other) {
	const [here, there] = [await world.server(one, variant), await world.server(other, variant)];
	const titled = (judge) => (title, claim) => judge(`${one} to ${other}: ${title}`, claim);
	await act(world, { check: titled(check), later: titled(later) }, { here, there, before: await world.server(one) });
}

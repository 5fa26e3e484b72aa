// SPDX-License-Identifier: Apache-2.0
// What one server began, another one goes on with: accounts, sessions, cookies, keys and letters of a
// server `here` at a server `there`, by the real client. A case gets both of them.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { Person, succeeded } from "./person.mjs";
import { sendByHttp } from "./replay.mjs";
import { keyOf, withAlteredSignature } from "./tokens.mjs";

const day_ms = 86_400_000;
const slack_ms = 60_000;

/** A request with nothing but these headers; json is what came, if it was JSON. */
async function ask(server, path, { method = "GET", headers = {}, body = undefined } = {}) {
	const answer = await sendByHttp(server.url, {
		method, path: `/api/auth${path}`,
		headers: { ...(body && { "content-type": "application/json" }), ...headers },
		body: body && JSON.stringify(body),
	});
	return { ...answer, json: parsed(answer.body), said: `${method} ${path}: ${answer.status} ${answer.body.slice(0, 300)}` };
}

function parsed(text) {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

const bearer = (credential) => ({ headers: { authorization: `Bearer ${credential}` } });
const cookieOf = (person) => [...person.cookies].map((pair) => pair.join("=")).join("; ");

async function refusedWith(call, status, code) {
	const { data, error } = await call;
	assert.deepEqual({ data, status: error?.status, code: error?.code }, { data: null, status, code });
}

const isIn = async (person) => assert.equal((await person.session())?.user.id, person.id, "the session is not known");
const isOut = async (person) => assert.equal(await person.session(), null, "the session is still known");

async function accounts(world, { check }, { here, there }) {
	const person = await new Person(here).signUp();
	await check("an account signs in", async () => {
		const other = person.elsewhere(there);
		await other.signIn();
		await isIn(other);
		assert.deepEqual((await other.session()).user, (await person.session()).user);
	});
	await check("an account signs in, its address in capitals", async () => {
		const other = person.elsewhere(there);
		other.email = person.email.toUpperCase();
		await other.signIn();
		await isIn(other);
	});
	await check("an account refuses another password", () => {
		const { client, email } = person.elsewhere(there);
		return refusedWith(client.signIn.email({ email, password: "not the password" }), 401, "INVALID_EMAIL_OR_PASSWORD");
	});
	await check("an account's address is taken", () => {
		const { client, email, password } = person.elsewhere(there);
		return refusedWith(client.signUp.email({ name: "Pat", email, password }), 422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL");
	});
	await check("an account that is changed is seen changed", async () => {
		succeeded(await person.at(there).client.updateUser({ name: "Robin ü 😀", image: "https://example.com/a.png" }));
		const { user } = await person.session();
		assert.equal(user.name, "Robin ü 😀");
		assert.equal(user.image, "https://example.com/a.png");
	});
	await check("an account that is deleted is gone", async () => {
		succeeded(await person.at(there).client.deleteUser({ password: person.password }));
		await isOut(person);
		await refusedWith(person.client.signIn.email(person), 401, "INVALID_EMAIL_OR_PASSWORD");
	});
}

async function cookies(world, { check }, { here, there }) {
	const person = await new Person(here).signUp();
	const visitor = person.at(there);
	await check("a cookie is a session", async () => {
		assert.deepEqual(await visitor.session(), await person.session());
		assert.deepEqual(visitor.response.headers.getSetCookie(), []);
	});
	await check("a cookie opens the guarded endpoints", async () => {
		assert.deepEqual((await succeededList(visitor)).map(({ token }) => token), [person.rawSession]);
		succeeded(await visitor.client.updateUser({ name: "Robin" }));
		assert.equal(decodeJwt(await visitor.token()).name, "Robin");
		succeeded(await visitor.client.revokeSession({ token: "no such token" }));
		succeeded(await visitor.client.revokeOtherSessions());
		await isIn(person);
	});
	await check("a cookie whose base64 is not percent-encoded is a session", async () => {
		const { json, said } = await ask(there, "/get-session", { headers: { cookie: `better-auth.session_token=${person.signedSession}` } });
		assert.equal(json?.user.id, person.id, said);
	});
	await check("a cookie with its signature altered is none", async () => {
		const altered = encodeURIComponent(withAlteredSignature(person.signedSession));
		const { json, headers, said } = await ask(there, "/get-session", { headers: { cookie: `better-auth.session_token=${altered}` } });
		assert.equal(json, null, said);
		assert.equal(headers["set-cookie"], undefined);
	});
	await check("a session that is revoked is gone, and its cookies too", async () => {
		const other = await person.elsewhere(there).signIn();
		succeeded(await person.client.revokeSession({ token: other.rawSession }));
		await isOut(other);
		assert.deepEqual([...other.cookies], []);
	});
	await check("sessions that are revoked at once are gone", async () => {
		const other = await person.elsewhere(there).signIn();
		succeeded(await other.client.revokeSessions());
		await isOut(person);
		await isOut(other);
	});
}

const succeededList = async (person) => succeeded(await person.client.listSessions());

async function bearers(world, { check }, { here, there }) {
	const person = await new Person(here).signUp();
	const credentials = { "raw token": person.rawSession, "signed token": person.announced,
		"signed token, percent-encoded": person.encodedSession };
	for (const [name, credential] of Object.entries(credentials)) {
		await check(`${name} as Bearer is a session`, async () => {
			const { json, headers, said } = await ask(there, "/get-session", bearer(credential));
			assert.equal(json?.user.id, person.id, said);
			assert.ok(headers["set-auth-jwt"], "no set-auth-jwt");
			assert.equal((await ask(there, "/list-sessions", bearer(credential))).status, 200);
		});
	}
	await check("Bearer needs no trusted origin", async () => {
		const { status, said } = await ask(there, "/update-user", {
			method: "POST", body: { name: "Kim" },
			headers: { ...bearer(person.rawSession).headers, origin: "https://evil.example" },
		});
		assert.equal(status, 200, said);
	});
	const jwt = await person.token();
	const bad = { "signed token with its signature altered": withAlteredSignature(person.announced),
		"unknown token": randomUUID().replaceAll("-", ""), "JWT": jwt };
	for (const [name, credential] of Object.entries(bad)) {
		await check(`${name} as Bearer is no session`, async () => {
			const { json, said } = await ask(there, "/get-session", bearer(credential));
			assert.equal(json, null, said);
			assert.equal((await ask(there, "/token", bearer(credential))).status, 401);
		});
	}
	await check("a cookie counts beside a Bearer with a bad signature", async () => {
		const headers = { cookie: cookieOf(person), ...bearer(bad["signed token with its signature altered"]).headers };
		assert.equal((await ask(there, "/get-session", { headers })).json?.user.id, person.id);
	});
	await check("an unknown raw Bearer replaces a good cookie", async () => {
		const headers = { cookie: cookieOf(person), ...bearer(bad["unknown token"]).headers };
		const { json, said } = await ask(there, "/get-session", { headers });
		assert.equal(json, null, said);
	});
}

async function tokens(world, { check }, { here, there }) {
	const gatepost = await world.gatepost();
	const person = await new Person(here).signUp();
	await check("both publish the same keys", async () => {
		await person.token(); // the first one makes a key
		const [keys, others] = [(await ask(here, "/jwks")).json.keys, (await ask(there, "/jwks")).json.keys];
		const sorted = (list) => [...list].sort((one, other) => one.kid.localeCompare(other.kid));
		assert.deepEqual(sorted(keys), sorted(others));
	});
	const sources = {
		"/token": () => person.token(),
		"set-auth-jwt": async () => (await ask(here, "/get-session", { headers: { cookie: cookieOf(person) } })).headers["set-auth-jwt"],
	};
	for (const [name, get] of Object.entries(sources)) {
		await check(`JWT of ${name} is good under the other's keys`, async () => {
			const token = await get();
			const keys = createLocalJWKSet((await ask(there, "/jwks")).json);
			const { payload } = await jwtVerify(token, keys, { issuer: here.origin, audience: here.origin });
			assert.equal(payload.sub, person.id);
			assert.equal(payload.exp - payload.iat, 900);
			assert.deepEqual(Object.keys(decodeProtectedHeader(token)), ["alg", "kid"]);
		});
		await check(`JWT of ${name} opens the tasks`, async () => gatepost.acceptsSoon(await get(), person));
	}
	await check("both sign with the same key", async () =>
		assert.equal(keyOf(await person.token()), keyOf(await person.at(there).token())));
	await check("a key that one makes signs at the other", async () => {
		await world.retireKeys();
		const token = await person.token();
		const other = await person.at(there).token();
		assert.equal(keyOf(other), keyOf(token));
		await jwtVerify(other, createLocalJWKSet((await ask(here, "/jwks")).json), { issuer: there.origin });
		const live = await world.sql(`select id from jwks where "expiresAt" is null or "expiresAt" > now()`);
		assert.deepEqual(live.map(({ id }) => id), [keyOf(token)]);
	});
	await check("a retired key is published still", async () => {
		const { keys } = (await ask(there, "/jwks")).json;
		const rows = await world.sql(`select id from jwks`);
		assert.deepEqual(keys.map(({ kid }) => kid).sort(), rows.map(({ id }) => id).sort());
	});
}

async function sign_out(world, { check }, { here, there }) {
	const person = await new Person(here).signUp();
	const stolen = person.elsewhere(here);
	stolen.cookies = new Map(person.cookies);
	await check("a session ends with the sign-out", async () => {
		await person.at(there).signOut();
		assert.deepEqual([...person.cookies], []);
		await isOut(person);
	});
	await check("the cookie of a session that ended is dead, and taken away", async () => {
		await isOut(stolen);
		assert.deepEqual([...stolen.cookies], []);
	});
}

async function passwords(world, { check }, { here, there }) {
	const person = await new Person(here).signUp();
	const other = await person.elsewhere(there).signIn();
	const change = async (browser, newPassword, more = {}) => {
		const { password: currentPassword } = person;
		succeeded(await browser.client.changePassword({ currentPassword, newPassword, ...more }));
		[person.old, person.password] = [currentPassword, newPassword];
	};
	const newAlone = async () => {
		await person.elsewhere(there).signIn();
		const { client, email } = person.elsewhere(there);
		await refusedWith(client.signIn.email({ email, password: person.old }), 401, "INVALID_EMAIL_OR_PASSWORD");
	};
	await check("a new password signs in, the old one does not", async () => {
		await change(person, "another horse battery");
		await newAlone();
	});
	await check("a new password leaves the sessions", () => isIn(other));
	await check("a new password that revokes ends the other sessions, and goes on in a new one", async () => {
		const raw = person.rawSession;
		await change(person, "a third horse battery", { revokeOtherSessions: true });
		await newAlone();
		await isOut(other);
		await isIn(person.at(there));
		assert.equal((await ask(there, "/get-session", bearer(raw))).json, null);
	});
	await check("a wrong current password changes nothing", async () => {
		await refusedWith(person.client.changePassword({ currentPassword: "wrong", newPassword: "a fourth horse" }), 400, "INVALID_PASSWORD");
		await person.elsewhere(there).signIn();
	});
}

async function unicode_passwords(world, { check }, { here, there }) {
	const spellings = {
		"NFKC of a password": ["ﬁrst ｐａｓｓ①", "first pass1"],
		"NFC of a password": ["pa\u0308ssword e\u0301", "p\u00e4ssword \u00e9"],
		"Hangul of a password": ["\u1112\u1161\u11ab\u1100\u1173\u11af abcde", "한글 abcde"],
		"four emoji": ["😀😀😀😀", "😀😀😀😀"],
	};
	for (const [name, [typed, composed]] of Object.entries(spellings)) {
		for (const [first, second] of [[typed, composed], [composed, typed]]) {
			await check(`${name} signs in (${JSON.stringify(first)})`, async () => {
				const person = new Person(here);
				person.password = first;
				await person.signUp();
				const other = person.elsewhere(there);
				other.password = second;
				await other.signIn();
				await isIn(other);
			});
			if (first === second) break;
		}
	}
	await check("passwords are counted before they are normalised", () => {
		const { client, email } = new Person(there);
		return refusedWith(client.signUp.email({ name: "Pat", email, password: "ﬃﬃﬃﬃ" }), 400, "PASSWORD_TOO_SHORT");
	});
}

async function session_life(world, { check }, { here, there }) {
	const lifeOf = async (person) => {
		const [{ left }] = await world.sql(`select extract(epoch from "expiresAt" - now()) * 1000 as left from session where token = $1`,
			[person.rawSession]);
		return Number(left);
	};
	const leaves = async (person, expected_ms) =>
		assert.ok(Math.abs(await lifeOf(person) - expected_ms) < slack_ms, `the row has ${await lifeOf(person) / day_ms} days left`);
	const moveEnd = (person, interval) =>
		world.sql(`update session set "expiresAt" = now() + $1::interval where token = $2`, [interval, person.rawSession]);

	const brief = await new Person(here).signUp();
	await brief.signIn({ rememberMe: false });
	await check("a session not to be remembered is left alone", async () => {
		assert.deepEqual([...brief.cookies.keys()].sort(), ["better-auth.dont_remember", "better-auth.session_token"]);
		await leaves(brief, day_ms);
		await isIn(brief.at(there));
		succeeded(await brief.at(there).client.updateUser({ name: "Robin" }));
		await leaves(brief, day_ms);
		await moveEnd(brief, "3 hours");
		await isIn(brief.at(there));
		await leaves(brief, day_ms / 8);
	});
	const person = await new Person(here).signUp();
	await check("a session that is due is extended, under the same token", async () => {
		await moveEnd(person, "5 days 23 hours");
		const visitor = person.at(there);
		await isIn(visitor);
		assert.equal(visitor.response.headers.getSetCookie().length, 1);
		assert.equal(visitor.signedSession.split(".")[0], person.rawSession);
		await leaves(person, 7 * day_ms);
	});
	await check("a session that is due is extended by a guarded endpoint", async () => {
		await moveEnd(person, "2 days");
		await person.at(there).token();
		await leaves(person, 7 * day_ms);
	});
	await check("a session that is not due is left alone", async () => {
		await moveEnd(person, "6 days 1 hour");
		await isIn(person.at(there));
		await leaves(person, 6 * day_ms + day_ms / 24);
	});
	await check("a session is not extended when asked not to", async () => {
		await moveEnd(person, "2 days");
		assert.ok(await person.at(there).session({ disableRefresh: true }));
		await leaves(person, 2 * day_ms);
	});
	await check("an old session may not list the sessions", async () => {
		await world.sql(`update session set "createdAt" = now() - interval '1 day 1 minute' where token = $1`, [person.rawSession]);
		await refusedWith(person.at(there).client.listSessions(), 403, "SESSION_NOT_FRESH");
		await refusedWith(person.at(there).client.deleteUser(), 400, "SESSION_EXPIRED");
		await isIn(person);
	});
	await check("a session past its end is gone, and its row too", async () => {
		await moveEnd(person, "-1 second");
		await isOut(person.at(there));
		assert.deepEqual([...person.cookies], []);
		assert.deepEqual(await world.sql("select id from session where token = $1", [person.rawSession]), []);
	});
}

async function reset(world, { check }, { here, there }) {
	const person = await new Person(here).signUp();
	const letter = await requestReset(person);
	await check("the link of a reset letter leads to the page with its token", async () => {
		const { pathname, search, origin } = new URL(letter.url);
		assert.equal(origin, here.origin);
		const { status, headers, said } = await ask(there, `${pathname.replace("/api/auth", "")}${search}`);
		assert.equal(status, 302, said);
		assert.equal(headers.location, `${there.origin}/reset?token=${letter.token}`);
	});
	await check("a reset token with a password too short stays", () =>
		refusedWith(person.at(there).client.resetPassword({ newPassword: "short", token: letter.token }), 400, "PASSWORD_TOO_SHORT"));
	await check("a reset token sets a password", async () => {
		const old = person.password;
		person.password = "a password from the reset";
		succeeded(await person.at(there).client.resetPassword({ newPassword: person.password, token: letter.token }));
		await person.elsewhere(here).signIn();
		await refusedWith(person.elsewhere(here).client.signIn.email({ email: person.email, password: old }), 401,
			"INVALID_EMAIL_OR_PASSWORD");
		await isIn(person);
	});
	await check("a reset token is spent", async () => {
		for (const server of [here, there]) {
			await refusedWith(person.at(server).client.resetPassword({ newPassword: "once too often", token: letter.token }), 400,
				"INVALID_TOKEN");
		}
	});
	await check("of two that race for a reset token one wins", async () => {
		const { token } = await requestReset(person);
		const answers = await Promise.all([here, there, here, there].map((server, index) =>
			ask(server, "/reset-password", { method: "POST", body: { token, newPassword: `racing password ${index}` } })));
		assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400, 400, 400]);
		person.password = `racing password ${answers.findIndex(({ status }) => status === 200)}`;
		await person.elsewhere(there).signIn();
	});
	await check("a reset token past its end is refused", async () => {
		const { token } = await requestReset(person);
		await world.sql(`update verification set "expiresAt" = now() - interval '1 second' where identifier = $1`,
			[`reset-password:${token}`]);
		await refusedWith(person.at(there).client.resetPassword({ newPassword: "once too late", token }), 400, "INVALID_TOKEN");
	});
	await check("a reset is answered alike for an address that nobody has", async () => {
		const answer = (email) => ask(there, "/request-password-reset", { method: "POST", body: { email } });
		const { status, body, said } = await answer("nobody@example.com");
		assert.equal(status, 200, said);
		assert.equal((await answer(person.email)).body, body);
	});
}

async function requestReset(person) {
	succeeded(await person.client.requestPasswordReset({ email: person.email, redirectTo: "/reset" }));
	return person.server.mailTo(person.email);
}

async function verification(world, { check }, { here, there }) {
	const person = new Person(here);
	let letter;
	await check("an account to be verified is not signed in", async () => {
		const { token, user } = succeeded(await person.client.signUp.email({ name: "Pat", email: person.email, password: person.password }));
		person.id = user.id;
		assert.equal(token, null);
		assert.equal(user.emailVerified, false);
		assert.deepEqual([...person.cookies], []);
		letter = await here.mailTo(person.email);
		await refusedWith(person.at(there).client.signIn.email(person), 403, "EMAIL_NOT_VERIFIED");
	});
	await check("an account to be verified that is there already is answered as a new one", async () => {
		const { token, user } = succeeded(await new Person(there).client.signUp.email({ name: "Pat", email: person.email,
			password: person.password }));
		assert.equal(token, null);
		assert.equal(user.email, person.email);
		assert.notEqual(user.id, person.id);
	});
	await check("the link of a verification letter verifies", async () => {
		const { pathname, search, origin } = new URL(letter.url);
		assert.equal(origin, here.origin);
		const { status, said } = await ask(there, `${pathname.replace("/api/auth", "")}${search}`);
		assert.equal(status, 302, said);
		await person.signIn();
		assert.equal((await person.at(there).session()).user.emailVerified, true);
	});
	await check("the token of a verification letter says so again", async () =>
		assert.deepEqual(succeeded(await person.at(there).client.verifyEmail({ query: { token: letter.token } })), { status: true,
			user: null }));
	await check("the token of a verification letter is no session", async () => {
		assert.equal((await ask(there, "/get-session", bearer(letter.token))).json, null);
		await (await world.gatepost()).refuses(letter.token);
	});
}

const cached = (strategy) => async function session_cache(world, { check }, { here, there }) {
	const remove = (person) => world.sql("delete from session where token = $1", [person.rawSession]);
	const person = await new Person(here).signUp();
	const cache = person.cookies.get("better-auth.session_data");
	await check(`${strategy} session_data is believed without the database`, async () => {
		assert.ok(cache, "there is none");
		await remove(person);
		await isIn(person.at(there));
	});
	await check(`${strategy} session_data alone is nothing`, async () => {
		const { json, said } = await ask(there, "/get-session", { headers: { cookie: `better-auth.session_data=${cache}` } });
		assert.equal(json, null, said);
	});
	await check(`${strategy} session_data is not asked when it is not to be`, async () =>
		assert.equal(await person.at(there).session({ disableCookieCache: true }), null));

	const other = await new Person(here).signUp();
	await check(`${strategy} session_data of another session is not believed`, async () => {
		const token = other.cookies.get("better-auth.session_token");
		const { json, said } = await ask(there, "/get-session",
			{ headers: { cookie: `better-auth.session_token=${token}; better-auth.session_data=${cache}` } });
		assert.equal(json?.user.id, other.id, said);
	});
	await check(`${strategy} session_data that was altered is not believed`, async () => {
		const browser = other.elsewhere(there);
		const alter = () => {
			browser.cookies = new Map(other.cookies);
			browser.cookies.set("better-auth.session_data", renamed(strategy, other.cookies.get("better-auth.session_data")));
		};
		alter();
		assert.equal((await browser.session()).user.name, "Pat");
		assert.equal(renamed(strategy, browser.cookies.get("better-auth.session_data"), "Pat"),
			browser.cookies.get("better-auth.session_data"));
		await remove(other);
		alter();
		await isOut(browser);
	});
	await check(`${strategy} session_data as Bearer is no session`, async () =>
		assert.equal((await ask(there, "/get-session", bearer(cache))).json, null));
	await check(`${strategy} session_data is renewed when it is left out`, async () => {
		const third = await new Person(here).signUp();
		third.cookies.delete("better-auth.session_data");
		await isIn(third.at(there));
		assert.ok(third.cookies.get("better-auth.session_data"));
		await remove(third);
		await isIn(third);
	});
	await check(`${strategy} session_data is taken away with the sign-out`, async () => {
		const leaving = await new Person(here).signUp();
		await leaving.at(there).signOut();
		assert.deepEqual([...leaving.cookies], []);
	});
	await check(`${strategy} session_data tells of a change`, async () => {
		const changing = await new Person(here).signUp();
		succeeded(await changing.at(there).client.updateUser({ name: "Robin" }));
		assert.equal((await changing.session()).user.name, "Robin");
	});
};

// The cache with another name of the user in it, and the old signature.
function renamed(strategy, cache, name = "Eve") {
	const parts = strategy === "jwt" ? cache.split(".") : ["", cache];
	const text = Buffer.from(parts[1], "base64url").toString();
	parts[1] = Buffer.from(text.replace(/"name":"[^"]*"/, `"name":"${name}"`)).toString("base64url");
	return strategy === "jwt" ? parts.join(".") : parts[1];
}

// here and there have the new secret first; before is a server that knows the old one alone.
async function secrets(world, { check }, { here, there, before }) {
	const person = await new Person(before).signUp();
	await world.retireKeys();
	const old = await person.token();
	await check("after a rotation of the secret an old cookie is none", async () => {
		const { json, headers, said } = await ask(there, "/get-session", { headers: { cookie: cookieOf(person) } });
		assert.equal(json, null, said);
		assert.equal(headers["set-cookie"], undefined);
	});
	await check("after a rotation of the secret a raw token is a session", async () =>
		assert.equal((await ask(there, "/get-session", bearer(person.rawSession))).json?.user.id, person.id));
	await check("after a rotation of the secret an old signed token is none", async () =>
		assert.equal((await ask(there, "/get-session", bearer(person.announced))).json, null));
	await check("after a rotation of the secret the old key signs", async () => {
		const { json, said } = await ask(there, "/token", bearer(person.rawSession));
		assert.equal(json?.token && keyOf(json.token), keyOf(old), said);
	});
	await check("after a rotation of the secret a password signs in", async () => {
		const visitor = await person.elsewhere(here).signIn();
		await isIn(visitor.at(there));
	});
	await check("after a rotation of the secret a key that one makes signs at the other", async () => {
		await world.retireKeys();
		const visitor = await person.elsewhere(here).signIn();
		const token = await visitor.token();
		const [row] = await world.sql(`select "privateKey" from jwks where id = $1`, [keyOf(token)]);
		assert.match(row.privateKey, /^"\$ba\$7\$[0-9a-f]+"$/);
		assert.equal(keyOf(await visitor.at(there).token()), keyOf(token));
	});
	await world.retireKeys(); // nobody else knows the new secret
}

async function closed_sign_up(world, { check }, { here, there }) {
	await check("where nobody may sign up, nobody does", () => {
		const { client, email, password } = new Person(there);
		return refusedWith(client.signUp.email({ name: "Pat", email, password }), 400, "EMAIL_PASSWORD_SIGN_UP_DISABLED");
	});
}

/** By name: the case, and the settings that both servers have. */
export const crossings = {
	accounts: [accounts, "main"],
	cookies: [cookies, "main"],
	bearers: [bearers, "main"],
	tokens: [tokens, "main"],
	sign_out: [sign_out, "main"],
	passwords: [passwords, "main"],
	unicode_passwords: [unicode_passwords, "main"],
	session_life: [session_life, "main"],
	reset: [reset, "main"],
	verification: [verification, "verifying"],
	cache_compact: [cached("compact"), "compact"],
	cache_jwt: [cached("jwt"), "jwt"],
	secrets: [secrets, "rotated"],
	closed_sign_up: [closed_sign_up, "closed"],
};

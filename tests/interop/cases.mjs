// SPDX-License-Identifier: Apache-2.0
// What gatepost must make of everything that Better Auth hands out, case by case. A case gets the world it
// acts in and the report it names its checks to.
import assert from "node:assert/strict";
import { createPublicKey } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { jwtVerify } from "jose";
import pg from "pg";
import { apiNames, keepsOthersOut, makesOneTaskForAll, refusesThrough, tellsTheProfile, worksThroughAPage } from "./apis.mjs";
import { Person } from "./person.mjs";
import { algorithmOf, hmac, keyOf, sharedSecretToken, unknownSession, withAlteredSignature, withHeader } from "./tokens.mjs";

const minute_ms = 60_000;
const slack_ms = 8_000;
const algorithms = ["EdDSA", "ES256", "ES512", "RS256", "PS256"];

async function tables(world, { check }) {
	const server = await world.authServer();
	await check("Better Auth finds its tables as it wants them", () => assert.deepEqual(server.missing, []));
}

async function shared_secret(world, { check }) {
	const gatepost = await world.gatepost();
	const person = await new Person(await world.authServer()).signUp();
	const { BETTER_AUTH_SECRET: secret } = gatepost.settings;
	const claims = { sub: person.id, email: person.email };
	const token = await person.sharedSecretToken();

	await check("HS256 token of the application's route is accepted", () => gatepost.accepts(token, person));
	await check("HS256 token after the scheme in small letters is accepted", () => gatepost.accepts(token, person, "bearer"));
	await check("HS256 token with its signature altered is refused", () => gatepost.refuses(withAlteredSignature(token)));
	await check("HS256 token under another secret is refused", async () =>
		gatepost.refuses(await sharedSecretToken(claims, `${secret}x`)));
	await check("HS256 token under the secret's digits taken as hex is refused", async () =>
		gatepost.refuses(await sharedSecretToken(claims, Buffer.from(secret, "hex"))));
	await check("HS256 token that has expired is refused", async () =>
		gatepost.refuses(await sharedSecretToken(claims, secret, { expires: "-1m" })));
}

// The key's row lies so far back that Better Auth no longer publishes it.
async function key_past_grace(world, { check, later }) {
	const gatepost = await world.gatepost();
	const person = await new Person(await world.authServer()).signUp();
	await world.retireKeys(); // no other case is to have a token under this key
	const token = await person.token();
	await world.retireKeys();
	const known = await check("token of a key that is about to be withdrawn is accepted", () => gatepost.acceptsSoon(token, person));
	if (!known) return;
	await world.sql(`update jwks set "expiresAt" = now() - interval '30 days 1 minute' where id = $1`, [keyOf(token)]);
	later("token of a key past its grace is refused within a minute", () => gatepost.refusesWithin(minute_ms + slack_ms, token));
}

async function plugin_tokens(world, { check }) {
	const gatepost = await world.gatepost();
	for (const { algorithm, person, token } of await peopleWithTokens(world)) {
		await check(`${algorithm} token of the jwt plugin is accepted`, () => gatepost.acceptsSoon(token, person));
		await check(`${algorithm} token with its signature altered is refused`, () =>
			gatepost.refuses(withAlteredSignature(token)));
	}
	const person = await new Person(await world.authServer({ TOKEN_PAYLOAD: "small" })).signUp();
	const token = await person.token();
	await check("token of a definePayload without the user is accepted", () => gatepost.acceptsSoon(token, person));
}

/** One for each algorithm, each with a key of its own; the same for every case. */
function peopleWithTokens(world) {
	return world.once("people with tokens", async () => {
		const people = [];
		for (const algorithm of algorithms) {
			const person = await new Person(await world.authServer({ KEY_ALGORITHM: algorithm })).signUp();
			await world.retireKeys();
			const token = await person.token();
			assert.equal(algorithmOf(token), algorithm, "Better Auth signs with another algorithm than it was told");
			people.push({ algorithm, person, token });
		}
		return people;
	});
}

async function forged_tokens(world, { check }) {
	const gatepost = await world.gatepost();
	const { person, token } = (await peopleWithTokens(world)).find(({ algorithm }) => algorithm === "RS256");
	const kid = keyOf(token);
	const { keys } = await (await fetch(person.server.jwksUrl)).json();
	const key = createPublicKey({ format: "jwk", key: keys.find((candidate) => candidate.kid === kid) });

	await check("RS256 token is accepted before it is tampered with", () => gatepost.acceptsSoon(token, person));
	await check("HS256 token under the public key is refused", () =>
		gatepost.refuses(withHeader(token, { alg: "HS256", kid }, hmac(key.export({ format: "pem", type: "spki" })))));
	await check("token with alg none is refused", () => gatepost.refuses(withHeader(token, { alg: "none", kid })));
	await check("token of another algorithm than its key's is refused", () =>
		gatepost.refuses(withHeader(token, { alg: "PS256", kid }, () => token.split(".")[2])));
	await check("token with an unknown kid is refused", () =>
		gatepost.refuses(withHeader(token, { alg: "RS256", kid: "none-of-them" }, () => token.split(".")[2])));
}

async function session_tokens(world, { check }) {
	const gatepost = await world.gatepost();
	const person = await new Person(await world.authServer()).signUp();
	const { rawSession: raw, signedSession: signed, encodedSession: encoded } = person;

	await check("session token as the client has it is accepted", () => gatepost.accepts(raw, person));
	await check("signed session token of set-auth-token is accepted", () => {
		assert.equal(person.announced, signed);
		return gatepost.accepts(person.announced, person);
	});
	await check("signed session token as the cookie has it is accepted", () => {
		assert.ok(encoded.endsWith("%3D"));
		return gatepost.accepts(encoded, person);
	});
	const altered = withAlteredSignature(signed);
	await check("signed session token with its signature altered is refused", () => gatepost.refuses(altered));
	await check("signed session token altered and percent-encoded is refused", () => gatepost.refuses(encodeURIComponent(altered)));
	await check("signed session token without its signature is refused", () => gatepost.refuses(`${raw}.`));
	await check("session token that is unknown is refused", () => gatepost.refuses(unknownSession()));
	await check("session token in other letters is refused", () =>
		gatepost.refuses(raw.replace(/[a-z]/i, (letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()))));
}

async function sign_out(world, { check }) {
	const gatepost = await world.gatepost();
	const person = await new Person(await world.authServer()).signUp();
	const other = person.rawSession; // of the sign-up; the sign-in begins a second one
	await person.signIn();
	const { rawSession: raw, signedSession: signed } = person;
	const token = await person.token();
	await check("two sessions of one user are accepted", async () => {
		await gatepost.accepts(raw, person);
		await gatepost.accepts(other, person);
	});
	await person.signOut();
	await check("after the sign-out the session token is refused", () => gatepost.refuses(raw));
	await check("after the sign-out the signed session token is refused", () => gatepost.refuses(signed));
	await check("after the sign-out the other session is accepted", () => gatepost.accepts(other, person));
	await check("after the sign-out the JWT is accepted, until it expires", () => gatepost.acceptsSoon(token, person));
}

async function expired_session(world, { check }) {
	const gatepost = await world.gatepost();
	const person = await new Person(await world.authServer()).signUp();
	await check("session before its end is accepted", async () => {
		await setSessionEnd(world, person, "1 minute");
		await gatepost.accepts(person.rawSession, person);
	});
	await setSessionEnd(world, person, "-1 second");
	await check("session past its end is refused", () => gatepost.refuses(person.rawSession));
	await check("signed token of a session past its end is refused", () => gatepost.refuses(person.signedSession));
}

const setSessionEnd = (world, person, interval) =>
	world.sql(`update session set "expiresAt" = now() + $1::interval where token = $2`, [interval, person.rawSession]);

async function rotation(world, { check }) {
	const gatepost = await world.gatepost();
	const person = await new Person(await world.authServer({ KEY_ROTATION_SECONDS: "2" })).signUp();
	await world.retireKeys();
	const old = await person.token();
	await check("token of a key that rotates is accepted", () => gatepost.acceptsSoon(old, person));
	await sleep(2_000);
	const fresh = await person.token();
	assert.notEqual(keyOf(fresh), keyOf(old), "Better Auth did not rotate its keys");
	await check("after the rotation the new key's token is accepted", () => gatepost.acceptsSoon(fresh, person));
	await check("after the rotation the old key's token is accepted", () => gatepost.accepts(old, person));
}

async function deleted_user(world, { check }) {
	const plain = await world.gatepost();
	const strict = await world.livenessGatepost();
	const person = await new Person(await world.authServer()).signUp();
	const credentials = {
		"JWT": await person.token(),
		"HS256 token": await person.sharedSecretToken(),
		"session token": person.rawSession,
	};
	for (const [name, credential] of Object.entries(credentials)) {
		await check(`JWT_LIVENESS=user: ${name} is accepted`, () => strict.acceptsSoon(credential, person));
	}
	await person.deleteAccount();
	for (const [name, credential] of Object.entries(credentials)) {
		await check(`JWT_LIVENESS=user: ${name} of a deleted user is refused`, () => strict.refuses(credential));
	}
	await check("JWT of a deleted user is accepted, until it expires", () => plain.acceptsSoon(credentials["JWT"], person));
	await check("HS256 token of a deleted user is accepted, until it expires", () => plain.accepts(credentials["HS256 token"], person));
	await check("session token of a deleted user is refused", () => plain.refuses(credentials["session token"]));
}

async function every_api(world, { check }) {
	const gatepost = await world.gatepost();
	const person = await new Person(await world.authServer()).signUp();
	const other = await new Person(await world.authServer()).signUp();
	const credentials = {
		"HS256 token": await person.sharedSecretToken(),
		"session token": person.rawSession,
		"JWT": await person.token(),
	};
	await gatepost.acceptsSoon(credentials["JWT"], person);
	for (const [kind, credential] of Object.entries(credentials)) {
		for (const name of apiNames) {
			await check(`${kind}: a task made at ${name} is there in every API`, () =>
				makesOneTaskForAll(gatepost, credential, person, name));
		}
		await check(`${kind}: a page adds, changes, toggles and removes`, () => worksThroughAPage(gatepost, credential, person));
		await check(`${kind}: the profile is the account's`, () => tellsTheProfile(gatepost, credential, person, "Pat"));
		await check(`${kind}: somebody else's paths are closed`, () => keepsOthersOut(gatepost, credential, other));
	}
	await check("nothing was made on somebody else's paths", async () =>
		assert.deepEqual(await world.sql("select title from gatepost.task where user_id = $1", [other.id]), []));
	await person.deleteAccount();
	for (const [kind, credential] of Object.entries(credentials)) {
		await check(`${kind} of a deleted user is refused where the user has to exist`, () =>
			refusesThrough(gatepost, credential, person, "/api/v1/todos", "Could not validate credentials"));
	}
}

// Tokens with the right signature that are no logins.
async function other_tokens(world, { check }) {
	const gatepost = await world.gatepost();
	const secret = new TextEncoder().encode(gatepost.settings.BETTER_AUTH_SECRET);
	const person = await new Person(await world.authServer()).signUp();

	const letter = await person.verificationToken();
	await check("token of a verification mail is refused", () => gatepost.refuses(letter));
	await check("token of a verification mail is what Better Auth takes", () => person.verifyEmail(letter));

	const cached = await new Person(await world.authServer({ SESSION_COOKIE_CACHE: "jwt" })).signUp();
	const cache = cached.cookies.get("better-auth.session_data");
	await check("session cache under the secret is refused", () => gatepost.refuses(cache));
	await check("session cache under the secret has a good signature", () => jwtVerify(cache, secret));

	const keyed = await new Person(await world.authServer({ SESSION_COOKIE_CACHE: "jwt-key" })).signUp();
	const keyedCache = keyed.cookies.get("better-auth.session_data");
	await check("session cache under a key of the jwt plugin is refused", () => {
		assert.notEqual(algorithmOf(keyedCache), "HS256");
		return gatepost.refuses(keyedCache);
	});
	const token = await keyed.token();
	await check("JWT under the same key as a session cache is accepted", () => {
		assert.equal(keyOf(token), keyOf(keyedCache));
		return gatepost.acceptsSoon(token, keyed);
	});
	await check("session cache under a key that is known is refused", () => gatepost.refuses(keyedCache));
}

async function jwks_url(world, { check, later }) {
	const people = await peopleWithTokens(world);
	const gatepost = await world.urlGatepost();
	await check("JWKS_URL: the database has no keys", () => hasNoKeys(gatepost));
	let known = true;
	for (const { algorithm, person, token } of people) {
		known = await check(`JWKS_URL: ${algorithm} token is accepted`, () => gatepost.acceptsSoon(token, person)) && known;
		await check(`JWKS_URL: ${algorithm} token with its signature altered is refused`, () =>
			gatepost.refuses(withAlteredSignature(token)));
	}
	const [{ person }] = people;
	await check("JWKS_URL: HS256 token under the other secret is refused", async () =>
		gatepost.refuses(await person.sharedSecretToken()));
	await check("JWKS_URL: session token of the other database is refused", () => gatepost.refuses(person.rawSession));
	if (!known) return;
	await world.retireKeys();
	const fresh = await person.token();
	later("JWKS_URL: token of a new key is accepted within a minute", () =>
		gatepost.acceptsSoon(fresh, person, minute_ms + slack_ms));
}

async function jwks_file(world, { check }) {
	const people = await peopleWithTokens(world);
	const gatepost = await world.fileGatepost();
	await check("JWKS_FILE: the database has no keys", () => hasNoKeys(gatepost));
	for (const { algorithm, person, token } of people) {
		await check(`JWKS_FILE: ${algorithm} token is accepted`, () => gatepost.acceptsSoon(token, person));
		await check(`JWKS_FILE: ${algorithm} token with its signature altered is refused`, () =>
			gatepost.refuses(withAlteredSignature(token)));
	}
	await world.retireKeys();
	const [{ person }] = people;
	const fresh = await person.token();
	await check("JWKS_FILE: token of a key that is not in it is refused", () => gatepost.refuses(fresh));
	await world.saveJwks();
	await check("JWKS_FILE: the same token is accepted once the file has its key", () => gatepost.acceptsSoon(fresh, person));
}

async function hasNoKeys(gatepost) {
	const client = new pg.Client({ connectionString: gatepost.settings.OWNER_DATABASE_URL });
	await client.connect();
	try {
		assert.deepEqual((await client.query("select id from jwks")).rows, []);
	} finally {
		await client.end();
	}
}

// Those that have something to wait for come first.
export const cases = {
	tables, shared_secret, key_past_grace, jwks_url, jwks_file, plugin_tokens, forged_tokens, session_tokens,
	sign_out, expired_session, rotation, deleted_user, every_api, other_tokens,
};

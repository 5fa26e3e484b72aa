// SPDX-License-Identifier: Apache-2.0
// Credentials of every kind, and what becomes of a connection that brings one.
import { fits, holds, same, sleep } from "./judge.mjs";
import { newUser, signIn, signOut, signUp, tokenFromSession } from "./people.mjs";
import { handshake } from "./raw.mjs";
import { secret } from "./secrets.mjs";
import { claimsOf, now_s, ofLength, signed } from "./tokens.mjs";

const unauthorized = "closed 4001 Unauthorized";
const expired = "closed 4001 Token expired";
const another_key = "0123456789abcdef0123456789abcdef";
const path_target = "/ws/notifications";
const bearer = (token) => ({ headers: { Authorization: `Bearer ${secret(token)}` } });
const offered = (...protocols) => ({ protocols: protocols.map(secret) });

function withAlteredSignature(token) {
	const dot = token.lastIndexOf(".");
	const signature = Buffer.from(token.slice(dot + 1), "base64url");
	signature[signature.length >> 1] ^= 1;
	return secret(`${token.slice(0, dot)}.${signature.toString("base64url")}`);
}

/** name, what a client brings along, what becomes of it ("ready": as this user) */
const ofTokens = (site, user) => {
	const good = site.tokenOf(user);
	const token = (claims, options) => ({ token: signed(site.key, claims, options) });
	const claims = (more) => claimsOf(user, more);
	return [
		["a good token", { token: good }, "ready"],
		["a token without iat, e-mail address and name", token({ sub: user, exp: now_s() + 60 }), "ready"],
		["a header without typ", token(claims(), { header: {} }), "ready"],
		["no query", { query: "" }, unauthorized],
		["an empty query", { query: "?" }, unauthorized],
		["an empty token", { query: "?token=" }, unauthorized],
		["a token that is only a name", { query: "?token" }, unauthorized],
		["another parameter", { query: `?access_token=${good}` }, unauthorized],
		["the parameter in capitals", { query: `?TOKEN=${good}` }, unauthorized],
		["a parameter before it", { query: `?v=1&token=${good}` }, "ready"],
		["a parameter behind it", { query: `?token=${good}&v=1` }, "ready"],
		["a parameter whose name ends like it", { query: `?xtoken=${good}` }, unauthorized],
		["garbage", { token: "garbage" }, unauthorized],
		["two dots and nothing else", { token: ".." }, unauthorized],
		["letters beyond ASCII", { token: "ünïcödé.tökén.☃" }, unauthorized],
		["blanks", { query: "?token=%20%20" }, unauthorized],
		["a blank behind a good token", { query: `?token=${good}%20` }, unauthorized],
		["a byte that is no UTF-8 behind a good token", { query: `?token=${good}%ff` }, [unauthorized, "HTTP 400"]], // lighttpd's
		["Bearer in front of it", { query: `?token=Bearer%20${good}` }, unauthorized],
		["one of its letters percent-encoded", { query: `?token=${good.replace(/^e/, "%65")}` }, "ready"],
		["expired a minute ago", token(claims({ iat: now_s() - 120, exp: now_s() - 60 })), expired],
		["expired years ago", token(claims({ iat: 1, exp: 2 })), expired],
		["expired, and signed with another key", { token: signed(another_key, claims({ exp: now_s() - 60 })) }, unauthorized],
		["signed with another key", { token: signed(another_key, claims()) }, unauthorized],
		["one bit of the signature altered", { token: withAlteredSignature(good) }, unauthorized],
		["without signature", { token: secret(good.slice(0, good.lastIndexOf(".") + 1)) }, unauthorized],
		["alg none", token(claims(), { alg: "none" }), unauthorized],
		["alg none, with a signature", { token: signed(site.key, claims(), { alg: "None" }) }, unauthorized],
		["alg HS512 in the header", token(claims(), { alg: "HS512" }), unauthorized],
		["no sub", token(claims({ sub: undefined })), unauthorized],
		["a number as sub", token(claims({ sub: 42 })), unauthorized],
		["an empty sub", token(claims({ sub: "" })), unauthorized],
		["a line break in sub", token(claims({ sub: `${user}\n` })), unauthorized],
		["no exp", token({ sub: user }), unauthorized],
		["not valid yet", token(claims({ nbf: now_s() + 600 })), unauthorized],
		["a session cache, by typ", token(claims(), { header: { typ: "better-auth.session-cache+jwt" } }), unauthorized],
		["a session cache, by aud", token(claims({ aud: "better-auth:session-cache" })), unauthorized],
		["an e-mail verification token", token({ email: `${user}@example.com`, iat: now_s(), exp: now_s() + 3600 }), unauthorized],
		["a refresh token", token(claims({ type: "refresh" })), unauthorized],
	];
};

/** The last of two counts, as with FastAPI; from another place only the first place that has one is looked at. */
const ofPlaces = (site, user) => {
	const good = site.tokenOf(user), bad = signed(another_key, claimsOf(user));
	return [
		["the same token twice in the query", { query: `?token=${good}&token=${good}` }, ["ready", unauthorized]],
		["a good token twice in the query, first of another user", { query: `?token=${site.tokenOf(newUser())}&token=${good}` }, ["ready", unauthorized]],
		["a bad token behind a good one in the query", { query: `?token=${good}&token=${bad}` }, unauthorized],
		["Authorization: Bearer", bearer(good), "ready"],
		["authorization: bearer, in small letters", { headers: { authorization: `bearer ${good}` } }, "ready"],
		["Authorization with a bad token", bearer(bad), unauthorized],
		["Authorization with a bad token, the query with a good one", { ...bearer(bad), token: good }, unauthorized],
		["Authorization with a good token, the query with a bad one", { ...bearer(good), token: bad }, "ready"],
		["Authorization with a bad token, the subprotocol with a good one", { ...bearer(bad), ...offered("gatepost.bearer", good) }, unauthorized],
		["the subprotocol with a bad token, the query with a good one", { ...offered("gatepost.bearer", bad), token: good }, unauthorized],
		["the subprotocol with a good token, the query with a bad one", { ...offered("gatepost.bearer", good), token: bad }, "ready"],
		["the subprotocol with a good token", offered("gatepost.bearer", good), "ready"],
		["the subprotocol with an expired token", offered("gatepost.bearer", signed(site.key, claimsOf(user, { exp: now_s() - 60 }))), expired],
		["the subprotocol with garbage", offered("gatepost.bearer", "garbage"), unauthorized],
		["the subprotocol without a token", offered("gatepost.bearer"), unauthorized],
		["the subprotocol without a token, the query with a good one", { ...offered("gatepost.bearer"), token: good }, ["ready", unauthorized]],
	];
};

async function judge(site, { check }, user, rows) {
	await Promise.all(rows.map(([name, options, expected]) => check(`${name}: ${[expected].flat().join(" or ")}`, async () => {
		const tab = site.connect(options);
		try {
			fits((await tab.outcome()).replace(/^(HTTP \d+) .*/s, "$1"), [expected].flat().map((outcome) => (outcome === "ready" ? `ready ${user}` : outcome)));
			if (tab.closed) same(tab.messages, []);
			if (options.protocols) same(tab.protocol, "gatepost.bearer");
		} finally {
			tab.drop();
		}
	})));
}

async function subprotocolsOnTheWire(site, { check }, user) {
	const good = site.tokenOf(user);
	const rows = [
		// name, the field's value, what the answer has to say, and what follows (1: the first message, 8: the end)
		["gatepost.bearer and a token: gatepost.bearer alone is answered", `gatepost.bearer, ${good}`, "gatepost.bearer", 1],
		["without the blank", `gatepost.bearer,${good}`, "gatepost.bearer", 1],
		["gatepost.bearer and garbage: answered the same way", "gatepost.bearer, garbage", "gatepost.bearer", 8],
		["another one in front of it", `chat, gatepost.bearer, ${good}`, "gatepost.bearer", 1],
		["another subprotocol: none is answered", "chat", undefined, 8],
		["two other subprotocols: none is answered", "chat, superchat", undefined, 8],
		["a token alone: none is answered, and it is not believed", good, undefined, 8],
		["no subprotocol: none is answered", null, undefined, 8],
		["gatepost.bearer in other letters is another subprotocol", `Gatepost.Bearer, ${good}`, undefined, 8],
	];
	await Promise.all(rows.map(([name, value, expected, opcode]) => check(`subprotocol: ${name}`, async () => {
		const raw = site.raw().send(handshake({ fields: { "Sec-WebSocket-Protocol": value } }));
		const head = await raw.head();
		same({ status: head.status, protocol: head.fields["sec-websocket-protocol"] }, { status: 101, protocol: expected });
		same((await raw.frame())?.opcode, opcode);
		raw.drop();
	})));
}

/** A request that names two callers is nobody's. */
async function twoOfThem(site, { check }, user) {
	const mine = site.tokenOf(user), other = site.tokenOf(newUser());
	for (const [name, lines] of [
		["two Authorization fields", [`Authorization: Bearer ${mine}`, `Authorization: Bearer ${other}`]],
		["two tokens in one Authorization field", [`Authorization: Bearer ${mine}, Bearer ${other}`]],
		["two tokens behind one Bearer", [`Authorization: Bearer ${mine} ${other}`]],
	]) {
		for (const [way, where] of [["", site.web], ["directly, ", site.direct]]) {
			await check(`${way}${name}: let in as nobody`, async () => {
				const raw = site.raw(where).send(handshake({ lines }));
				const { status } = await raw.head();
				if (status === 101) same((await raw.ending(3_000)), "4001 Unauthorized");
				else same(status, 400);
				raw.drop();
			});
		}
	}
}

async function longTokens(site, { check }, user) {
	const made = (length) => ofLength(length, (claim) => signed(site.key, claimsOf(user, { claim })));
	await check("a token of 8 KiB in the query: ready", async () => {
		const token = made(8 * 1024);
		holds(token.length >= 8 * 1024 - 1 && token.length <= 8 * 1024 + 1, `it has ${token.length} bytes`);
		const tab = site.connect({ token });
		same(await tab.outcome(), `ready ${user}`);
		tab.drop();
	});
	await check("a token of nearly 8 KiB in the subprotocol, or in Authorization: an answer", async () => {
		const token = made(7_900);
		for (const options of [offered("gatepost.bearer", token), bearer(token)]) {
			const tab = site.connect(options);
			fits(await tab.outcome(), /^(ready |HTTP 4\d\d )/);
			tab.drop();
		}
	});
	for (const kib of [9, 12, 15, 17, 40]) {
		await check(`a token of ${kib} KiB in the query: refused, and not just hung up on`, async () => {
			const tab = site.connect({ token: made(kib * 1024) });
			fits(await tab.outcome(), kib < 16 ? /^(HTTP 4(00|14|31) |closed 4001 Unauthorized$)/ : /^HTTP 4(00|14|31) /);
			tab.drop();
		});
	}
	for (const [kib, expected] of [[9, /^(101|400|414|431)$/], [17, /^(414|431)$/], [40, /^(414|431)$/], [300, /^(414|431)$/]]) {
		await check(`directly, a token of ${kib} KiB: an answer with a status`, async () => {
			const raw = site.raw(site.direct).send(handshake({ target: `${path_target}?token=${made(kib * 1024)}` }));
			const answer = await raw.answer();
			fits(String(answer.status), expected);
			if (answer.status !== 101) holds(typeof JSON.parse(answer.body).detail === "string", answer.body);
			raw.drop();
		});
	}
}

async function sessions(site, report) {
	const ann = await signUp(site), ben = await signUp(site), cleo = await signUp(site);
	const again = await signIn(site, ann.email);
	await signOut(site, again);
	const lapsed = await signIn(site, ben.email);
	await site.sql(`update session set "expiresAt" = now() - interval '1 minute' where token = '${lapsed.rawSession}'`);
	const gone = await signIn(site, cleo.email);
	await site.sql(`delete from session where token = '${gone.rawSession}'`);
	const of_key_pair = await tokenFromSession(site, ann);
	await sleep(1_100); // the daemon reads new keys once a second at most
	const encoded = encodeURIComponent(ann.encodedSession);
	const altered = secret(ann.signedSession.replace(/\.(.)/, (_, letter) => `.${letter === "A" ? "B" : "A"}`));
	await judge(site, report, ann.id, [
		["a token of the sign-in's key pair", { token: of_key_pair }, "ready"],
		["such a token with one bit altered", { token: withAlteredSignature(of_key_pair) }, unauthorized],
		["a raw session token", { token: ann.rawSession }, "ready"],
		["a signed session token", { token: ann.signedSession }, "ready"],
		["a signed session token, percent-encoded as the cookie has it", { query: `?token=${encoded}` }, "ready"],
		["a signed session token, in Authorization", bearer(ann.signedSession), "ready"],
		["a session token as the cookie has it, in Authorization", bearer(ann.encodedSession), "ready"],
		["a raw session token in the subprotocol", offered("gatepost.bearer", ann.rawSession), "ready"],
		["a session token as the cookie has it, in the subprotocol", offered("gatepost.bearer", ann.encodedSession), "ready"],
		["a signed session token whose signature is altered", { token: altered }, unauthorized],
		["a session that nobody has", { token: "abcdefghijklmnopqrstuvwxyzABCDEF" }, unauthorized],
		["a session that was signed out", { token: again.rawSession }, unauthorized],
		["a session that was signed out, signed", { token: again.signedSession }, unauthorized],
		["a session that has expired", { token: lapsed.rawSession }, unauthorized],
		["a session whose row is gone", { token: gone.rawSession }, unauthorized],
		// Any page may have a browser send them.
		["a cookie alone", { headers: { Cookie: `better-auth.session_token=${ann.encodedSession}` } }, unauthorized],
		["a session token with SQL in it", { token: "' or true --" }, unauthorized],
	]);
	return { ann, ben };
}

/** Those that the instance's own settings do not ask for. */
async function strictSettings(site, report) {
	const user = newUser();
	const issued = (more) => ({ token: signed(site.key, claimsOf(user, { iss: "https://auth.example.com", aud: "tasks", ...more })) });
	await site.replaceDaemon({ JWT_ISSUER: "https://auth.example.com", JWT_AUDIENCE: "tasks" });
	await judge(site, report, user, [
		["with issuer and audience set, a token with both", issued(), "ready"],
		["with issuer and audience set, one audience of two", issued({ aud: ["other", "tasks"] }), "ready"],
		["with issuer and audience set, another issuer", issued({ iss: "https://auth.example.com/" }), unauthorized],
		["with issuer and audience set, no issuer", issued({ iss: undefined }), unauthorized],
		["with issuer and audience set, another audience", issued({ aud: "other" }), unauthorized],
		["with issuer and audience set, no audience", issued({ aud: undefined }), unauthorized],
	]);
}

async function banned(site, report, { ann, ben }) {
	await site.replaceDaemon({ JWT_LIVENESS: "user" });
	await site.sql(`alter table "user" add column if not exists banned boolean; update "user" set banned = true where id = '${ben.id}'`);
	const ofBen = { token: site.tokenOf(ben.id) };
	await judge(site, report, ann.id, [
		["JWT_LIVENESS=user: a user who is there", { token: site.tokenOf(ann.id) }, "ready"],
		["JWT_LIVENESS=user: a user who is banned", ofBen, unauthorized],
		["the session of a user who is banned", { token: ben.rawSession }, unauthorized],
		["JWT_LIVENESS=user: a user who is not there", { token: site.tokenOf(newUser()) }, unauthorized],
	]);
	await site.replaceDaemon();
	await judge(site, report, ben.id, [["JWT_LIVENESS=off: the JWT of a user who is banned lives on", ofBen, "ready"]]);
}

export async function credentials(site, report) {
	// Nobody may have more than 16 connections.
	const inParts = async (rows) => {
		const user = newUser();
		const all = rows(site, user);
		for (let at = 0; at < all.length; at += 10) await judge(site, report, user, all.slice(at, at + 10));
	};
	await inParts(ofTokens);
	await inParts(ofPlaces);
	await subprotocolsOnTheWire(site, report, newUser());
	await twoOfThem(site, report, newUser());
	await longTokens(site, report, newUser());
	const people = await sessions(site, report);
	await strictSettings(site, report);
	await banned(site, report, people);
}

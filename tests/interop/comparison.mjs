// SPDX-License-Identifier: Apache-2.0
// The same strange requests to Better Auth and to another server, whose answers must be like its. At each
// they are those of a person of its own.
import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { Likeness } from "./likeness.mjs";
import { Person } from "./person.mjs";
import { sendByHttp } from "./replay.mjs";

const json = { "content-type": "application/json" };
const trusted = "http://127.0.0.1:3000";
const evil = "https://evil.example";

const post = (path, body, headers = {}) => ({
	method: "POST", path, headers: { origin: trusted, ...json, ...headers },
	body: typeof body === "string" || Buffer.isBuffer(body) || body === undefined ? body : JSON.stringify(body),
});
const get = (path, headers = {}) => ({ method: "GET", path, headers });
const cookie = (person) => ({ cookie: `better-auth.session_token=${person.encodedSession}` });

// --- the requests: functions of the person, which yield [what it is, the request], and get the answer ---

const paths = ["/ok", "/error", "/sign-up/email", "/sign-in/email", "/sign-out", "/get-session", "/token", "/jwks", "/list-sessions",
	"/revoke-session", "/revoke-sessions", "/revoke-other-sessions", "/change-password", "/update-user", "/delete-user",
	"/request-password-reset", "/reset-password", "/verify-email", "/send-verification-email"];
const isRead = (path) => ["/ok", "/error", "/get-session", "/token", "/jwks", "/list-sessions", "/verify-email"].includes(path);

function* routes() {
	for (const path of [...paths, "/reset-password/abc", "/nothing", "", "/", "/sign-in", "/ok/more"]) {
		for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]) {
			const allowed = path === "/error" || path === "/sign-out" || path === "/verify-email" || path === "/reset-password/abc"
				|| (path.startsWith("/re") && method === "POST") || method === (isRead(path) ? "GET" : "POST");
			if (!allowed) yield [`${method} ${path}`, { method, path, headers: { origin: trusted } }];
		}
	}
	for (const path of ["/ok/", "//ok", "/OK", "/ok?a=b", "/ok%20", "/%6fk", "/./ok", "/get-session/", "/reset-password/", "/reset-password//x", "/ok;a"]) {
		yield [`GET ${path}`, get(path)];
	}
}

function* media_types(person) {
	const bodies = {
		"/sign-in/email": { email: person.email, password: "wrong" }, "/sign-up/email": { name: "x" },
		"/update-user": { name: "Pat" }, "/revoke-session": { token: "x" }, "/sign-out": {}, "/reset-password": { newPassword: "x" },
	};
	const types = ["application/json; charset=utf-8", "application/json;charset=iso-8859-1", "APPLICATION/JSON", "application/json ; a=b",
		"application/problem+json", "application/jsonx", "text/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
		"*/*", "", "json", "application/json, text/plain"];
	for (const [path, body] of Object.entries(bodies)) {
		const credential = path === "/sign-out" ? {} : cookie(person); // it is needed still
		for (const type of types) yield [`${path} as ${JSON.stringify(type)}`, post(path, body, { ...credential, "content-type": type })];
		const { "content-type": ignored, ...untyped } = post(path, body, credential).headers;
		yield [`${path} without a type`, { ...post(path, body), headers: untyped }];
		yield [`${path} without a body`, post(path, undefined, credential)];
		yield [`${path} without a body and type`, { ...post(path, undefined), headers: untyped }];
	}
}

function* json_texts(person) {
	const texts = ["", " ", "{", "{}x", "{} {}", "[]", "null", "true", "1", "\"x\"", "[{}]", "{\"name\":\"Pat\",}", "{'name':'Pat'}", "{name:\"Pat\"}",
		"{\"name\":\"Pat\"/*c*/}", "\ufeff{\"name\":\"Pat\"}", "{\"name\":\"Ann\",\"name\":\"Pat\"}", "{\"name\":\"\\ud83d\\ude00\"}", "{\"name\":\"\\ud83d\"}",
		"{\"name\":\"a\tb\"}", "{\"name\":\"a\\u0000b\"}", "{\"name\":01}", "{\"name\":NaN}", "{\"na\\u006de\":\"Pat\"}", "{\"__proto__\":{\"name\":\"Pat\"}}",
		"\u00a0{\"name\":\"Pat\"}", "\n\t {\"name\":\"Pat\"} \r\n", `{"name":${"[".repeat(20)}${"]".repeat(20)}}`];
	for (const path of ["/update-user", "/sign-in/email", "/sign-up/email", "/revoke-session", "/sign-out", "/delete-user", "/revoke-sessions"]) {
		const credential = ["/sign-out", "/delete-user", "/revoke-sessions"].includes(path) ? {} : cookie(person); // it is needed still
		for (const text of texts) yield [`${path} with ${JSON.stringify(text)}`, post(path, text, credential)];
		yield [`${path} with bytes that are no UTF-8`, post(path, Buffer.from("7b226e616d65223a22ff227d", "hex"), credential)];
	}
}

const values = [null, "", " ", "x", 0, 1, -1.5, true, false, [], ["x"], {}, { a: 1 }];

const fields = {
	"/sign-up/email": ["name", "email", "password", "image", "callbackURL", "rememberMe"],
	"/sign-in/email": ["email", "password", "callbackURL", "rememberMe"],
	"/change-password": ["newPassword", "currentPassword", "revokeOtherSessions"],
	"/revoke-session": ["token"],
	"/update-user": ["name", "image", "email"],
	"/delete-user": ["password", "token", "callbackURL"],
	"/request-password-reset": ["email", "redirectTo"],
	"/reset-password": ["newPassword", "token"],
	"/sign-out": ["callbackURL"],
};

// All are refused for another reason at last, so that nothing changes, and no password is hashed.
const refused = {
	"/sign-up/email": { name: "Pat", email: "pat@example.com", password: "short" },
	"/sign-in/email": { email: "no address", password: "x" },
	"/change-password": { newPassword: "short", currentPassword: "x" },
	"/delete-user": { token: "no such token" },
	"/request-password-reset": { email: "nobody@example.com" },
	"/reset-password": { newPassword: "short", token: "x" },
};

function* validation(person) {
	for (const [path, names] of Object.entries(fields)) {
		for (const credential of ["/sign-out", "/sign-in/email", "/sign-up/email"].includes(path) ? [{}] : [{}, cookie(person)]) {
			const who = credential.cookie ? "with a session" : "without one";
			for (const name of names) {
				const { [name]: ignored, ...rest } = refused[path] ?? {};
				if (!breaksThings(path, name)) yield [`${path} without ${name} ${who}`, post(path, rest, credential)];
				for (const value of values) {
					if (breaksThings(path, name, value)) continue;
					yield [`${path} with ${name} ${JSON.stringify(value)} ${who}`, post(path, { ...rest, [name]: value }, credential)];
				}
			}
			for (const body of [[], "x", "null", "1"]) yield [`${path} with ${JSON.stringify(body)} ${who}`, post(path, body, credential)];
		}
	}
}

// What would delete the account, or makes a text of what is none.
const breaksThings = (path, name, value) => (path === "/delete-user" && name === "token" && !value) || (path === "/update-user" && name === "name" && typeof value === "object");

function* addresses(person) {
	const list = ["a@b.co", "A@B.CO", "a@b", "a@b.c", "a@b.c1", "a@b.co.", "a@.co", "a@b..co", ".a@b.co", "a.@b.co", "a..b@b.co", "a.b@b.co", "a+b@b.co",
		"a'b@b.co", "a'@b.co", "'a@b.co", "a_b-c@b.co", "-a@b.co", "a-@b.co", "a!b@b.co", "a%b@b.co", "a b@b.co", " a@b.co", "a@b.co ", "a@b.co\n", "a@-b.co",
		"a@b-.co", "a@b-c.co", "a@b_c.co", "a@1.co", "a@127.0.0.1", "a@[127.0.0.1]", "a@bü.co", "ü@b.co", "a@@b.co", "a@b@c.co", "@b.co", "a@", "a", "",
		"\"a\"@b.co", "a@b.xn--p1ai", "a@b.museum", `${"a".repeat(70)}@b.co`, `a@${"b".repeat(70)}.co`, `a@${"b.".repeat(150)}co`, "a@b.c-o", "A.B@C.D.EF", "a\0@b.co"];
	for (const email of list) {
		yield [`sign-up of ${JSON.stringify(email)}`, post("/sign-up/email", { name: "x", email, password: "short" })];
		yield [`reset for ${JSON.stringify(email)}`, post("/request-password-reset", { email })];
	}
	yield ["sign-up with a taken address", post("/sign-up/email", { name: "x", email: person.email.toUpperCase(), password: "long enough" })];
}

function* passwords(person) {
	const list = ["", "1234567", "1234567é", "😀😀😀", "ﬃﬃﬃﬃ", "a\u0301a\u0301a\u0301a", "x".repeat(129), "é".repeat(129), "😀".repeat(65), `${"x".repeat(127)}😀`];
	for (const password of list) {
		yield [`sign-up with ${JSON.stringify(password)}`, post("/sign-up/email", { name: "x", email: `new-${person.email}`, password })];
		yield [`change to ${JSON.stringify(password)}`, post("/change-password", { newPassword: password, currentPassword: "x" }, cookie(person))];
		yield [`reset to ${JSON.stringify(password)}`, post("/reset-password", { newPassword: password, token: "x" })];
	}
	yield ["sign-in with an empty password", post("/sign-in/email", { email: person.email, password: "" })];
	yield ["sign-in with a long password", post("/sign-in/email", { email: person.email, password: "x".repeat(1000) })];
	yield ["delete with a wrong password", post("/delete-user", { password: "wrong" }, cookie(person))];
	yield ["change with a wrong password", post("/change-password", { newPassword: "long enough", currentPassword: "wrong" }, cookie(person))];
	yield ["sign-up with 128 letters, not to be remembered", post("/sign-up/email", { name: "", email: `a-${person.email}`, password: "x".repeat(128), rememberMe: false, image: "i", id: "mine", emailVerified: true, role: "admin" })];
	yield ["sign-up with 64 emoji", post("/sign-up/email", { name: "ü😀", email: `b-${person.email}`, password: "😀".repeat(64), callbackURL: "/welcome" })];
}

const origins = [undefined, "", "null", trusted, `${trusted}/`, `${trusted}/page?q=1`, "HTTP://127.0.0.1:3000", "http://127.0.0.1", "http://127.0.0.1:3001",
	"https://127.0.0.1:3000", "http://127.0.0.1:3000.evil.example", "http://evil.example/http://127.0.0.1:3000", "http://user@127.0.0.1:3000", "http://localhost:3000",
	evil, "x", "http://", "//127.0.0.1:3000", "127.0.0.1:3000", "http://127.0.0.1:03000", "http://0x7f.1:3000", "file://", "chrome-extension://abc", "app://x"];

function* origin_check(person) {
	const without = ({ origin, ...headers }, other) => Object.fromEntries(Object.entries({ ...headers, ...other }).filter(([, value]) => value !== undefined));
	const requests = { "a session": post("/update-user", { name: "Pat" }, cookie(person)), "a strange cookie": post("/sign-out", {}, { cookie: "a=b" }),
		"an empty cookie": post("/sign-in/email", { email: "x", password: "x" }, { cookie: "" }), "no cookie": post("/sign-in/email", { email: "x", password: "x" }),
		"no cookie at sign-up": post("/sign-up/email", {}), "a Bearer": post("/update-user", { name: "Pat" }, { authorization: `Bearer ${person.rawSession}` }) };
	for (const [name, request] of Object.entries(requests)) {
		for (const origin of origins) {
			yield [`${name}, Origin ${origin}`, { ...request, headers: without(request.headers, { origin }) }];
			if (origin !== undefined) yield [`${name}, Referer ${origin}`, { ...request, headers: without(request.headers, { referer: origin }) }];
		}
		for (const [origin, referer] of [[trusted, evil], [evil, trusted], ["null", trusted], ["", trusted]]) {
			yield [`${name}, Origin ${origin}, Referer ${referer}`, { ...request, headers: without(request.headers, { origin, referer }) }];
		}
		for (const [site, mode, dest] of [["same-origin"], ["cross-site"], ["cross-site", "navigate"], ["cross-site", "navigate", "document"], ["cross-site", "cors", "empty"],
			["same-site", "navigate", "document"], ["same-origin", "navigate", "document"], ["none", "navigate", "document"], ["", "", ""], [" "], [undefined, "cors"], [undefined, undefined, "empty"], ["CROSS-SITE", "NAVIGATE"]]) {
			for (const origin of [undefined, "null", trusted, evil]) {
				const headers = without(request.headers, { origin, "sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest });
				yield [`${name}, Sec-Fetch ${site} ${mode} ${dest}, Origin ${origin}`, { ...request, headers }];
			}
		}
	}
	yield ["GET with a foreign Origin", get("/get-session", { ...cookie(person), origin: evil })];
}

const targets = ["/", "/dash", "/dash?a=b&c=%20", "/dash#x", "//evil.example", "/\\evil.example", "/a%2fb", "/a%2Fb", "/a%5cb", "/a?b=%2f", "/a b", "/ü", "/a/../b", "/..//evil.example",
	"dash", "", " ", "./dash", "javascript:alert(1)", "data:text/html,x", "/a\tb", "/a\nb", "\t/a", " /a", "/a@b", "/@evil.example", "/a:b", "/:a", "/~a", "/a;b", "/a,b", "/(a)", "/[a]", "/{a}", "/a|b", "/a\"b", "/<a>", "/a'b",
	"/%", "/%zz", "/%00", "/a//b", "/a\\b", trusted, `${trusted}/x`, `${trusted}/x?y=z`, `${trusted}.evil.example`, "http://127.0.0.1:3001/", "HTTP://127.0.0.1:3000/", evil, `${evil}/`, "https:evil.example",
	"http:/127.0.0.1:3000", "http:\\\\127.0.0.1:3000", "http://u:p@127.0.0.1:3000/", "http://127.0.0.1:3000@evil.example/", "mailto:a@b.co", "app://x/y", "/😀", "/\u2028", "/a%2e%2e", "/.", "/..", "/a?b", "/a#b%2f"];

function* redirects(person) {
	for (const target of targets) {
		const shown = JSON.stringify(target);
		const encoded = encodeURIComponent(target);
		yield [`sign-in with callbackURL ${shown}`, post("/sign-in/email", { email: "x", password: "x", callbackURL: target })];
		yield [`reset with redirectTo ${shown}`, post("/request-password-reset", { email: "x", redirectTo: target })];
		yield [`reset link with callbackURL ${shown}`, get(`/reset-password/abc?callbackURL=${encoded}`)];
		yield [`verification link with callbackURL ${shown}`, get(`/verify-email?token=abc&callbackURL=${encoded}`)];
	}
	for (const name of ["errorCallbackURL", "newUserCallbackURL", "redirectTo", "callbackURL"]) {
		for (const value of [evil, "/x", 1, null, "", [], { a: 1 }, true]) {
			yield [`sign-in, its ${name} ${JSON.stringify(value)}`, post("/sign-in/email", { email: "x", password: "x", [name]: value })];
			yield [`update-user, its ${name} ${JSON.stringify(value)}`, post("/update-user", { foo: 1, [name]: value }, cookie(person))];
		}
		yield [`sign-out with the query ${name}`, post(`/sign-out?${name}=${encodeURIComponent(evil)}`, {})];
	}
	for (const query of ["", "?callbackURL", "?callbackURL=", "?callbackURL=/a&callbackURL=/b", `?callbackURL=${encodeURIComponent(`${trusted}/a?x=1#y`)}`]) {
		yield [`reset link with ${query}`, get(`/reset-password/abc${query}`)];
		yield [`verification link with ${query}`, get(`/verify-email${query}${query ? "&" : "?"}token=abc`)];
	}
	yield ["verification link without a token", get("/verify-email")];
	yield ["verification link with an empty token", get("/verify-email?token=")];
}

function* credentials(person) {
	const [raw, signature] = person.signedSession.split(".");
	const { encodedSession: encoded, signedSession: signed } = person;
	const name = "better-auth.session_token";
	const cookies = [`${name}=${encoded}`, `${name}=${signed}`, `${name}="${encoded}"`, `${name}="${signed}"`, `a=b; ${name}=${encoded}`, `a=b;${name}=${encoded}`, `${name}=${encoded};`, `${name}=${encoded}; ${name}=x`,
		`${name}=x; ${name}=${encoded}`, ` ${name} = ${encoded} `, `__Secure-${name}=${encoded}`, `Better-Auth.session_token=${encoded}`, `${name}=${raw}`, `${name}=${raw}.`, `${name}=.${signature}`, `${name}=`, `${name}`, "", "=", ";",
		`${name}=${encoded.toLowerCase()}`, `${name}=${encoded.replace(/%3D/g, "%3d")}`, `${name}=${encodeURIComponent(encoded)}`, `${name}=${encoded.replace("%3D", "")}`, `${name}=${signed.replaceAll("+", "-").replaceAll("/", "_")}`, `${name}=%`,
		`${name}=${encoded}%zz`, `${name}=${raw}.${raw}.${encodeURIComponent(signature)}`, `${name}=${encoded} x`, `a=${"x".repeat(3000)}; ${name}=${encoded}`, `better-auth.dont_remember=true; ${name}=${encoded}`,
		`better-auth.session_data=x; ${name}=${encoded}`, "better-auth.session_data=x", "better-auth.dont_remember=x"];
	for (const text of cookies) {
		for (const path of ["/get-session", "/token"]) yield [`${path} with Cookie ${text.slice(0, 200)}`, get(path, { cookie: text })];
	}
	const bearers = [`Bearer ${raw}`, `bearer ${raw}`, `BEARER ${raw}`, `Bearer  ${raw} `, `Bearer${raw}`, `Bearer\t${raw}`, `Basic ${raw}`, raw, "Bearer", "Bearer ", "Bearer .", `Bearer ${raw}.`, `Bearer ${signed}`, `Bearer ${encoded}`,
		`Bearer "${raw}"`, `Bearer ${signed.replace(/=$/, "")}`, `Bearer ${signed.replaceAll("+", "-").replaceAll("/", "_")}`, `Bearer ${raw}x`, `Bearer ${raw.slice(1)}`, `Bearer ${raw}, x`, `Bearer ${raw} ${raw}`, "Bearer a.b.c", `Bearer ${raw}%`,
		`Bearer ${raw.toUpperCase()}`, `Bearer %${raw}`, `Bearer ${encodeURIComponent(encoded)}`];
	for (const authorization of bearers) {
		for (const [who, more] of [["", {}], [" and a good cookie", cookie(person)]]) {
			yield [`/get-session with Authorization ${authorization}${who}`, get("/get-session", { authorization, ...more })];
			yield [`/list-sessions with Authorization ${authorization}${who}`, get("/list-sessions", { authorization, ...more })];
		}
	}
	for (const query of ["disableCookieCache=1", "disableCookieCache=false", "disableCookieCache=", "disableRefresh=true", "disableRefresh=0", "disableRefresh=&disableCookieCache=x", "a=b"]) {
		yield [`/get-session?${query}`, get(`/get-session?${query}`, cookie(person))];
	}
}

function* guarded(person) {
	for (const [path, method] of [["/token", "GET"], ["/list-sessions", "GET"], ["/revoke-session", "POST"], ["/revoke-sessions", "POST"], ["/revoke-other-sessions", "POST"], ["/change-password", "POST"], ["/update-user", "POST"], ["/delete-user", "POST"]]) {
		const dead = { cookie: `better-auth.session_token=${person.dead}` };
		for (const [who, headers] of [["nobody", {}], ["a dead session", dead], ["a bad signature", { cookie: `${cookie(person).cookie}x` }], ["an unknown Bearer", { authorization: "Bearer x" }]]) {
			if (method === "GET") yield [`${path} of ${who}`, get(path, headers)];
			else for (const body of [{}, { name: "x", token: "x", newPassword: "long enough", currentPassword: "x" }]) yield [`${path} of ${who} with ${JSON.stringify(body)}`, post(path, body, headers)];
		}
	}
	for (const [title, body] of Object.entries({ "a name": { name: "Robin" }, "an image": { image: "x" }, "no image": { image: null }, "an address": { email: "a@b.co" }, "an empty address": { email: "", name: "Kim" }, "a number": { name: 5 },
		"no name": { name: null }, "a truth": { name: true }, "a field that it has not": { role: "admin" }, "a field that is not to be set": { emailVerified: true, name: "Lee" }, "an id": { id: "x" }, "a zero byte": { name: "a\0b" }, "a long name": { name: "x".repeat(5000) } })) {
		yield [`update-user with ${title}`, post("/update-user", body, cookie(person))];
		yield [`get-session after update-user with ${title}`, get("/get-session", cookie(person))];
	}
	yield ["revoke-session of an own one that is dead", post("/revoke-session", { token: person.deadRaw }, cookie(person))];
	yield ["revoke-other-sessions", post("/revoke-other-sessions", undefined, cookie(person))];
	yield ["list-sessions", get("/list-sessions", cookie(person))];
	yield ["revoke-sessions", post("/revoke-sessions", {}, cookie(person))];
	yield ["get-session after revoke-sessions", get("/get-session", cookie(person))];
	yield ["sign-out without a session", post("/sign-out", undefined)];
	yield ["sign-out of a dead session", post("/sign-out", {}, cookie(person))];
}

// Where the request comes from: what stands in the session, by its own get-session.
function* clients(person) {
	const signIn = (headers) => post("/sign-in/email", { email: person.email, password: person.password }, headers);
	const forwarded = ["203.0.113.7", " 203.0.113.7 ", "203.0.113.7, 127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7:80", "203.0.113.007", "2001:db8:1:2::1", "2001:DB8:1:2:FFFF::", "::ffff:203.0.113.7",
		"[2001:db8::1]", "x", "", "unknown, 203.0.113.7", "203.0.113.7, x", "127.0.0.1", "1.2.3", ",203.0.113.7", "203.0.113.7,"];
	const headers = [...forwarded.map((value) => ({ "x-forwarded-for": value })), {}, { forwarded: "for=203.0.113.7" }, { "x-real-ip": "203.0.113.7" }, { "user-agent": "demo/1.0 (ü)" }, { "user-agent": "" }, { "user-agent": "x".repeat(2000) }];
	for (const header of headers) {
		const { body } = yield [`sign-in with ${JSON.stringify(header).slice(0, 80)}`, signIn(header)];
		yield [`get-session after it, with ${JSON.stringify(header).slice(0, 80)}`, get("/get-session", { authorization: `Bearer ${JSON.parse(body).token}` })];
	}
}

function* limits() {
	const origin = "http://127.0.0.1:3004";
	const from = (address, { headers, ...request }) => ({ ...request, headers: { ...headers, "x-forwarded-for": address } });
	const signIn = (path = "/sign-in/email") => post(path, { email: "x", password: "x" }, { origin });
	for (let count = 1; count <= 5; count++) yield [`sign-in, ${count}`, from("203.0.113.1", signIn())];
	yield ["sign-in from elsewhere", from("203.0.113.2", signIn())];
	yield ["GET of it", from("203.0.113.1", get("/sign-in/email"))];
	yield ["OPTIONS of it", from("203.0.113.1", { method: "OPTIONS", path: "/sign-in/email", headers: { origin } })];
	yield ["it with a slash", from("203.0.113.1", signIn("/sign-in/email/"))];
	yield ["it with a query", from("203.0.113.1", signIn("/sign-in/email?a=b"))];
	yield ["another path", from("203.0.113.1", get("/ok"))];
	for (const host of ["::1", "::2", "ffff::", "1:2:3:4"]) yield [`sign-in from ${host}`, from(`2001:db8:1:2:${host.startsWith("::") ? host.slice(1) : host}`, signIn())];
	yield ["sign-in from another network", from("2001:db8:1:3::1", signIn())];
	for (const [path, allowed] of [["/sign-up/email", 3], ["/change-password", 3], ["/request-password-reset", 3], ["/send-verification-email", 3], ["/sign-in/nothing", 3], ["/ok", 100], ["/nothing", 100], ["/get-session", 100]]) {
		for (let count = 1; count <= allowed + 2; count++) {
			yield [`${path}, ${count}`, from("203.0.113.3", ["/ok", "/nothing", "/get-session"].includes(path) ? get(path) : post(path, {}, { origin }))];
		}
	}
}

const signed = (text, secret, encoding) => createHmac("sha256", secret).update(text).digest(encoding);
const encoded = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const decoded = (text) => JSON.parse(Buffer.from(text, "base64url").toString());

// The cache with other things in it, well signed, by what was done to it.
function* cachesLike(cache, secret) {
	const isJwt = cache.includes(".");
	const original = isJwt ? decoded(cache.split(".")[1]) : decoded(cache).session;
	const sign = (payload, expiresAt = Date.now() + 60_000, header = { alg: "HS256" }) => {
		if (!isJwt) return encoded({ session: payload, expiresAt, signature: signed(JSON.stringify({ ...payload, expiresAt }), secret, "base64url") });
		const text = `${encoded(header)}.${encoded({ ...payload, exp: Math.floor(expiresAt / 1000) })}`;
		return `${text}.${signed(text, secret, "base64url")}`;
	};
	const { session, user } = original;
	yield ["nothing else", sign(original)];
	yield ["an end that is past", sign(original, Date.now() - 1000)];
	yield ["a session past its end", sign({ ...original, session: { ...session, expiresAt: "2020-01-01T00:00:00.000Z" } })];
	yield ["another token", sign({ ...original, session: { ...session, token: "x" } })];
	yield ["another version", sign({ ...original, version: "2" })];
	yield ["no version", sign({ ...original, version: undefined })];
	yield ["a number as version", sign({ ...original, version: 1 })];
	yield ["another name", sign({ ...original, user: { ...user, name: "Ää😀/\"\u2028" } })];
	yield ["more members", sign({ ...original, more: 1, user: { ...user, more: { a: [] } } })];
	yield ["no user", sign({ ...original, user: undefined })];
	yield ["no session", sign({ ...original, session: undefined })];
	yield ["user null", sign({ ...original, user: null })];
	yield ["a signature altered", cache.slice(0, -12) + "AAAA" + cache.slice(-8)];
	yield ["its end cut off", cache.slice(0, -20)];
	yield ["its start cut off", cache.slice(1)];
	yield ["something after it", `${cache}x`];
	yield ["a dot after it", `${cache}.`];
	for (const text of ["", "x", ".", "..", encoded("null"), encoded("[]"), encoded("{}"), encoded("1"), encoded("x"), encoded({ session: {} }), encoded({ session: null, expiresAt: 1, signature: "x" }), "%", "%7B%7D", "\"\""]) yield [`the value ${text}`, text];
	if (!isJwt) return;
	for (const header of [{ alg: "none" }, { alg: "HS512" }, { alg: "HS256", typ: "JWT" }, { alg: "HS256", kid: "x" }, { alg: "HS256", crit: ["x"], x: 1 }]) yield [`the header ${JSON.stringify(header)}`, sign(original, undefined, header)];
	yield ["no signature", `${cache.split(".").slice(0, 2).join(".")}.`];
}

const caches = (origin) => function* (person) {
	const token = cookie(person).cookie;
	const cacheIn = ({ headers }) => headers["set-cookie"]?.map((line) => line.match(/^better-auth\.session_data=([^;]+)/)?.[1]).find(Boolean) ?? "none.came";
	const cache = cacheIn(yield ["get-session without it", get("/get-session", { cookie: token })]);
	for (const [title, value] of cachesLike(cache, person.secret)) {
		yield [`get-session, the cache with ${title}`, get("/get-session", { cookie: `${token}; better-auth.session_data=${value}` })];
		yield [`token, the cache with ${title}`, get("/token", { cookie: `${token}; better-auth.session_data=${value}` })];
	}
	const both = { cookie: `${token}; better-auth.session_data=${cache}`, origin };
	yield ["get-session, the cache alone", get("/get-session", { cookie: `better-auth.session_data=${cache}` })];
	yield ["get-session, the cache not to be asked", get("/get-session?disableCookieCache=true", both)];
	yield ["get-session by Bearer", get("/get-session", { authorization: `Bearer ${person.rawSession}` })];
	yield ["get-session by Bearer, with the cache", get("/get-session", { authorization: `Bearer ${person.rawSession}`, cookie: `better-auth.session_data=${cache}` })];
	yield ["get-session, the cache with a bad token", get("/get-session", { cookie: `${token}x; better-auth.session_data=${cache}` })];
	yield ["get-session, the cache of a dead session", get("/get-session", { cookie: `better-auth.session_token=${person.dead}; better-auth.session_data=${cache}` })];
	yield ["list-sessions", get("/list-sessions", both)];
	yield ["update-user", post("/update-user", { name: "Robin" }, both)];
	yield ["revoke-session", post("/revoke-session", { token: "x" }, both)];
	yield ["sign-in, not to be remembered", post("/sign-in/email", { email: person.email, password: person.password, rememberMe: false }, { origin })];
	yield ["change-password", post("/change-password", { newPassword: "another horse battery", currentPassword: person.password, revokeOtherSessions: true }, both)];
	yield ["get-session of what was revoked, with the cache", get("/get-session", both)];
	yield ["get-session of what was revoked, without it", get("/get-session", { cookie: token })];
	yield ["sign-out", post("/sign-out", {}, both)];
};

function* patterns(person) {
	const list = ["https://app.example.com", "https://app.example.com:443", "https://APP.example.com/", "https://app.example.com.evil.example", "http://app.example.com", "https://a.wild.example", "https://a.b.wild.example", "https://wild.example",
		"https://.wild.example", "http://a.wild.example", "https://a.wild.example:444", "https://evil.example/.wild.example", "https://a.bare.example", "http://a.bare.example", "http://a.bare.example:81", "https://bare.example", "http://localhost:1", "http://localhost:65535",
		"http://localhost", "https://localhost:1", "http://localhost:1/x", "https://q1.example", "https://q.example", "https://q12.example", "myapp://", "myapp://x", "myapp://x/y", "myappx://", "MYAPP://", "exp://host/path", "exp://host/path/more", "exp://host/pathmore", "exp://other/path", "exp://host", "null"];
	for (const origin of list) {
		yield [`Origin ${origin}`, post("/update-user", { name: "Pat" }, { ...cookie(person), origin })];
		yield [`callbackURL ${origin}`, post("/sign-in/email", { email: "x", password: "x", callbackURL: origin })];
	}
}

/** By name: the requests, and the settings that both servers have. */
export const comparisons = {
	routes: [routes, "main"],
	media_types: [media_types, "main"],
	json_texts: [json_texts, "main"],
	validation: [validation, "main"],
	addresses: [addresses, "main"],
	passwords: [passwords, "main"],
	origin_check: [origin_check, "main"],
	patterns: [patterns, "patterns"],
	redirects: [redirects, "main"],
	credentials: [credentials, "main"],
	guarded: [guarded, "main"],
	clients: [clients, "main"],
	limits: [limits, "limited"],
	caches_compact: [caches("http://127.0.0.1:3002"), "compact"],
	caches_jwt: [caches("http://127.0.0.1:3003"), "jwt"],
};

// --- the two servers ---

// What a server may do otherwise: how it closes a connection, and the like.
const ofTheConnection = ["connection", "content-length", "date", "keep-alive", "transfer-encoding"];
const judged = ({ headers, ...rest }) => ({ ...rest, headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !ofTheConnection.includes(name))) });

// Where another server does not do as Better Auth does; what its answer must be like, or must be.
const deviations = [
	{ // Better Auth breaks down; the other one blames the request.
		applies: (expected) => expected.status === 500,
		holds: ({ status, body }) => status >= 400 && status < 500 && body.startsWith('{"'),
	},
	{
		applies: (expected) => expected.status === 429,
		expected: (expected) => ({ ...expected, headers: { ...expected.headers, "retry-after": expected.headers["x-retry-after"] } }),
	},
];

/**
 * Asks both, and judges server by model; sql and secret: of their database. same: the server is Better
 * Auth too. Returns the number of requests, and what was different, a text for each.
 */
export async function compared(requests, { model, server, sql, secret, same = false }) {
	const likeness = new Likeness({ secret, recordedStart_ms: 0, actualStart_ms: 0 });
	const [person, other] = [await newPerson(model, sql, secret), await newPerson(server, sql, secret)];
	for (const value of ["email", "id", "rawSession"]) likeness.learn(person[value], other[value]);
	await ask(model, get("/jwks")); // both would make a key at once
	const findings = [];
	const titles = new Set();
	let count = 0;
	const [steps, others] = [requests(person), requests(other)];
	for (let step = steps.next(), other = others.next(); !step.done; count++) {
		const [title, request] = step.value;
		const [modelAnswer, answer] = await Promise.all([ask(model, request), ask(server, other.value[1])]);
		const deviation = !same && deviations.find(({ applies }) => applies(modelAnswer, title));
		const expected = (deviation && deviation.expected?.(modelAnswer)) || modelAnswer;
		if (!deviation?.holds) likeness.answer(judged(expected), judged(answer));
		else if (!deviation.holds(answer)) likeness.differ("answer", "another one than Better Auth's", answer);
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

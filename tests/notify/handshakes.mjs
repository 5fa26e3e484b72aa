// SPDX-License-Identifier: Apache-2.0
// Requests to the daemon that are no good handshake: each is answered over HTTP, in JSON, through a web
// server and directly; and those that are good though they look odd.
import { fits, holds, same } from "./judge.mjs";
import { newUser } from "./people.mjs";
import { frame, handshake, CLOSE } from "./raw.mjs";

const key = "dGhlIHNhbXBsZSBub25jZQ=="; // of RFC 6455, section 1.3
const accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
const origins = "http://localhost:3000";
const there = "/ws/notifications";

/**
 * name, the request, its status, fields the answer has to have. `lighttpd` and `apache`: the status where a
 * web server settles it by itself, in its own words.
 */
const rows = (site) => [
	["a good handshake", {}, 101],
	["Upgrade: WebSocket, in capitals", { fields: { Upgrade: "WebSocket" } }, 101],
	["Connection: keep-alive, Upgrade", { fields: { Connection: "keep-alive, Upgrade" } }, 101],
	["POST", { method: "POST", fields: { "Content-Length": "0" } }, 405, { allow: /GET/ }],
	["PUT", { method: "PUT", fields: { "Content-Length": "0" } }, 405, { allow: /GET/ }],
	["DELETE", { method: "DELETE" }, 405, { allow: /GET/ }],
	["OPTIONS", { method: "OPTIONS" }, 204, { allow: /GET/ }],
	["POST without Upgrade", { method: "POST", fields: { Upgrade: null, Connection: null, "Content-Length": "0" } }, 405, { allow: /GET/ }],
	["no Upgrade", { fields: { Upgrade: null, Connection: null } }, 426, { upgrade: /websocket/i }],
	["no Upgrade, and nothing of a WebSocket", { fields: { Upgrade: null, Connection: null, "Sec-WebSocket-Key": null, "Sec-WebSocket-Version": null } }, 426, { upgrade: /websocket/i }],
	["Upgrade: h2c", { fields: { Upgrade: "h2c" } }, 426, { upgrade: /websocket/i }],
	["version 8", { fields: { "Sec-WebSocket-Version": "8" } }, 426, { "sec-websocket-version": /^13$/ }],
	["version 14", { fields: { "Sec-WebSocket-Version": "14" } }, 426, { "sec-websocket-version": /^13$/ }],
	["version 013", { fields: { "Sec-WebSocket-Version": "013" } }, 426, { "sec-websocket-version": /^13$/ }],
	["version 1", { fields: { "Sec-WebSocket-Version": "1" } }, 426, { "sec-websocket-version": /^13$/ }],
	["no version", { fields: { "Sec-WebSocket-Version": null } }, 426, { "sec-websocket-version": /^13$/ }],
	["no key", { fields: { "Sec-WebSocket-Key": null } }, 400],
	["an empty key", { fields: { "Sec-WebSocket-Key": "" } }, 400],
	["a key of 15 bytes", { fields: { "Sec-WebSocket-Key": Buffer.alloc(15).toString("base64") } }, 400],
	["a key of 17 bytes", { fields: { "Sec-WebSocket-Key": Buffer.alloc(17).toString("base64") } }, 400],
	["a key without padding", { fields: { "Sec-WebSocket-Key": key.replaceAll("=", "") } }, 400],
	["a key that is no base64", { fields: { "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZ!==" } }, 400],
	["two keys", { lines: [`Sec-WebSocket-Key: ${key}`] }, 400],
	["no Origin", { fields: { Origin: null } }, 101],
	["an Origin of CORS_ORIGINS", { fields: { Origin: origins } }, 101],
	["the Origin of the site", { fields: { Origin: new URL(site.settings.BETTER_AUTH_URL).origin } }, 101],
	["an Origin that is not trusted", { fields: { Origin: "https://evil.example.com" } }, 403],
	["an Origin that begins like a trusted one", { fields: { Origin: `${origins}.evil.example.com` } }, 403],
	["an Origin with another scheme", { fields: { Origin: origins.replace("http:", "https:") } }, 403],
	["an Origin with another port", { fields: { Origin: "http://localhost:3001" } }, 403],
	["Origin: null", { fields: { Origin: "null" } }, 403],
	["two Origins in one field", { fields: { Origin: `${origins} https://evil.example.com` } }, 403],
	["a bad Origin and a good token", { fields: { Origin: "https://evil.example.com" }, target: `${there}?token=${site.tokenOf(newUser())}` }, 403],
	["an encoded control character in the query", { target: `${there}?token=a%00b` }, 400, {}, { lighttpd: 400 }],
	["an encoded line break in the query", { target: `${there}?token=a%0d%0aX-Evil:%201` }, 400, {}, { lighttpd: 400 }],
	["two lengths that differ", { method: "POST", fields: { "Content-Length": "5" }, lines: ["Content-Length: 6"] }, 400, {}, { lighttpd: 400, apache: 400 }],
	["fields of 20 KiB", { fields: { "X-Long": "x".repeat(20 * 1024) } }, 431, {}, { apache: 400 }],
	// The order in which they are judged.
	["a bad version and a bad key", { fields: { "Sec-WebSocket-Version": "8", "Sec-WebSocket-Key": "x" } }, 426, { "sec-websocket-version": /^13$/ }],
	["a bad key and a bad Origin", { fields: { "Sec-WebSocket-Key": "x", Origin: "null" } }, 400],
];

/** Those that a web server would not pass on, or not as they are. */
const direct_rows = () => [
	["HTTP/1.0", { version: "HTTP/1.0" }, [400, 426, 505]],
	["HTTP/1.0 without Host", { version: "HTTP/1.0", fields: { Host: null } }, [400, 426, 505]],
	["HTTP/2.0", { version: "HTTP/2.0" }, [400, 505]],
	["HEAD", { method: "HEAD" }, [405, 426]],
	["TRACE", { method: "TRACE" }, [400, 405]],
	["a method that nobody knows", { method: "FROB" }, [400, 405]],
	["no Host", { fields: { Host: null } }, 400],
	["two Hosts", { lines: ["Host: other"] }, 400],
	["two Origins", { fields: { Origin: origins }, lines: ["Origin: https://evil.example.com"] }, [400, 403]],
	["two Upgrades that differ", { lines: ["Upgrade: h2c"] }, [400, 426, 101]],
	["Connection without Upgrade", { fields: { Connection: "keep-alive" } }, [400, 426]],
	["a field that goes on in the next line", { lines: ["X-Folded: a", " b"] }, 400],
	["a blank before the colon", { lines: ["X-Blank : a"] }, 400],
	["a line without colon", { lines: ["nonsense"] }, 400],
	["a control character in a field", { lines: ["X-Control: a\u0001b"] }, 400],
	["a control character in the target", { target: `${there}?token=a\u0001b` }, 400],
	["a NUL in the target", { target: `${there}?token=a\u0000b` }, 400],
	["no target", { target: "" }, 400],
	["a target of 20 KiB", { target: `${there}?${"x".repeat(20 * 1024)}` }, [414, 431]],
	["a hundred fields", { lines: Array.from({ length: 1000 }, (_, at) => `X-${at}: ${at}`) }, [101, 400, 431]],
	["another path", { target: "/ws/other" }, 404],
	["the path in capitals", { target: "/WS/NOTIFICATIONS" }, 404],
	["the root", { target: "/" }, 404],
	["a path of the workers", { target: "/tasks" }, 404],
	["another path and POST", { target: "/ws/other", method: "POST" }, 404],
	["another path and no Upgrade", { target: "/ws/other", fields: { Upgrade: null } }, 404],
];

async function answered(site, where, request) {
	const raw = site.raw(where).send(handshake({ host: new URL(site.url).host, ...request }));
	const answer = await raw.answer();
	return { raw, answer };
}

function judgeRefusal(answer, fields, own) {
	for (const [name, value] of Object.entries(fields)) {
		if (!value.test(answer.fields[name] ?? "")) throw Object.assign(new Error(`no ${name} that fits ${value}\n${answer.text}`), { code: "ERR_ASSERTION" });
	}
	if (!own) return;
	fits(answer.fields["content-type"] ?? "no Content-Type", /^application\/json\b/);
	const { detail } = JSON.parse(answer.body);
	holds(typeof detail === "string" && detail.length > 0, answer.body);
}

async function throughWebServer(site, { check }) {
	await Promise.all(rows(site).map(([name, request, status, fields = {}, other = {}]) => {
		const wanted = other[site.server] ?? status;
		return check(`${name}: ${wanted}`, async () => {
			const { raw, answer } = await answered(site, site.web, request);
			same(answer.status, wanted);
			if (wanted >= 400) judgeRefusal(answer, wanted === status ? fields : {}, wanted === status && !other[site.server]);
			raw.drop();
		});
	}));
}

async function directly(site, { check }) {
	await Promise.all([...rows(site), ...direct_rows()].map(([name, request, status, fields = {}]) =>
		check(`directly, ${name}: ${[status].flat().join(" or ")}`, async () => {
			const { raw, answer } = await answered(site, site.direct, request);
			fits(String(answer.status), [status].flat().map(String));
			if (answer.status !== 101) {
				if (request.method !== "HEAD") judgeRefusal(answer, fields, answer.status >= 400);
				fits(answer.fields.connection ?? "no Connection", /^close$/i);
				same(await raw.hangsUp(3_000), true);
			}
			raw.drop();
		})));
}

/** Origins that the instance's own settings do not trust. */
async function otherOrigins(site, { check }) {
	await site.replaceDaemon({
		CORS_ORIGINS: "https://one.example.com,https://two.example.com:8443", FRONTEND_URL: "https://front.example.com/app",
		BETTER_AUTH_TRUSTED_ORIGINS: "https://*.wild.example.com",
	});
	const rows = [
		["https://one.example.com", 101], ["https://two.example.com:8443", 101], ["https://two.example.com", 403],
		["https://front.example.com", 101], ["https://a.wild.example.com", 101], ["https://wild.example.com", 403],
		["http://a.wild.example.com", 403], ["https://a.wild.example.com.evil.example", 403], ["http://localhost:3000", 403],
		["https://one.example.com/", [101, 403]], ["HTTPS://ONE.EXAMPLE.COM", [101, 403]], ["", [101, 400, 403]], ["file://", 403],
	];
	await Promise.all(rows.map(([origin, status]) => check(`Origin: ${origin} where it is in the settings or not: ${[status].flat().join(" or ")}`, async () => {
		const { raw, answer } = await answered(site, site.web, { fields: { Origin: origin } });
		fits(String(answer.status), [status].flat().map(String));
		raw.drop();
	})));
	await site.replaceDaemon();
}

async function details(site, { check }) {
	await check("the answer to the key is that of RFC 6455", async () => {
		const { raw, answer } = await answered(site, site.web, { fields: { "Sec-WebSocket-Key": key } });
		same([answer.status, answer.fields["sec-websocket-accept"]], [101, accept]);
		raw.drop();
	});
	await check("extensions are not agreed on", async () => {
		const { raw, answer } = await answered(site, site.web, { fields: { "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits" } });
		same([answer.status, answer.fields["sec-websocket-extensions"]], [101, undefined]);
		raw.drop();
	});
	await check("directly, a handshake that comes byte by byte: ready", async () => {
		const user = newUser();
		const raw = site.raw(site.direct);
		for (const byte of handshake({ target: `${there}?token=${site.tokenOf(user)}` })) {
			raw.send(byte);
			await new Promise((resolve) => { setImmediate(resolve); });
		}
		same((await raw.head()).status, 101);
		same(JSON.parse((await raw.frame()).payload), { type: "ready", user_id: user });
		raw.drop();
	});
	await check("directly, frames that come with the handshake: heard", async () => {
		const raw = site.raw(site.direct);
		raw.send(Buffer.concat([Buffer.from(handshake({ target: `${there}?token=${site.tokenOf(newUser())}` })), frame(CLOSE, Buffer.from([0x0f, 0xa1]))]));
		same((await raw.head()).status, 101);
		fits(await raw.ending(5_000), /^4001/);
	});
	for (const path of ["/ws", "/ws/", "/ws/notification", "/ws/notifications/", "/ws/notificationsx", "/ws/notifications/x"]) {
		await check(`${path} is the workers': 404`, async () => {
			const { raw, answer } = await answered(site, site.web, { target: path, fields: { Upgrade: null, Connection: "close" } });
			same([answer.status, answer.body], [404, '{"detail":"Not Found"}']);
			raw.drop();
		});
	}
	await check("the daemon's own pages are not reached through the web server", async () => {
		const { raw, answer } = await answered(site, site.web, { target: "/ws/notifications/metrics", fields: { Upgrade: null, Connection: "close" } });
		same(answer.status, 404);
		raw.drop();
	});
}

export async function handshakes(site, report) {
	await throughWebServer(site, report);
	await directly(site, report);
	await details(site, report);
	await otherOrigins(site, report);
}

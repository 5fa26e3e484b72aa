// SPDX-License-Identifier: Apache-2.0
// Handshakes that are not in order, made from one that is. Each is { name, parts, hurry }: the parts are sent one after
// the other, and with `ends` the client says afterwards that it will send no more.
const crlf = "\r\n";

/** token: a good one, or any text. */
export function goodHandshake(token, key = "dGhlIHNhbXBsZSBub25jZQ==") {
	return ["GET /ws/notifications?token=" + token + " HTTP/1.1", "Host: localhost", "Upgrade: websocket",
		"Connection: keep-alive, Upgrade", "Sec-WebSocket-Version: 13", `Sec-WebSocket-Key: ${key}`, "", ""].join(crlf);
}

const asBytes = (text) => Buffer.from(text, "latin1");

function withByte(bytes, at, value) {
	const copy = Buffer.from(bytes);
	copy[at] = value;
	return copy;
}

/** Inserts text behind the first line. */
const withField = (head, field) => head.replace(crlf, crlf + field + crlf);

const kinds = {
	good: (random, head) => [asBytes(head)],
	cut: (random, head) => [asBytes(head.slice(0, 1 + random.below(head.length - 1)))],
	oneByte: (random, head) => [withByte(asBytes(head), random.below(head.length), random.below(256))],
	severalBytes(random, head) {
		let bytes = asBytes(head);
		for (let i = 1 + random.below(8); i > 0; i--) bytes = withByte(bytes, random.below(bytes.length), random.below(256));
		return [bytes];
	},
	inserted(random, head) {
		const at = random.below(head.length);
		return [asBytes(head.slice(0, at)), random.bytes(1 + random.below(40)), asBytes(head.slice(at))];
	},
	removed(random, head) {
		const at = random.below(head.length);
		return [asBytes(head.slice(0, at) + head.slice(at + 1 + random.below(30)))];
	},
	twice(random, head) {
		const lines = head.split(crlf);
		lines.splice(1, 0, random.pick(lines.slice(1, -2)));
		return [asBytes(lines.join(crlf))];
	},
	without(random, head) {
		const lines = head.split(crlf);
		lines.splice(random.below(lines.length - 2), 1);
		return [asBytes(lines.join(crlf))];
	},
	byteByByte: (random, head) => [...asBytes(head)].map((byte) => Buffer.from([byte])),
	inPieces(random, head) {
		const parts = [];
		for (let at = 0; at < head.length;) {
			const length = 1 + random.below(60);
			parts.push(asBytes(head.slice(at, at + length)));
			at += length;
		}
		return parts;
	},
	withRubbish: (random, head) => [asBytes(head), random.bytes(1 + random.below(3000))],
	withRequest: (random, head) => [asBytes(head + head)],
	longField: (random, head) => [asBytes(withField(head, `X-Long: ${"x".repeat(100 * 1024)}`))],
	longName: (random, head) => [asBytes(withField(head, `${"X".repeat(100 * 1024)}: x`))],
	longTarget: (random, head) => [asBytes(head.replace("token=", `other=${"x".repeat(100 * 1024)}&token=`))],
	longMethod: (random, head) => [asBytes("G".repeat(20 * 1024) + head)],
	manyFields: (random, head) => [asBytes(withField(head, Array.from({ length: 3000 }, (_, i) => `X-${i}: ${i}`).join(crlf)))],
	noLines: (random) => [random.bytes(100 * 1024).map((byte) => (byte === 10 || byte === 13 ? 120 : byte))],
	onlyRandom: (random) => [random.bytes(1 + random.below(2000))],
	onlyLines: () => [asBytes(crlf.repeat(20 * 1024))],
	lineFeeds: (random, head) => [asBytes(head.replaceAll(crlf, "\n"))],
	folded: (random, head) => [asBytes(withField(head, `X-Folded: a${crlf} b`))],
	withBody: (random, head) => [asBytes(withField(head, `Content-Length: ${random.below(2000)}`)), random.bytes(500)],
	chunked: (random, head) => [asBytes(withField(head, "Transfer-Encoding: chunked")), asBytes(`5${crlf}hello${crlf}0${crlf}${crlf}`)],
	strangeMethod: (random, head) => [asBytes(head.replace("GET", random.pick(["POST", "HEAD", "OPTIONS", "get", "CONNECT", "PRI", "\u00e4"])))],
	strangePath: (random, head) => [asBytes(head.replace("/ws/notifications", random.pick(["/", "/ws/notifications/", "/ws/notifications%2f", "//ws/notifications",
		"/ws/../ws/notifications", "*", "http://a/ws/notifications", "/healthz", "/readyz", "/metrics", "/ws/notifications%00"])))],
	strangeVersion: (random, head) => [asBytes(head.replace("HTTP/1.1", random.pick(["HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "", "HTTP/1.1 ", "HTTP/11", "http/1.1"])))],
	strangeUpgrade: (random, head) => [asBytes(head.replace("websocket", random.pick(["h2c", "websocket, h2c", "WebSocket", ""])))],
	strangeKey: (random, head) => [asBytes(head.replace(/Key: .*/, `Key: ${random.pick(["", "x", "AAAA", "dGhlIHNhbXBsZSBub25jZQ=", "!".repeat(24), "A".repeat(5000)])}`))],
	strangeSocketVersion: (random, head) => [asBytes(head.replace("Version: 13", `Version: ${random.pick(["8", "0", "13, 8", "", "-13", "9".repeat(400)])}`))],
	protocols: (random, head) => [asBytes(withField(head, `Sec-WebSocket-Protocol: ${random.pick(["gatepost.bearer", "gatepost.bearer, ", ",,,", "a,".repeat(3000), "gatepost.bearer, " + "x".repeat(9000)])}`))],
	extensions: (random, head) => [asBytes(withField(head, `Sec-WebSocket-Extensions: ${random.pick(["permessage-deflate; client_max_window_bits=99", "x-webkit-deflate-frame", "a;".repeat(4000)])}`))],
	longToken: (random, head) => [asBytes(head.replace(/token=[^ ]*/, `token=${"e".repeat(1 + random.below(18 * 1024))}`))],
	brokenToken: (random, head) => [asBytes(head.replace(/token=[^ ]*/, `token=${random.pick(["%", "%zz", "%00", "&token=", "=", "%0d%0a", "a.b.c", "..", "."])}`))],
};

export const handshakeNames = Object.keys(kinds);

export function brokenHandshake(random, token, name = random.pick(handshakeNames)) {
	return { name, parts: kinds[name](random, goodHandshake(token)) };
}

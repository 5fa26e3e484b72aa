// SPDX-License-Identifier: Apache-2.0
// Frames of WebSockets (RFC 6455 section 5), most of them wrong.

/** A frame as a client has to send it, or not: `first` is the first byte, `declared` the length that it claims. */
export function frame(random, first, payload, { masked = true, declared = payload.length, bytes } = {}) {
	const size = bytes ?? (declared < 126 ? 0 : declared < 65536 ? 2 : 8);
	const head = Buffer.alloc(2 + size);
	head[0] = first;
	head[1] = (masked ? 0x80 : 0) | (size === 0 ? Number(declared) : size === 2 ? 126 : 127);
	if (size === 2) head.writeUInt16BE(Number(declared), 2);
	if (size === 8) head.writeBigUInt64BE(BigInt(declared), 2);
	if (!masked) return Buffer.concat([head, payload]);
	const mask = random.bytes(4);
	return Buffer.concat([head, mask, payload.map((byte, i) => byte ^ mask[i % 4])]);
}

const text = 0x81, binary = 0x82, close = 0x88, ping = 0x89, pong = 0x8a;
const more = (first) => first & 0x7f; // of several fragments, and not the last

function closing(random, code, reason = Buffer.alloc(0)) {
	const payload = Buffer.alloc(2);
	payload.writeUInt16BE(code);
	return frame(random, close, Buffer.concat([payload, reason]));
}

/**
 * By name what is sent, and `ends`: the code that the connection has to be closed with, undefined for a close without
 * one, "stays" where it must not end, null where all is right.
 */
const kinds = {
	random: { ends: null, make: (r) => [r.bytes(1 + r.below(3000))] },
	reserved: { ends: 1002, make: (r) => [frame(r, text | (1 + r.below(7)) << 4, r.bytes(10))] },
	unmasked: { ends: 1002, make: (r) => [frame(r, text, Buffer.from("hello"), { masked: false })] },
	unmaskedPing: { ends: 1002, make: (r) => [frame(r, ping, Buffer.from("hello"), { masked: false })] },
	reservedOpcode: { ends: 1002, make: (r) => [frame(r, 0x80 | r.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]), r.bytes(5))] },
	longControl: { ends: 1002, make: (r) => [frame(r, r.pick([close, ping, pong]), Buffer.alloc(126 + r.below(1000)))] },
	controlInPieces: { ends: 1002, make: (r) => [frame(r, more(r.pick([close, ping, pong])), Buffer.from("he"))] },
	continuation: { ends: 1002, make: (r) => [frame(r, 0x80, Buffer.from("lo"))] },
	interrupted: { ends: 1002, make: (r) => [frame(r, more(text), Buffer.from("hel")), frame(r, text, Buffer.from("hello"))] },
	huge: { ends: 1002, make: (r) => [frame(r, binary, Buffer.alloc(9), { declared: 2n ** 63n, bytes: 8 })] },
	nearlyHuge: { ends: 1009, make: (r) => [frame(r, binary, Buffer.alloc(9), { declared: 2n ** 63n - 1n, bytes: 8 })] },
	allOnes: { ends: 1002, make: (r) => [frame(r, text, Buffer.alloc(9), { declared: 2n ** 64n - 1n, bytes: 8 })] },
	fourGigabytes: { ends: 1009, make: (r) => [frame(r, text, Buffer.alloc(20), { declared: 2n ** 32n + 5n, bytes: 8 })] },
	tooLong: { ends: 1009, make: (r) => [frame(r, r.pick([text, binary]), Buffer.alloc(1025))] },
	declaredTooLong: { ends: 1009, make: (r) => [frame(r, text, Buffer.from("a"), { declared: 1025 + r.below(60000), bytes: 2 })] },
	tooLongInPieces: { ends: 1009, make: (r) => [frame(r, more(text), Buffer.alloc(600, 97)), frame(r, 0x80, Buffer.alloc(425, 97))] },
	manyPieces: { ends: 1009, make: (r) => [frame(r, more(text), Buffer.from("a")), ...Array.from({ length: 1100 }, () => frame(r, 0, Buffer.from("a")))] },
	noUtf8: { ends: 1007, make: (r) => [frame(r, text, Buffer.from([0x61, 0xff, 0x62]))] },
	surrogate: { ends: 1007, make: (r) => [frame(r, text, Buffer.from([0xed, 0xa0, 0x80]))] },
	halfCharacter: { ends: 1007, make: (r) => [frame(r, text, Buffer.from([0xe2, 0x82]))] },
	closeOneByte: { ends: 1002, make: (r) => [frame(r, close, Buffer.from([3]))] },
	closeCode: { ends: 1002, make: (r) => [closing(r, r.pick([0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535]))] },
	closeOwnCode: { ends: 3000, make: (r) => [closing(r, 3000)] },
	closeReason: { ends: 1007, make: (r) => [closing(r, 1000, Buffer.from([0xff, 0xfe]))] },
	closeLongReason: { ends: 1000, make: (r) => [closing(r, 1000, Buffer.alloc(123, 97))] },
	closeEmpty: { ends: undefined, make: (r) => [frame(r, close, Buffer.alloc(0))] },
	closeAndMore: { ends: 1000, make: (r) => [closing(r, 1000), frame(r, text, Buffer.from("late")), r.bytes(500)] },
	closeTwice: { ends: 1000, make: (r) => [closing(r, 1000), closing(r, 1001)] },
	longForm: { ends: null, make: (r) => [frame(r, text, Buffer.from("hello"), { bytes: r.pick([2, 8]) })] },
	cut: { ends: null, make: (r) => [frame(r, text, Buffer.from("hello")).subarray(0, 1 + r.below(9))] },
	small: { ends: "stays", make: (r) => [frame(r, r.pick([text, binary]), Buffer.alloc(r.below(1025), 97))] },
	empty: { ends: "stays", make: (r) => [frame(r, text, Buffer.alloc(0)), frame(r, more(text), Buffer.alloc(0)), frame(r, 0x80, Buffer.alloc(0))] },
	smallInPieces: { ends: "stays", make: (r) => [frame(r, more(text), Buffer.from([0xe2])), frame(r, ping, Buffer.from("between")), frame(r, 0x80, Buffer.from([0x82, 0xac]))] },
	pings: { ends: "stays", make: (r) => Array.from({ length: 200 }, () => frame(r, ping, Buffer.alloc(r.below(126)))) },
	pongs: { ends: "stays", make: (r) => Array.from({ length: 200 }, () => frame(r, pong, Buffer.alloc(r.below(126)))) },
	byteByByte: { ends: "stays", make: (r) => [...Buffer.concat([frame(r, text, Buffer.from("hello")), frame(r, ping, Buffer.from("x"))])].map((byte) => Buffer.from([byte])) },
	manySmall: { ends: "stays", make: (r) => Array.from({ length: 500 }, () => frame(r, text, Buffer.from("hello"))) },
};

/** The close frame that ends what a server has sent behind its handshake, or null; the server's frames are short. */
export function closeFrameIn(received) {
	let at = received.indexOf("\r\n\r\n") + 4;
	while (at >= 4 && at + 2 <= received.length) {
		const short = received[at + 1] & 0x7f;
		if ((received[at] & 0x0f) === 8) return received.subarray(at, at + 2 + short);
		if (short === 127) return null;
		at += short === 126 && at + 4 <= received.length ? 4 + received.readUInt16BE(at + 2) : 2 + short;
	}
	return null;
}

export const codeIn = (closeFrame) => (closeFrame.length >= 4 ? closeFrame.readUInt16BE(2) : undefined);

/** What a client says when it has been sent a close frame. */
export const farewell = (random) => closing(random, 1000);

export const frameNames = Object.keys(kinds);

export function brokenFrames(random, name = random.pick(frameNames)) {
	return { name, ends: kinds[name].ends, parts: kinds[name].make(random) };
}

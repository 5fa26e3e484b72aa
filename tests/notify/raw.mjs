// SPDX-License-Identifier: Apache-2.0
// A WebSocket by hand, over a plain socket: requests and frames that no library would send, and exactly
// what comes back.
import { randomBytes } from "node:crypto";
import { connect } from "node:net";

const answer_limit_ms = 10_000;
export const TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10, CONTINUATION = 0;

/** A masked frame; declared: the length in its head, where it is another than the payload's */
export function frame(opcode, payload = "", { final = true, masked = true, reserved = 0, declared } = {}) {
	const bytes = Buffer.from(payload);
	const length = declared ?? bytes.length;
	const mask = masked ? randomBytes(4) : Buffer.alloc(0);
	const head = Buffer.alloc(length < 126 ? 2 : length < 65536 ? 4 : 10);
	head[0] = (final ? 0x80 : 0) | reserved << 4 | opcode;
	head[1] = (masked ? 0x80 : 0) | (length < 126 ? length : length < 65536 ? 126 : 127);
	if (head.length === 4) head.writeUInt16BE(length, 2);
	if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
	return Buffer.concat([head, mask, masked ? bytes.map((byte, at) => byte ^ mask[at & 3]) : bytes]);
}

/** The head of a good handshake; fields: others than its own, null for none; lines: more, as they are */
export function handshake({ method = "GET", target = "/ws/notifications", version = "HTTP/1.1", fields = {}, lines = [], host = "localhost" } = {}) {
	const all = {
		Host: host, Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13",
		"Sec-WebSocket-Key": randomBytes(16).toString("base64"), ...fields,
	};
	const named = Object.entries(all).filter(([, value]) => value !== null).map(([name, value]) => `${name}: ${value}`);
	return [`${method} ${target} ${version}`, ...named, ...lines, "", ""].join("\r\n");
}

export class Raw {
	#bytes = Buffer.alloc(0);
	#waiting = [];
	ended = false;

	/** where: what net.connect() takes */
	constructor(where) {
		this.socket = connect(where);
		this.socket.on("data", (bytes) => this.#note(() => { this.#bytes = Buffer.concat([this.#bytes, bytes]); }));
		for (const event of ["end", "error", "close"]) this.socket.on(event, () => this.#note(() => { this.ended = true; }));
	}

	#note(deed) {
		deed();
		for (const wake of this.#waiting.splice(0)) wake();
	}

	send(bytes) {
		if (!this.socket.destroyed) this.socket.write(bytes);
		return this;
	}

	/** What `take` finds in the bytes so far; undefined when it has not come in time or never will. */
	async #take(take, limit_ms) {
		const deadline = Date.now() + limit_ms;
		for (;;) {
			const found = take(this.#bytes);
			if (found !== undefined) {
				this.#bytes = this.#bytes.subarray(found.length);
				return found.value;
			}
			const left_ms = deadline - Date.now();
			if (left_ms <= 0 || this.ended) return undefined;
			let timer;
			await new Promise((resolve) => {
				this.#waiting.push(resolve);
				timer = setTimeout(resolve, left_ms);
			});
			clearTimeout(timer);
		}
	}

	/** Status and fields of an answer: names in lower case. */
	async head(limit_ms = answer_limit_ms) {
		const text = await this.#take((bytes) => {
			const end = bytes.indexOf("\r\n\r\n");
			return end < 0 ? undefined : { length: end + 4, value: bytes.toString("latin1", 0, end) };
		}, limit_ms);
		if (text === undefined) return { status: 0, fields: {}, text: "" };
		const [first, ...lines] = text.split("\r\n");
		const fields = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]));
		return { status: Number(first.split(" ")[1]), fields, text };
	}

	/** All of an answer over HTTP; body: as far as it has a length, else to the end. */
	async answer(limit_ms = answer_limit_ms) {
		const head = await this.head(limit_ms);
		const length = head.fields["content-length"];
		const chunked = /chunked/i.test(head.fields["transfer-encoding"] ?? "");
		const body = await this.#take((bytes) => {
			if (length !== undefined && bytes.length >= Number(length)) return { length: Number(length), value: bytes.toString("utf8", 0, Number(length)) };
			const end = chunked ? bytes.indexOf("0\r\n\r\n") : -1;
			if (end >= 0) return { length: end + 5, value: withoutChunks(bytes.subarray(0, end)) };
			return length === undefined && this.ended ? { length: bytes.length, value: bytes.toString() } : undefined;
		}, head.status && head.status !== 101 ? limit_ms : 0);
		return { ...head, body };
	}

	/** The next frame, { opcode, final, payload }; undefined for none. */
	frame(limit_ms = answer_limit_ms) {
		return this.#take((bytes) => {
			if (bytes.length < 2) return undefined;
			const short = bytes[1] & 0x7f;
			const head = short < 126 ? 2 : short === 126 ? 4 : 10;
			if (bytes.length < head) return undefined;
			const size = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
			if (bytes.length < head + size) return undefined;
			return { length: head + size, value: { opcode: bytes[0] & 15, final: bytes[0] >= 128, payload: Buffer.from(bytes.subarray(head, head + size)) } };
		}, limit_ms);
	}

	/** How it ends: "1009 Message too big", "dropped" without a close frame, or "open" */
	async ending(limit_ms = answer_limit_ms) {
		const deadline = Date.now() + limit_ms;
		for (;;) {
			const next = await this.frame(Math.max(deadline - Date.now(), 0));
			if (next?.opcode === CLOSE) return closing(next.payload);
			if (next === undefined) return this.ended ? "dropped" : "open";
		}
	}

	/** Whether the other side hangs up in time. */
	async hangsUp(limit_ms = answer_limit_ms) {
		await this.#take(() => undefined, limit_ms);
		return this.ended;
	}

	drop() {
		this.socket.destroy();
	}
}

const closing = (payload) => (payload.length < 2 ? "1005" : `${payload.readUInt16BE(0)} ${payload.subarray(2)}`.trim());

function withoutChunks(bytes) {
	let text = "", at = 0;
	while (at < bytes.length) {
		const line = bytes.indexOf("\r\n", at);
		const size = parseInt(bytes.toString("latin1", at, line), 16);
		text += bytes.toString("utf8", line + 2, line + 2 + size);
		at = line + 2 + size + 2;
	}
	return text;
}

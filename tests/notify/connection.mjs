// SPDX-License-Identifier: Apache-2.0
// One WebSocket of the library ws, as a tab of a browser would have it: what came, and how it ended.
import WebSocket from "ws";

const answer_limit_ms = 10_000;

export class Connection {
	messages = []; // all of them, parsed
	pings = 0;
	closed = undefined; // "4001 Unauthorized", once it is
	refused = undefined; // "403 {"detail":…}", where HTTP answered
	#waiting = [];

	/** url: ws:// with query; options: of ws, such as headers and autoPong; protocols: those offered */
	constructor(url, { protocols = [], ...options } = {}) {
		this.socket = new WebSocket(url, protocols, { perMessageDeflate: false, handshakeTimeout: answer_limit_ms, ...options });
		this.socket.on("message", (data, binary) => this.#note(() => this.messages.push(binary ? { binary: data.length } : parsed(data))));
		this.socket.on("ping", () => this.#note(() => this.pings++));
		this.socket.on("upgrade", (response) => { this.protocol = response.headers["sec-websocket-protocol"]; });
		this.socket.on("unexpected-response", (request, response) => this.#read(request, response));
		this.socket.on("error", (error) => this.#note(() => { this.failure ??= error.message; }));
		this.socket.on("close", (code, reason) => this.#note(() => {
			this.closed_ms = Date.now();
			this.closed = `${code} ${reason}`.trim();
		}));
	}

	#note(deed) {
		deed();
		for (const wake of this.#waiting.splice(0)) wake();
	}

	#read(request, response) {
		let body = "";
		response.setEncoding("utf8").on("data", (text) => { body += text; });
		response.on("close", () => this.#note(() => {
			this.refused = `${response.statusCode} ${body}`.trim();
			request.destroy();
		}));
	}

	/** Whether it becomes true in time; asked whenever something has come. */
	async until(claim, limit_ms = answer_limit_ms) {
		const deadline = Date.now() + limit_ms;
		while (!claim()) {
			const left_ms = deadline - Date.now();
			if (left_ms <= 0) return false;
			let timer;
			await new Promise((resolve) => {
				this.#waiting.push(resolve);
				timer = setTimeout(resolve, left_ms);
			});
			clearTimeout(timer);
		}
		return true;
	}

	/**
	 * What became of the attempt, in a line: "ready ann", "closed 4001 Unauthorized", "HTTP 403 …". Of what
	 * was refused it also says what was sent before.
	 */
	async outcome(limit_ms = answer_limit_ms) {
		await this.until(() => this.messages.length || this.closed || this.refused, limit_ms);
		if (this.refused) return `HTTP ${this.refused}`;
		const [first] = this.messages;
		if (first?.type === "ready") return Object.keys(first).join() === "type,user_id" ? `ready ${first.user_id}` : JSON.stringify(first);
		if (first) return `first message ${JSON.stringify(first)}`;
		if (this.closed) return this.failure ? `failed ${this.closed}: ${this.failure}` : `closed ${this.closed}`;
		return "silence";
	}

	/** "4001 Unauthorized", or "open" when that has not come in time */
	async ending(limit_ms = answer_limit_ms) {
		await this.until(() => this.closed, limit_ms);
		return this.closed ?? "open";
	}

	/** What was told of tasks, without the first message and the word to read everything anew, which may come at any time. */
	get events() {
		return this.messages.slice(1).filter(({ type }) => type !== "resync");
	}

	get resyncs() {
		return this.messages.filter(({ type }) => type === "resync");
	}

	/** The events since the last such word. */
	get news() {
		const last = this.messages.findLastIndex(({ type }) => type === "resync");
		return this.messages.slice(Math.max(last + 1, 1));
	}

	/** The first so many events, or as many as came in time. */
	async receives(count, limit_ms = answer_limit_ms) {
		await this.until(() => this.events.length >= count || this.closed, limit_ms);
		return this.events;
	}

	close(...how) {
		this.socket.close(...how);
	}

	drop() {
		this.socket.terminate();
	}
}

function parsed(data) {
	try {
		return JSON.parse(data.toString());
	} catch {
		return { no_json: data.toString() };
	}
}

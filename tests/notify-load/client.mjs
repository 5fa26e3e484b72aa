// SPDX-License-Identifier: Apache-2.0
// Clients of the notifier, by a WebSocket library that is not gatepost's.
import WebSocket from "ws";

/** Where a token can stand; tests take them in turn. */
export const ways = ["query", "protocol", "header"];

/**
 * A client of `url` (without a query) with the token at one of `ways`. The handlers are optional: ready(user id),
 * event(message), ended(code, reason or error's text). What comes before "ready" goes to `event`, too.
 */
export function open(url, token, way, { ready, event, ended }) {
	const protocols = way === "protocol" ? ["gatepost.bearer", token] : [];
	const address = way === "query" ? `${url}?token=${token}` : url;
	const headers = way === "header" ? { Authorization: `Bearer ${token}` } : {};
	const socket = new WebSocket(address, protocols, { headers, perMessageDeflate: false, handshakeTimeout: 60_000 });
	let isReady = false;
	let problem = "";
	socket.on("message", (data) => {
		const message = JSON.parse(data.toString());
		if (message.type === "ready" && !isReady) {
			isReady = true;
			ready?.(message.user_id);
		} else {
			event?.(message);
		}
	});
	socket.on("error", (error) => { problem = String(error.message); });
	socket.on("close", (code, reason) => ended?.(code, reason.toString() || problem));
	return socket;
}

/** Calls `start` for each of the items, at most so many of whose promises are open at a time. */
export async function several(atOnce, items, start) {
	const rest = items[Symbol.iterator]();
	const results = [];
	const work = async () => {
		for (const item of rest) results.push(await start(item));
	};
	await Promise.all(Array.from({ length: atOnce }, work));
	return results;
}

/** Resolves once the client is ready, with its socket; rejects when it is ended before. */
export function opened(url, token, way, { ready, event, ended } = {}) {
	return new Promise((resolve, reject) => {
		const socket = open(url, token, way, {
			ready: (user) => { ready?.(user); resolve(socket); },
			event,
			ended: (code, reason) => {
				reject(new Error(`ended before it was ready: ${code} ${reason}`));
				ended?.(code, reason);
			},
		});
	});
}

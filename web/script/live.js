// SPDX-License-Identifier: Apache-2.0
//
// The WebSocket that tells what becomes of the caller's tasks: it is opened again whenever it ends, and whoever
// listens learns when something may have been missed.

import { accessToken, requireUser } from "./client.js";

const firstWaitMs = 500; // after a connection that failed; doubled for each further one
const longestWaitMs = 30_000;
const expired = "Token expired"; // why the server closes a connection that is to come back at once
const refused = 4001; // it does not know who this is

// heard(message) gets every message; { type: "resync" } also with each connection, because what happened before it is
// not told. shown(isLive) is told of each beginning and end.
export function follow({ heard, shown }) {
	let wait = firstWaitMs;
	let timer = null;
	let socket = null;
	let isLive = false;

	async function connect() {
		timer = null;
		try {
			socket = new WebSocket(address(), ["gatepost.bearer", await accessToken()]);
		} catch {
			comeBack(); // nobody could be asked for a token
			return;
		}
		socket.addEventListener("message", ({ data }) => receive(read(data)));
		socket.addEventListener("close", ({ code, reason }) => ended(code, reason));
	}

	function receive(message) {
		if (message.type !== "ready") {
			heard(message);
			return;
		}
		wait = firstWaitMs;
		isLive = true;
		shown(true);
		heard({ type: "resync" });
	}

	async function ended(code, reason) {
		socket = null;
		shown(false);
		// A token that never held would be followed by another one that does not.
		if (code === refused && reason === expired && isLive) wait = 0;
		isLive = false;
		// Whoever was signed out elsewhere leaves the page here.
		if (code === refused) await requireUser().catch(() => {});
		comeBack();
	}

	// Not all pages of a site at the same moment, when its server is back.
	function comeBack() {
		timer = setTimeout(connect, wait * (0.5 + Math.random()));
		wait = Math.min(Math.max(wait * 2, firstWaitMs), longestWaitMs);
	}

	function comeBackNow() {
		if (timer === null) return;
		clearTimeout(timer);
		wait = firstWaitMs;
		connect();
	}

	addEventListener("online", () => {
		socket?.close(); // it was of the network that is gone, and might never notice
		comeBackNow();
	});
	document.addEventListener("visibilitychange", () => {
		if (document.visibilityState === "visible") comeBackNow();
	});
	connect();
}

// What is no message of ours says nothing.
function read(data) {
	try {
		const message = JSON.parse(data);
		return typeof message?.type === "string" ? message : { type: "unknown" };
	} catch {
		return { type: "unknown" };
	}
}

function address() {
	const url = new URL("/ws/notifications", location.href);
	url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
	return url;
}

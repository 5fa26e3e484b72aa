// SPDX-License-Identifier: Apache-2.0
// Requests to gatepost with a JWT. It is kept in memory and nowhere else: what is in localStorage every
// script of the origin can read, at any later time, and it outlives signing out. The cookie that gets a new
// one is HttpOnly, so that a page loses nothing when it forgets.
import { address, goToLogin } from "@/lib/answer";

const ahead_ms = 60_000; // a token that ends while a request is under way would be refused
let held: Promise<string> | null = null;
let renew_at = 0;

async function fetchToken(): Promise<string> {
	const answer = await fetch("/api/token", { cache: "no-store" });
	if (answer.status === 401) goToLogin();
	if (!answer.ok) throw new Error(answer.status === 401 ? "Your session has ended." : "There is no token to be had.");
	const { token, expires_in } = await answer.json();
	renew_at = Date.now() + expires_in * 1000 - ahead_ms;
	return token;
}

/** The same for requests that begin while it is on its way. */
function currentToken(): Promise<string> {
	if (!held || Date.now() >= renew_at) {
		renew_at = Infinity;
		held = fetchToken();
		held.catch(() => (held = null));
	}
	return held;
}

async function send(path: string, options: RequestInit, token: string): Promise<Response> {
	const headers = new Headers(options.headers);
	headers.set("Authorization", `Bearer ${token}`);
	if (options.body) headers.set("Content-Type", "application/json");
	return fetch(`${address}${path}`, { ...options, headers });
}

export async function fetchWithAuth(path: string, options: RequestInit = {}): Promise<Response> {
	const used = currentToken();
	const answer = await send(path, options, await used);
	if (answer.status !== 401) return answer;
	// The clocks differ, or the secret was changed: once more, with a new token.
	if (held === used) held = null;
	return send(path, options, await currentToken());
}

// SPDX-License-Identifier: Apache-2.0
// Somebody with an account, at the real client. Knows what a browser would do for the client: cookies
// and the Origin header.
import { randomUUID } from "node:crypto";
import { createAuthClient } from "better-auth/client";
import { jwtClient } from "better-auth/client/plugins";

const session_cookie = "better-auth.session_token";

export class Person {
	/** known: what a new person has not got yet, or somebody whose browser goes on at this server */
	constructor(server, known = {}) {
		this.server = server;
		this.id = known.id;
		this.email = known.email ?? `person-${randomUUID()}@example.com`;
		this.password = known.password ?? "correct horse battery";
		this.rawSession = known.rawSession;
		this.cookies = known.cookies ?? new Map(); // name -> value as it came, percent-encoded
		this.client = createAuthClient({
			baseURL: server.url,
			plugins: [jwtClient()],
			fetchOptions: { customFetchImpl: (url, init) => this.fetch(url, init) },
		});
	}

	async fetch(url, init = {}) {
		const headers = new Headers(init.headers);
		if (this.server.origin) headers.set("Origin", this.server.origin);
		if (this.cookies.size) headers.set("Cookie", [...this.cookies].map((pair) => pair.join("=")).join("; "));
		const response = await fetch(url, { ...init, headers });
		for (const line of response.headers.getSetCookie()) {
			const [, name, value] = line.match(/^([^=]*)=([^;]*)/);
			if (value) this.cookies.set(name, value);
			else this.cookies.delete(name);
		}
		this.response = response;
		this.announced = response.headers.get("set-auth-token") ?? this.announced;
		return response;
	}

	/** The same browser at another server. */
	at(server) {
		return new Person(server, this);
	}

	/** The same account in another browser, without its cookies. */
	elsewhere(server = this.server) {
		return new Person(server, { ...this, cookies: undefined });
	}

	async signUp(more = {}) {
		const { token, user } = succeeded(await this.client.signUp.email({ name: "Pat", email: this.email, password: this.password, ...more }));
		this.rawSession = token;
		this.id = user.id;
		return this;
	}

	async signIn(more = {}) {
		const { token } = succeeded(await this.client.signIn.email({ email: this.email, password: this.password, ...more }));
		this.rawSession = token;
		return this;
	}

	/** null, or the session and its user */
	async session(query = {}) {
		return succeeded(await this.client.getSession({ query }));
	}

	/** The signed session token as the cookie has it, percent-encoded. */
	get encodedSession() {
		return this.cookies.get(session_cookie);
	}

	get signedSession() {
		return decodeURIComponent(this.encodedSession);
	}

	/** A token of the jwt plugin. */
	async token() {
		return succeeded(await this.client.token()).token;
	}

	/** A token of the application's own route, HS256. */
	async sharedSecretToken() {
		const response = await this.fetch(`${this.server.url}/api/token`);
		return (await response.json()).token;
	}

	async signOut() {
		succeeded(await this.client.signOut());
	}

	async deleteAccount() {
		succeeded(await this.client.deleteUser({ password: this.password }));
	}

	/** The token of a verification mail. */
	async verificationToken() {
		succeeded(await this.client.sendVerificationEmail({ email: this.email }));
		return (await this.server.mailTo(this.email)).token;
	}

	async verifyEmail(token) {
		succeeded(await this.client.verifyEmail({ query: { token } }));
	}
}

export function succeeded({ data, error }) {
	if (error) throw new Error(`Better Auth answered ${error.status} ${error.code ?? ""} ${error.message ?? ""}`);
	return data;
}

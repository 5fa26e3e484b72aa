// SPDX-License-Identifier: Apache-2.0
// Somebody with an account, at the real client. Knows what a browser would do for the client: cookies
// and the Origin header.
import { createAuthClient } from "better-auth/client";
import { jwtClient } from "better-auth/client/plugins";

const session_cookie = "better-auth.session_token";
let people = 0;

export class Person {
	constructor(server) {
		this.server = server;
		this.email = `person-${++people}@example.com`;
		this.password = "correct horse battery";
		this.cookies = new Map(); // name -> value as it came, percent-encoded
		this.client = createAuthClient({
			baseURL: server.url,
			plugins: [jwtClient()],
			fetchOptions: { customFetchImpl: (url, init) => this.fetch(url, init) },
		});
	}

	async fetch(url, init = {}) {
		const headers = new Headers(init.headers);
		headers.set("Origin", this.server.origin);
		if (this.cookies.size) headers.set("Cookie", [...this.cookies].map((pair) => pair.join("=")).join("; "));
		const response = await fetch(url, { ...init, headers });
		for (const line of response.headers.getSetCookie()) {
			const [, name, value] = line.match(/^([^=]*)=([^;]*)/);
			if (value) this.cookies.set(name, value);
			else this.cookies.delete(name);
		}
		this.announced = response.headers.get("set-auth-token") ?? this.announced;
		return response;
	}

	async signUp() {
		const { token, user } = succeeded(await this.client.signUp.email({ name: "Pat", email: this.email, password: this.password }));
		this.rawSession = token;
		this.id = user.id;
		return this;
	}

	async signIn() {
		const { token } = succeeded(await this.client.signIn.email({ email: this.email, password: this.password }));
		this.rawSession = token;
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

function succeeded({ data, error }) {
	if (error) throw new Error(`Better Auth answered ${error.status} ${error.code ?? ""} ${error.message ?? ""}`);
	return data;
}

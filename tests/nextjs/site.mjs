// SPDX-License-Identifier: Apache-2.0
// The example and the gatepost behind it: their addresses, their settings, and people with an account.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";
import { Window } from "./window.mjs";

export const password = "correct horse battery";
const cookie_name = "better-auth.session_token";

export class Site {
	#browser = null;
	windows = [];
	secrets = new Set([password]); // what no log may have

	/** url: of the example; gatepost: of its API; instance: quickstart's directory; example: with what was built */
	constructor(url, gatepost, instance, example) {
		Object.assign(this, { url, gatepost, instance, example });
		const settings = readFileSync(path.join(instance, "env"), "utf8");
		const setting = (name) => new RegExp(`^${name}='?(.*?)'?$`, "m").exec(settings)[1];
		this.secret = setting("BETTER_AUTH_SECRET");
		this.databasePassword = new URL(setting("SIGN_IN_DATABASE_URL")).password;
		this.secrets.add(this.secret).add(this.databasePassword);
	}

	/**
	 * Somebody with an account: { name, email, id, session }, where session is the token. It is made at gatepost's own
	 * sign-in, on the same tables, because Better Auth lets nobody sign up four times in ten seconds.
	 */
	async person(name) {
		const email = `${name.toLowerCase()}-${randomBytes(6).toString("hex")}@example.com`;
		const response = await fetch(`${this.gatepost}/api/auth/sign-up/email`, {
			method: "POST", headers: { Origin: this.gatepost, "Content-Type": "application/json" }, body: JSON.stringify({ name, email, password }),
		});
		if (!response.ok) throw new Error(`sign-up answered ${response.status} ${await response.text()}`);
		const [line] = response.headers.getSetCookie().filter((text) => text.startsWith(`${cookie_name}=`));
		const { token, user } = await response.json();
		this.secrets.add(token);
		return { name, email, id: user.id, session: token, cookie: line.slice(line.indexOf("=") + 1).split(";")[0] };
	}

	/** A browser of its own, signed in as the person, if there is one. */
	async window(person) {
		this.#browser ??= await chromium.launch({
			executablePath: "/usr/bin/chromium",
			chromiumSandbox: process.getuid() !== 0, // it has no use for root
			args: ["--disable-dev-shm-usage"],
		});
		const context = await this.#browser.newContext({ reducedMotion: "reduce" });
		if (person) await context.addCookies([{ name: cookie_name, value: person.cookie, url: this.url, httpOnly: true, sameSite: "Lax" }]);
		const window = await Window.open(this, context);
		this.windows.push(window);
		return window;
	}

	/** A request to gatepost from outside any browser: { status, body } */
	async ask(place, token, method = "GET", content) {
		const response = await fetch(this.gatepost + place, {
			method, headers: { Authorization: `Bearer ${token}`, ...(content && { "Content-Type": "application/json" }) }, body: content && JSON.stringify(content),
		});
		const text = await response.text();
		return { status: response.status, body: text && JSON.parse(text) };
	}

	async stop() {
		await this.#browser?.close();
	}
}

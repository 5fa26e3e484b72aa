// SPDX-License-Identifier: Apache-2.0
// One page in a browser of its own, with all that it asked for and complained about.

export const with_jwt = "With a JWT";
export const with_session = "With the session token";

export class Window {
	requests = []; // { method, url, headers }, those to gatepost and to the example
	preflights = []; // URLs
	#permitted = [];
	#halves = {}; // of requests, by Chromium's number
	complaints = []; // of the console, and exceptions that nobody caught

	constructor(site, page) {
		Object.assign(this, { site, page });
	}

	static async open(site, context) {
		const window = new Window(site, await context.newPage());
		await window.#listen(context);
		return window;
	}

	async #listen(context) {
		this.page.setDefaultTimeout(15_000);
		this.page.on("pageerror", (error) => this.complaints.push(String(error)));
		this.page.on("console", (message) => {
			if (["error", "warning"].includes(message.type())) this.complaints.push(`${message.text()} ${message.location().url}`);
		});
		const network = await context.newCDPSession(this.page);
		// Playwright does not tell of preflights, nor of the fields as they are sent, Origin among them.
		network.on("Network.requestWillBeSent", ({ requestId, request }) => this.#note(requestId, { request }));
		network.on("Network.requestWillBeSentExtraInfo", ({ requestId, headers }) => this.#note(requestId, { headers }));
		await network.send("Network.enable");
	}

	/** The two halves come in any order. */
	#note(id, half) {
		const { request, headers: given } = this.#halves[id] = { ...this.#halves[id], ...half };
		if (!request || !given) return;
		delete this.#halves[id];
		const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
		if (request.method === "OPTIONS") this.preflights.push(request.url);
		else this.requests.push({ method: request.method, url: request.url, headers });
		const [, token] = /^Bearer (.*)/.exec(headers.authorization ?? "") ?? [];
		if (token) this.site.secrets.add(token);
	}

	/** Complaints that a test asks for, now or later: browsers report each refused request. */
	permit(expected) {
		this.#permitted.push(expected);
	}

	get faults() {
		return this.complaints.filter((text) => !this.#permitted.some((expected) => expected.test(text)));
	}

	go(path) {
		return this.page.goto(this.site.url + path);
	}

	arrives(path) {
		return this.page.waitForURL(this.site.url + path);
	}

	// --- what is on the page, as a screen reader finds it ---

	field(name) {
		return this.page.getByLabel(name, { exact: true });
	}

	button(name) {
		return this.page.getByRole("button", { name, exact: true });
	}

	get alert() {
		return this.page.locator("main").getByRole("alert");
	}

	list(title) {
		return new List(this.page.getByRole("region", { name: title }));
	}

	/** Those to gatepost below a path, so far. */
	asked(path) {
		return this.requests.filter(({ url }) => url.startsWith(this.site.gatepost + path));
	}

	/** The token of the latest request to gatepost below a path. */
	tokenFor(path) {
		return this.asked(path).at(-1)?.headers.authorization.replace("Bearer ", "");
	}
}

class List {
	constructor(region) {
		this.region = region;
		this.field = region.getByLabel("New task");
		this.alert = region.getByRole("alert");
	}

	async add(title) {
		await this.field.fill(title);
		await this.region.getByRole("button", { name: "Add" }).click();
	}

	box(title) {
		return this.region.getByRole("checkbox", { name: title, exact: true });
	}

	remove(title) {
		return this.region.getByRole("button", { name: `Delete ${title}`, exact: true }).click();
	}
}

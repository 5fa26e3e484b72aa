// SPDX-License-Identifier: Apache-2.0
// Chromium, and the windows that a case opens in it. A window hears all that its pages complain of, and whom they
// talk to; a case has to announce what it expects of that with permit(), anything else fails it.
import { chromium } from "playwright-core";

/** A word for each thing that must not go by unnoticed. */
const complaints_of_page = `
	addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
		console.error("policy violated:", violatedDirective, blockedURI, sourceFile, lineNumber));
`;

export function startBrowser() {
	return chromium.launch({
		executablePath: "/usr/bin/chromium",
		chromiumSandbox: process.getuid() !== 0, // it has no use for root
		args: ["--disable-dev-shm-usage"],
	});
}

/** The windows of one case. */
export class Desk {
	#browser;
	#windows = [];

	constructor(browser, site) {
		this.#browser = browser;
		this.site = site;
	}

	/** A browser of its own, without cookies; options: of newContext() of playwright-core */
	async window(options = {}) {
		const context = await this.#browser.newContext({ baseURL: this.site.url, ...options });
		context.setDefaultTimeout(20_000);
		await context.addInitScript(complaints_of_page);
		const window = new Window(context, this.site);
		this.#windows.push(window);
		return window;
	}

	/** A page in a window of its own, at that path. */
	async page(place, options) {
		const window = await this.window(options);
		return window.page(place);
	}

	/** A window in which that person is signed in, with a session of its own. */
	async windowOf(person, options) {
		const window = await this.window(options);
		await window.signIn(person);
		return window;
	}

	/** Somebody new, signed in: { person, window } */
	async newcomer(name, options) {
		const person = await this.site.person(name);
		return { person, window: await this.windowOf(person, options) };
	}

	/** What was complained of and not announced. */
	get faults() {
		return this.#windows.flatMap((window) => window.faults);
	}

	/** Where its pages are and what they show, for whoever reads of a failure. */
	async state() {
		const pages = this.#windows.flatMap((window) => window.context.pages());
		return (await Promise.all(pages.map(async (page) => {
			const shown = await page.locator("body").ariaSnapshot({ timeout: 1_000 }).catch(() => "nothing");
			return `at ${page.url()}:\n${shown.slice(0, 1_500)}`;
		}))).join("\n");
	}

	async close() {
		await Promise.all(this.#windows.map((window) => window.context.close()));
	}
}

class Window {
	#complaints = [];
	#permitted = [];

	constructor(context, site) {
		this.context = context;
		this.site = site;
		const hear = (complaint) => this.#complaints.push(complaint);
		context.on("console", (message) => {
			if (["error", "warning"].includes(message.type())) hear(`console: ${message.text()} (${message.location().url})`);
		});
		context.on("weberror", (error) => hear(`exception: ${error.error().stack}`));
		context.on("dialog", (dialog) => {
			hear(`dialog: ${dialog.message()}`);
			dialog.dismiss().catch(() => {}); // its page may have gone
		});
		context.on("request", (request) => this.#judge(request.url(), hear));
		context.on("requestfailed", (request) => {
			// What a page still asked when it was left is nobody's concern.
			if (request.failure()?.errorText !== "net::ERR_ABORTED") hear(`request: ${request.url()} ${request.failure()?.errorText}`);
		});
		context.on("page", (page) => page.on("websocket", (socket) => this.#judge(socket.url().replace(/^ws/, "http"), hear)));
	}

	#judge(address, hear) {
		if (new URL(address).origin !== this.site.url) hear(`request: ${address} leaves the origin`);
	}

	/** Complaints that a case brings about; texts or expressions. */
	permit(...patterns) {
		this.#permitted.push(...patterns);
		return this;
	}

	get faults() {
		const fits = (complaint, pattern) => (typeof pattern === "string" ? complaint.includes(pattern) : pattern.test(complaint));
		return this.#complaints.filter((complaint) => !this.#permitted.some((pattern) => fits(complaint, pattern)));
	}

	async page(place) {
		const page = await this.context.newPage();
		if (place) await page.goto(place);
		return page;
	}

	async signIn({ email, password }) {
		const answer = await this.context.request.post("/api/auth/sign-in/email", { data: { email, password }, headers: { Origin: this.site.url } });
		if (!answer.ok()) throw new Error(`signing in answered ${answer.status()} ${await answer.text()}`);
	}
}

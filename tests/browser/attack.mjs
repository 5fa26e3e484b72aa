// SPDX-License-Identifier: Apache-2.0
// What others try: text that wants to be more than text, links that lead elsewhere, pages of other origins, and a
// look into what a browser keeps.
import { createServer } from "node:http";
import { add, alertOf, arrives, beginEdit, button, comesTo, field, heading, isLive, openTasks, placeOf, says, showsTitles, signIn, tasks, titles } from "./acts.mjs";
import { becomes, holds, same, sleep } from "./judge.mjs";

const refused = /status of 40\d/; // Chromium logs each answer that is a refusal

const hostile = [
	"<img src=x onerror=alert(1)>",
	"</script><script>alert(1)</script>",
	"<svg onload=alert(1)><animate onbegin=alert(1) attributeName=x dur=1s>",
	"javascript:alert(1)",
	"\" autofocus onfocus=alert(1) x=\"",
	"' onmouseover='alert(1)",
	"`${alert(1)}` {{constructor.constructor('alert(1)')()}}",
	"<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
	"<a href=data:text/html,<script>alert(1)</script>>here</a>",
	"&lt;b&gt; &amp;amp; &#60;",
	"\u202Eevil\u202C \u2066left\u2069 \u200Fright",
	"<!-- --> ]]> <![CDATA[",
	"%3Cscript%3Ealert(1)%3C/script%3E",
	"\u2028line\u2029paragraph \\u0000 \u0001",
	"__proto__",
	"🏳️‍🌈 e\u0301\u0302\u0303\u0304 日本語 \uFEFF",
];

/** Nothing but text came of it: no element of theirs, no dialog (a window hears those), no attribute that acts. */
const isText = (page) => page.evaluate(() =>
	[...document.querySelectorAll("*")].filter((element) =>
		["IFRAME", "OBJECT", "EMBED", "ANIMATE"].includes(element.tagName) ||
		(element.tagName === "SCRIPT" && !element.src) ||
		(element.tagName === "IMG" && element.getAttribute("src") === "x") ||
		[...element.attributes].some(({ name, value }) => /^on/.test(name) || /^\s*(javascript|data):/.test(value) && name === "href")).map((element) => element.outerHTML));

/** All tasks as the document has them: text as it was written. */
const texts = (page) => tasks(page).evaluate((list) => [...list.querySelectorAll(".title")].map((title) => title.textContent));

export async function attack({ check }, site) {
	await check("hostile titles and descriptions are shown as text, also where they come by WebSocket", async (desk) => {
		const { person, window } = await desk.newcomer();
		const page = await openTasks(window);
		for (const text of hostile.slice(0, 8)) await site.addTask(person, text, { description: text });
		const kept = () => site.titles(person);
		await comesTo(async () => (await titles(page)).length, 8);
		same(await texts(page), await kept());
		for (const text of hostile.slice(8)) await site.addTask(person, text, { description: text });
		await comesTo(async () => (await titles(page)).length, hostile.length);
		same(await texts(page), await kept());
		await page.reload();
		await comesTo(async () => (await titles(page)).length, hostile.length);
		same([await texts(page), await isText(page)], [await kept(), []]);
	});

	await check("hostile titles typed into the page, edited and deleted", async (desk) => {
		const { person, window } = await desk.newcomer();
		const page = await openTasks(window);
		for (const text of hostile.slice(0, 6)) {
			await add(page, text);
			await comesTo(async () => (await texts(page))[0], text);
		}
		await comesTo(() => site.titles(person), hostile.slice(0, 6).reverse());
		const form = await beginEdit(page, hostile[5]);
		same(await field(form, "Title").inputValue(), hostile[5]);
		await field(form, "Description").fill(hostile[0]);
		await button(form, "Save").click();
		await tasks(page).getByText(hostile[0], { exact: true }).nth(1).waitFor();
		for (const text of hostile.slice(0, 6)) await button(page, `Delete ${text}`).click();
		await comesTo(() => site.titles(person), []);
		same(await isText(page), []);
	});

	await check("a very long title neither widens the page nor gets lost", async (desk) => {
		const { person, window } = await desk.newcomer("Pat", { viewport: { width: 320, height: 640 } });
		await site.addTasks(person, ["x".repeat(10_000), "word ".repeat(1_999)]);
		const page = await openTasks(window);
		await comesTo(async () => (await titles(page)).length, 2);
		same(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
	});

	await check("hostile names and user agents on the account page", async (desk) => {
		for (const name of [hostile[1], hostile[4]]) {
			const person = await site.person(name);
			const window = await desk.windowOf(person, { userAgent: `Mozilla/5.0 ${hostile[0]} Chrome/1 ${hostile[4]}` });
			const other = await desk.windowOf(person, { userAgent: hostile[1] });
			await other.page("/account/");
			const page = await window.page("/account/");
			await heading(page, "Account").waitFor();
			await page.getByText(name, { exact: true }).first().waitFor();
			await comesTo(async () => (await page.getByRole("list", { name: "Sessions", exact: true }).getByRole("listitem").count()), 3);
			same(await isText(page), []);
		}
	});

	await check("hostile addresses and messages in the query are not shown, or as text", async (desk) => {
		const window = await desk.window();
		const query = new URLSearchParams(["error", "next", "ended", "deleted", "email", "token", "message"].map((name) => [name, hostile[0]]));
		for (const place of ["/login/", "/sign-up/", "/reset-password/", "/verify-email/"]) {
			const page = await window.page(`${place}?${query}#${encodeURIComponent(hostile[1])}`);
			same(await isText(page), []);
			holds(!(await page.locator("body").innerText()).includes("onerror"), `${place} shows what is in its address`);
			await page.close();
		}
	});

	await check("?next= leads nowhere but to pages of this site", async (desk) => {
		const { window } = await desk.newcomer();
		const page = await window.page();
		const host = "evil.example";
		const attempts = [`//${host}`, `https://${host}/`, `https:${host}`, `https:/${host}`, "javascript:alert(1)", `\\\\${host}`, `/\\${host}`, `/\t/${host}`, `/\n/${host}`, `\t//${host}`,
			`%2F%2F${host}`, `/%2F${host}`, `http://${host}@127.0.0.1/`, `@${host}`, `data:text/html,<script>alert(1)</script>`, `blob:${site.url}/x`, `/.//${host}`, `/..//${host}`, `///${host}`,
			`${site.url}.${host}`, `${site.url}@${host}/`, "JaVaScRiPt:alert(1)", " javascript:alert(1)", "view-source:x", "/login/", "/login", "", "?", "//", "http://", "\u0000//evil.example"];
		for (const next of attempts) {
			window.permit("status of 404", "status of 400"); // of this site, too, where it is no page
			const answer = await page.goto(`/login/?next=${encodeURIComponent(next)}`);
			if (answer.status() === 400) continue; // the web server takes no such address
			const leaves = () => new URL(page.url()).pathname !== "/login/";
			if (!(await becomes(leaves, 6_000))) throw new Error(`next=${next}: stays on the sign-in page`);
			await page.waitForLoadState();
			same([next, new URL(page.url()).origin], [next, site.url]);
		}
		await page.goto(`/login/?next=${encodeURIComponent("/?show=done")}`);
		await arrives(page, "/?show=done");
	});

	await check("nor after signing in", async (desk) => {
		const person = await site.person();
		for (const next of ["//evil.example", "/\\evil.example", "javascript:alert(1)"]) {
			const page = await desk.page(`/login/?next=${encodeURIComponent(next)}`);
			await signIn(page, person);
			await arrives(page, "/");
		}
	});

	await check("a page of another origin can neither read nor write, sign in or sign out, with the cookie there", (desk) => withForeignSite(async (foreign) => {
		const { person, window } = await desk.newcomer();
		await site.addTask(person, "Mine");
		const mine = await openTasks(window);
		window.permit(/leaves the origin/, /blocked by CORS policy/, /net::ERR_FAILED/, refused, /WebSocket connection to/, /status of 4\d\d/);
		const page = await window.page();
		await page.goto(foreign);
		const tasks_path = site.tasksOf(person);
		const attempts = [
			["POST", "/api/auth/sign-out", "text/plain", "{}"],
			["POST", "/api/auth/sign-out", "application/json", "{}"],
			["POST", "/api/auth/sign-in/email", "text/plain", JSON.stringify({ email: person.email, password: person.password })],
			["POST", "/api/auth/change-password", "text/plain", JSON.stringify({ currentPassword: person.password, newPassword: "taken over now" })],
			["POST", "/api/auth/delete-user", "text/plain", JSON.stringify({ password: person.password })],
			["GET", "/api/auth/get-session"],
			["GET", "/api/auth/token"],
			["GET", tasks_path],
			["POST", tasks_path, "text/plain", '{"title":"theirs"}'],
			["POST", tasks_path, "application/json", '{"title":"theirs"}'],
		];
		for (const [method, path, type, body] of attempts) {
			const outcome = await page.evaluate(async ([url, init]) => fetch(url, init).then(async (answer) => `${answer.status} ${await answer.text()}`, () => "nothing to read"),
				[site.url + path, { method, body, credentials: "include", ...(type && { headers: { "Content-Type": type } }) }]);
			same([path, outcome], [path, "nothing to read"]);
			await page.evaluate(([url, init]) => fetch(url, init).catch(() => {}), [site.url + path, { method, body, mode: "no-cors", credentials: "include" }]);
		}
		for (const path of ["/api/auth/sign-out", "/api/auth/sign-in/email", tasks_path]) {
			await page.goto(foreign);
			await page.evaluate(([action, fields]) => {
				const form = document.createElement("form");
				Object.assign(form, { action, method: "post", enctype: "text/plain" });
				for (const [name, value] of Object.entries(fields)) form.append(Object.assign(document.createElement("input"), { name, value }));
				document.body.append(form);
				form.submit();
			}, [site.url + path, { email: person.email, password: person.password, title: "theirs", '{"title":"theirs","x":"': '"}' }]);
			await page.waitForURL(`${site.url}/**`);
		}
		const told = await page.goto(foreign).then(() => page.evaluate(async (url) => new Promise((resolve) => {
			const socket = new WebSocket(url);
			socket.onmessage = ({ data }) => resolve(data);
			socket.onclose = socket.onerror = () => resolve("nothing");
		}), `${site.url.replace("http", "ws")}/ws/notifications`));
		same(told, "nothing");
		same(await site.titles(person), ["Mine"]);
		await mine.reload();
		await showsTitles(mine, ["Mine"]);
	}));

	await check("the pages cannot be framed, nor held by the window that opened them", (desk) => withForeignSite(async (foreign) => {
		const window = (await desk.window()).permit(/leaves the origin/, /frame-ancestors/, /net::ERR_BLOCKED_BY_RESPONSE/, "violates the following Content Security Policy directive");
		const page = await window.page();
		await page.goto(foreign);
		for (const place of ["/", "/login/", "/sign-up/", "/account/", "/reset-password/", "/verify-email/"]) {
			const shown = await page.evaluate(async (url) => {
				const frame = document.createElement("iframe");
				frame.src = url;
				await new Promise((resolve) => {
					frame.onload = resolve;
					document.body.append(frame);
				});
				return frame.contentDocument === null ? "another origin" : frame.contentDocument.URL;
			}, site.url + place);
			const frame = page.frames().at(-1);
			holds(!frame.url().startsWith(site.url) && shown !== undefined, `${place} is framed: ${frame.url()}`);
		}
		const opened = page.waitForEvent("popup");
		await page.evaluate((url) => { globalThis.theirs = open(url); }, `${site.url}/login/`);
		await (await opened).waitForLoadState();
		await comesTo(() => page.evaluate(() => globalThis.theirs.closed), true);
	}));

	await check("no token is kept where a script or a history could find it", async (desk) => {
		const person = await site.person();
		const window = await desk.window();
		const page = await window.page("/login/");
		await signIn(page, person);
		await isLive(page);
		await add(page, "One");
		await page.goto("/account/");
		await heading(page, "Account").waitFor();
		const kept = await page.evaluate(async () => ({
			local: { ...localStorage },
			session: { ...sessionStorage },
			databases: await indexedDB.databases(),
			caches: globalThis.caches ? await caches.keys() : [],
			workers: (await navigator.serviceWorker?.getRegistrations())?.length ?? 0,
			cookie: document.cookie,
			name: globalThis.name,
			history: history.state,
		}));
		same(kept, { local: {}, session: {}, databases: [], caches: [], workers: 0, cookie: "", name: "", history: kept.history });
		holds(!/eyJ|token/.test(JSON.stringify(kept.history)), kept.history);
		const cookies = await window.context.cookies();
		holds(cookies.length > 0 && cookies.every(({ httpOnly, sameSite }) => httpOnly && sameSite === "Lax"), cookies);
		const globals = await page.evaluate(() => Object.keys(globalThis).filter((name) => /^eyJ/.test(String(globalThis[name]))));
		same(globals, []);
	});

	await check("no address that is asked for has a token in it", async (desk) => {
		const { window } = await desk.newcomer();
		const asked = [];
		window.context.on("request", (request) => asked.push(request.url()));
		const page = await window.page();
		page.on("websocket", (socket) => asked.push(socket.url()));
		await page.goto("/");
		await isLive(page);
		await add(page, "One");
		await showsTitles(page, ["One"]);
		holds(asked.some((url) => url.startsWith("ws")), asked);
		same(asked.filter((url) => /eyJ|token=/.test(url)), []);
	});

	await check("the token of a reset leaves the address bar and the history", async (desk) => {
		const person = await site.person();
		await site.request("POST", "/api/auth/request-password-reset", { body: { email: person.email, redirectTo: "/reset-password/" } });
		const page = await desk.page(await site.mailedLink(person.email));
		await heading(page, "Choose a new password").waitFor();
		same(placeOf(page), "/reset-password/");
		await page.goto("/login/");
		await page.goBack();
		holds(!page.url().includes("token"), page.url());
	});

	await check("after signing out the Back button shows no tasks", async (desk) => {
		const { person, window } = await desk.newcomer();
		await site.addTask(person, "Secret");
		const page = await openTasks(window, "/?show=open");
		await showsTitles(page, ["Secret"]);
		await page.goto("/account/");
		await heading(page, "Account").waitFor();
		await page.goBack();
		await isLive(page);
		await showsTitles(page, ["Secret"]);
		await button(page, "Sign out").click();
		await heading(page, "Sign In").waitFor();
		const seen = [];
		for (let step = 1; step <= 3; step++) {
			await page.goBack().catch(() => {}); // there may be nothing further back
			for (let look = 1; look <= 5; look++) {
				seen.push(await page.locator("body").innerText().catch(() => ""));
				await sleep(60);
			}
		}
		holds(!seen.some((text) => text.includes("Secret") || text.includes(person.email)), seen.at(-1));
		await says(alertOf(page), "");
	});

	await check("another person's place in the address shows nothing of theirs", async (desk) => {
		const ben = await site.person("Ben");
		await site.addTask(ben, "Ben's own");
		const { window } = await desk.newcomer("Ann");
		const page = await openTasks(window, `/?user=${ben.id}&user_id=${ben.id}&show=../../${ben.id}/tasks&page=-1&offset=1e9`);
		await sleep(200);
		same(await titles(page), []);
	});

	await check("the answers have the headers that keep others out", async () => {
		for (const place of ["/", "/login/", "/sign-up/", "/account/", "/reset-password/", "/verify-email/", "/style.css", "/icon.svg", "/script/client.js"]) {
			const { status, headers } = await fetch(site.url + place);
			const policy = headers.get("Content-Security-Policy") ?? "";
			same([place, status, headers.get("X-Content-Type-Options"), headers.get("Referrer-Policy")], [place, 200, "nosniff", "no-referrer"]);
			for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "require-trusted-types-for 'script'"]) holds(policy.includes(part), `${place}: ${policy}`);
			holds(!policy.includes("unsafe"), policy);
		}
	});
}

/** The deed with the address of a site that is somebody else's, on this machine too. */
async function withForeignSite(deed) {
	const server = createServer((_, response) => response.setHeader("Content-Type", "text/html").end("<!doctype html><title>Foreign</title><p>Foreign"));
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	try {
		return await deed(`http://localhost:${server.address().port}/`);
	} finally {
		server.closeAllConnections();
		server.close();
	}
}

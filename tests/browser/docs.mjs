// SPDX-License-Identifier: Apache-2.0
// The API's document at /docs/: what is listed, who is asked for as what, and what is there without the viewer.
import { readFileSync, renameSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { button, comesTo, link, says } from "./acts.mjs";
import { same } from "./judge.mjs";

const require = createRequire(import.meta.url);
const refused = /status of 401/; // Chromium logs each answer that is a refusal
const own_words = "Deprecated: escaping deep link whitespace"; // Swagger UI's, where a name has an underscore
const viewer_ms = 20_000; // a large program, which a busy machine takes its time for
const documentOf = (site) => site.request("GET", "/openapi.json");
const tokenOf = async (site, who) => (await site.request("GET", "/api/auth/token", { who })).token;

const status = (page) => page.getByRole("banner").getByRole("status");
const shown = (page) => page.locator(".opblock-summary");

/** An operation, unfolded; its address is a link to it. */
async function open(window, tag, id) {
	window.context.setDefaultTimeout(viewer_ms);
	const page = await window.permit(own_words).page(`/docs/#/${tag}/${id}`);
	await page.locator(`#operations-${tag}-${id} .opblock-body`).waitFor();
	return page;
}

/** The viewer has its token. */
async function isSignedIn(page, words = /You are signed in as /) {
	await says(status(page), words);
	await page.locator(".auth-wrapper .authorize.locked").waitFor();
}

async function tryOut(page) {
	await button(page, "Try it out").click();
	await button(page, "Execute").click();
}

/** Status and body of the answer that came, as they are shown. */
async function answerOf(page) {
	const answer = page.locator(".live-responses-table .response").first();
	await answer.waitFor();
	const body = answer.locator(".highlight-code").first();
	return [await answer.locator(".response-col_status").innerText(), JSON.parse(await body.locator("code").innerText())];
}

async function authorize(page, token) {
	await button(page, "Authorize").click();
	const dialog = page.locator(".modal-ux");
	await dialog.getByRole("textbox").fill(token);
	await dialog.getByRole("button", { name: "Apply credentials" }).click();
	await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
}

/** What is done while a file of the viewer's is not there. */
async function without(site, name, deed) {
	const file = path.join(site.directory, "program/share/gatepost/web/docs", name);
	renameSync(file, `${file}.away`);
	try {
		await deed();
	} finally {
		renameSync(`${file}.away`, file);
	}
}

const isDark = (page) => page.evaluate(() => document.documentElement.classList.contains("dark-mode"));

/** Of our own part: the names of rules that are broken. Swagger UI's markup is its makers'. */
async function barriers(page) {
	// As the tests', not as the page's script, which the page would refuse.
	await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
	return page.evaluate(async () => {
		const { violations } = await globalThis.axe.run({ exclude: ["#viewer"] });
		return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
	});
}

export async function docs({ check }, site) {
	await check("the viewer lists every operation of every API, in the dark as well", async (desk) => {
		const page = await desk.page("/docs/", { colorScheme: "dark" });
		const { paths } = await documentOf(site);
		const expected = Object.entries(paths).flatMap(([place, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${place}`));
		const listed = async () => (await shown(page).evaluateAll((rows) => rows.map((row) =>
			[".opblock-summary-method", ".opblock-summary-path"].map((part) => row.querySelector(part).textContent.replaceAll("\u200b", "")).join(" ")))).sort();
		await comesTo(listed, expected.sort(), viewer_ms);
		same(await isDark(page), true);
		same(await barriers(page), []);
	});

	await check("nobody is signed in: a token that is pasted is what requests carry", async (desk) => {
		const person = await site.person();
		const window = await desk.window();
		const page = await open(window, "text_tasks", "get_tasks");
		await says(status(page), /You are not signed in/);
		same(await link(page, "sign in").isVisible(), true);
		same(await isDark(page), false);
		same(await barriers(page), []);
		await authorize(page, await tokenOf(site, person));
		await tryOut(page);
		same(await answerOf(page), ["200", []]);

		await site.addTask(person, "Buy milk");
		const [task] = await site.request("GET", "/tasks", { who: person });
		await button(page, "Execute").click();
		await comesTo(() => answerOf(page), ["200", [task]]);
	});

	await check("a session token is taken, too, and a wrong one refused in the server's words", async (desk) => {
		const person = await site.person();
		const window = (await desk.window()).permit(refused);
		const page = await open(window, "text_tasks", "get_tasks");
		await tryOut(page);
		same(await answerOf(page), ["401", { detail: "Authentication required" }]);
		await authorize(page, "not.a.token");
		await button(page, "Execute").click();
		await comesTo(async () => (await answerOf(page))[1].detail.split(":")[0], "Invalid token");
		await button(page, "Authorize").click();
		await button(page.locator(".modal-ux"), "Remove authorization").click();
		await page.locator(".modal-ux").getByRole("button", { name: "Close", exact: true }).last().click();
		await authorize(page, person.session);
		await button(page, "Execute").click();
		await comesTo(() => answerOf(page), ["200", []]);
	});

	await check("what a new task needs is filled in, and adds one", async (desk) => {
		const { person, window } = await desk.newcomer();
		const page = await open(window, "text_tasks", "post_tasks");
		await isSignedIn(page, new RegExp(`You are signed in as Pat \\(${person.email}\\)`));
		await tryOut(page);
		const [code, task] = await answerOf(page);
		same([code, task.completed], ["201", false]);
		same(await site.request("GET", "/tasks", { who: person }), [task]);
	});

	await check("who is signed in has their id in the path", async (desk) => {
		const { person, window } = await desk.newcomer();
		await site.addTask(person, "Buy milk");
		const page = await open(window, "user_tasks", "get_api_user_id_tasks");
		await isSignedIn(page);
		await tryOut(page);
		same(await answerOf(page), ["200", await site.request("GET", site.tasksOf(person), { who: person })]);
	});

	await check("a token is replaced before it expires, and not kept by the browser", async (desk) => {
		const { window } = await desk.newcomer();
		const page = await window.permit(own_words).page();
		await page.clock.install();
		let asked = 0;
		page.on("request", (request) => (asked += request.url().includes("/get-session")));
		await page.goto("/docs/#/text_tasks/get_tasks");
		await isSignedIn(page);
		await tryOut(page);
		same([await answerOf(page), asked], [["200", []], 1]);
		await page.clock.fastForward("02:00:00");
		await button(page, "Execute").click();
		await comesTo(async () => [await answerOf(page), asked], [["200", []], 2]);
		same(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [0, 0, ""]);
	});

	await check("without the viewer's files the page says where the document is", (desk) => without(site, "swagger-ui-bundle.js", async () => {
		// A refusal in JSON is no script.
		const window = (await desk.window()).permit(/status of 404/, /Refused to execute script/);
		const page = await window.page("/docs/");
		await page.getByRole("heading", { name: "The viewer is not installed" }).waitFor();
		await page.getByRole("main").getByRole("link", { name: "openapi.json" }).click();
		await comesTo(() => Promise.resolve(new URL(page.url()).pathname), "/openapi.json");
	}));

	await check("without JavaScript, too", async (desk) => {
		const page = await desk.page("/docs/", { javaScriptEnabled: false });
		const words = page.locator("noscript");
		same([await words.isVisible(), /openapi\.json/.test(await words.innerHTML())], [true, true]);
	});
}

// SPDX-License-Identifier: Apache-2.0
// What people see and do on the pages, by the names that a screen reader says.
import { isDeepStrictEqual } from "node:util";
import { becomes, same } from "./judge.mjs";

export const field = (page, label) => page.getByLabel(label, { exact: true });
export const button = (page, name) => page.getByRole("button", { name, exact: true });
export const link = (page, name) => page.getByRole("link", { name, exact: true });
export const heading = (page, name) => page.getByRole("heading", { level: 1, name, exact: true });
export const alertOf = (page) => page.getByRole("alert");
export const statusOf = (page) => page.getByRole("main").getByRole("status");

/** What is read becomes what is expected, in time. A page that is being left has nothing to be read. */
export async function comesTo(read, expected, limit_ms = 20_000) {
	let given;
	const look = async () => {
		given = await read().catch(unlessLeft);
		return isDeepStrictEqual(given, expected);
	};
	await becomes(look, limit_ms);
	same(given, expected);
}

/** The text of what is found becomes that text, or fits the expression. */
export async function says(locator, expected, limit_ms = 20_000) {
	const fits = (text) => (typeof expected === "string" ? text === expected : expected.test(text));
	let given;
	const look = async () => {
		given = (await locator.allInnerTexts().catch(unlessLeft))?.join(" | ").trim();
		return given !== undefined && fits(given);
	};
	if (!(await becomes(look, limit_ms))) same(given, String(expected));
}

function unlessLeft(error) {
	if (!/because of a navigation|Cannot find context/.test(error.message)) throw error;
}

/** The page is at that path, with its query. */
export async function arrives(page, place, limit_ms) {
	await comesTo(async () => placeOf(page), place, limit_ms);
	await page.waitForLoadState();
}

export function placeOf(page) {
	const { pathname, search } = new URL(page.url());
	return pathname + search;
}

// --- signing in ---

export async function fillIn(page, values) {
	for (const [label, value] of Object.entries(values)) await field(page, label).fill(value);
}

export async function signUp(page, { name, email, password }) {
	await page.goto("/sign-up/");
	await fillIn(page, { Name: name, Email: email, Password: password });
	await button(page, "Sign Up").click();
}

export async function signIn(page, { email, password }) {
	await fillIn(page, { Email: email, Password: password });
	await button(page, "Sign In").click();
}

// --- the tasks ---

export const tasks = (page) => page.getByRole("list", { name: "Tasks", exact: true });
export const task = (page, title) => tasks(page).getByRole("checkbox", { name: title, exact: true });
export const item = (page, title) => tasks(page).getByRole("listitem").filter({ has: page.getByRole("button", { name: `Edit ${title}`, exact: true }) });

/** In the order in which they are shown; in one look, because the page may change meanwhile. */
export const titles = (page) => tasks(page).evaluateAll((lists) => lists
	.flatMap((list) => [...list.querySelectorAll("[type=checkbox]")])
	.filter((box) => box.checkVisibility())
	.map((box) => box.labels[0].innerText.trim()));

export const showsTitles = (page, expected, limit_ms) => comesTo(() => titles(page), expected, limit_ms);

export async function add(page, title) {
	await field(page, "New task").fill(title);
	await button(page, "Add").click();
}

/** The editing form of a task, open. */
export async function beginEdit(page, title) {
	await button(page, `Edit ${title}`).click();
	const form = tasks(page).getByRole("listitem").filter({ has: button(page, "Save") });
	await form.waitFor();
	return form;
}

/** The tasks as they are, with the connection that brings changes. */
export async function openTasks(window, place = "/") {
	const page = await window.page(place);
	await isLive(page);
	await comesTo(() => page.locator("#tasks").getAttribute("aria-busy"), "false");
	return page;
}

export const connection = (page) => page.getByRole("banner").getByRole("status");

export const isLive = (page, limit_ms) => says(connection(page), "Live", limit_ms);

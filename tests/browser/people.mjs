// SPDX-License-Identifier: Apache-2.0
// People who use a keyboard, a screen reader, a phone, large text, dark or forced colours; and how much they wait for.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { add, alertOf, beginEdit, button, comesTo, field, heading, isLive, openTasks, says, showsTitles, signIn, task, tasks } from "./acts.mjs";
import { between, holds, same } from "./judge.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const open_pages = { "/login/": "Sign In", "/sign-up/": "Sign Up", "/reset-password/": "Reset password", "/reset-password/?token=x": "Choose a new password", "/verify-email/": "Confirm your address", "/verify-email/?error=x": "Confirm your address" };

const wide = { width: 1000, height: 800 };
const narrow = { width: 320, height: 640 };

/** As people set their browser up; a state of a page has to be good in each. */
const looks = {
	light: { viewport: wide },
	dark: { viewport: wide, colorScheme: "dark" },
	narrow: { viewport: narrow },
	"narrow and dark": { viewport: narrow, colorScheme: "dark" },
	"forced colours": { viewport: wide, forcedColors: "active" },
};

export async function people({ check }, site) {
	for (const [name, look] of Object.entries(looks)) {
		await check(`${name}: the open pages are sound`, async (desk) => {
			const window = await desk.window(look);
			for (const [place, title] of Object.entries(open_pages)) {
				const page = await window.page(place);
				await heading(page, title).waitFor();
				await isSound(page);
				await page.close();
			}
		});

		await check(`${name}: the tasks and the account are sound in each state`, async (desk) => {
			const { person, window } = await desk.newcomer("Pat", look);
			window.permit(/status of 4\d\d/);
			const page = await openTasks(window);
			await page.getByText("No tasks yet.").waitFor();
			await isSound(page);
			await site.addTasks(person, Array.from({ length: 25 }, (_, index) => `Task ${index + 1}`));
			await site.addTask(person, "Water the plants", { description: "Those on the balcony, too.\nNot the cactus." });
			await task(page, "Water the plants").waitFor();
			await task(page, "Task 25").check();
			await says(newsOf(page), "Task completed.");
			await isSound(page);
			const form = await beginEdit(page, "Water the plants");
			await isSound(page);
			await field(form, "Title").evaluate((input) => input.removeAttribute("maxlength"));
			await field(form, "Title").fill("x".repeat(10_001));
			await button(form, "Save").click();
			await says(alertOf(page), /character/);
			await field(form, "Title").fill("Water the plants");
			await isSound(page);
			await page.goto("/account/");
			await comesTo(() => page.getByRole("list", { name: "Sessions", exact: true }).getByRole("listitem").count(), 2);
			await isSound(page);
			await field(page, "Password").fill("not this one");
			await button(page, "Delete account").click();
			await comesTo(async () => (await alertOf(page).innerText()) !== "", true);
			await isSound(page);
		});
	}

	await check("text of twice the size: nothing is cut off, nothing scrolls sideways", async (desk) => {
		const { person, window } = await desk.newcomer("Pat", { viewport: { width: 640, height: 800 } });
		await site.addTasks(person, Array.from({ length: 22 }, (_, index) => `A task with some more words in it, number ${index + 1}`));
		for (const place of ["/", "/account/", ...Object.keys(open_pages).slice(1)]) {
			const page = await openPage(window, place);
			await page.evaluate(() => document.documentElement.style.setProperty("font-size", "200%"));
			await fitsInWidth(page);
			await nothingIsCutOff(page);
			await page.close();
		}
	});

	await check("a touch screen: all targets have 24 pixels and more, none is under another", async (desk) => {
		const { person, window } = await desk.newcomer("Pat", { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 });
		await site.addTasks(person, ["One", "Two", "Three"]);
		const page = await openTasks(window);
		await task(page, "Two").waitFor();
		await targetsAreLarge(page);
		await task(page, "Two").tap();
		await comesTo(() => task(page, "Two").isChecked(), true);
		await button(page, "Edit One").tap();
		await button(page, "Save").waitFor();
		await targetsAreLarge(page);
		for (const place of ["/account/", ...Object.keys(open_pages).slice(1)]) {
			const other = await openPage(window, place);
			await targetsAreLarge(other);
			await fitsInWidth(other);
		}
	});

	await check("by the keyboard alone: sign in, add, tick, edit, delete, filter, sign out", async (desk) => {
		const person = await site.person();
		const page = await (await desk.window()).page("/login/");
		const keys = page.keyboard;
		await reach(page, "Email");
		await keys.type(person.email);
		await keys.press("Tab");
		await keys.type(person.password);
		await keys.press("Enter");
		await isLive(page);
		await reach(page, "New task");
		await keys.type("One");
		await keys.press("Enter");
		await showsTitles(page, ["One"]);
		same(await focused(page), "New task");
		await keys.type("Two");
		await keys.press("Enter");
		await showsTitles(page, ["Two", "One"]);
		await says(newsOf(page), "Task added.");
		await reach(page, "Two");
		await keys.press("Space");
		await says(newsOf(page), "Task completed.");
		same([await task(page, "Two").isChecked(), await focused(page)], [true, "Two"]);
		await keys.press("Space");
		await says(newsOf(page), "Task reopened.");
		await keys.press("Tab");
		same(await focused(page), "Edit Two");
		await keys.press("Enter");
		await comesTo(() => focused(page), "Title");
		await keys.press("Escape");
		await comesTo(() => focused(page), "Edit Two");
		await keys.press("Enter");
		await comesTo(() => focused(page), "Title");
		await keys.press("End");
		await keys.type(" and a half");
		await keys.press("Enter");
		await showsTitles(page, ["Two and a half", "One"]);
		await says(newsOf(page), "Task saved.");
		await comesTo(() => focused(page), "Edit Two and a half");
		await keys.press("Enter");
		await keys.press("Tab");
		same(await focused(page), "Description");
		await keys.type("written by the keyboard");
		await keys.press("Tab");
		same(await focused(page), "Save");
		await keys.press("Space");
		await tasks(page).getByText("written by the keyboard").waitFor();
		await reach(page, "Delete Two and a half");
		await keys.press("Enter");
		await showsTitles(page, ["One"]);
		await says(newsOf(page), "Task deleted.");
		holds(!["", "BODY"].includes(await focused(page)), "the focus is lost after deleting");
		await reach(page, "Delete One");
		await keys.press("Enter");
		await showsTitles(page, []);
		same(await focused(page), "New task");
		await reach(page, "Done");
		await keys.press("Enter");
		await page.getByText("No done tasks.").waitFor();
		same(await focused(page), "Done");
		await reach(page, "Sign out");
		await keys.press("Enter");
		await heading(page, "Sign In").waitFor();
	});

	await check("by the keyboard alone: pages of tasks", async (desk) => {
		const { person, window } = await desk.newcomer();
		await site.addTasks(person, Array.from({ length: 21 }, (_, index) => `Task ${index + 1}`));
		const page = await openTasks(window);
		await task(page, "Task 21").waitFor();
		await reach(page, "Next");
		await page.keyboard.press("Enter");
		await showsTitles(page, ["Task 1"]);
		holds(!["", "BODY"].includes(await focused(page)), "the focus is lost after paging");
	});

	await check("whatever has the focus shows it", async (desk) => {
		const { person, window } = await desk.newcomer();
		await site.addTask(person, "One");
		for (const place of ["/", "/account/", "/sign-up/", "/reset-password/"]) {
			const page = await openPage(window, place);
			let seen = 0;
			for (let step = 1; step <= 12; step++) {
				await page.keyboard.press("Tab");
				const look = await page.evaluate(() => {
					const element = document.activeElement;
					if (element === document.body) return null;
					const style = getComputedStyle(element);
					return { name: element.outerHTML.slice(0, 80), shows: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1) || style.boxShadow !== "none", inside: element.getBoundingClientRect().width > 0 };
				});
				if (!look) break;
				seen++;
				same([place, look.name, look.shows, look.inside], [place, look.name, true, true]);
			}
			holds(seen >= 3, `${place}: the Tab key reaches ${seen} elements`);
		}
	});

	await check("a mistake in a form is spoken, and the focus stays where it can be mended", async (desk) => {
		const window = (await desk.window()).permit(/status of 401/);
		const page = await window.page("/login/");
		await signIn(page, { email: "nobody@example.com", password: "not this one" });
		await says(alertOf(page), "Invalid credentials");
		holds(!["", "BODY"].includes(await focused(page)), "the focus is lost");
	});

	await check("fields tell the browser what they are for", async (desk) => {
		const window = await desk.window();
		const page = await window.page("/sign-up/");
		const purposes = async (...labels) => Promise.all(labels.map((label) => field(page, label).getAttribute("autocomplete")));
		same(await purposes("Name", "Email", "Password"), ["name", "username", "new-password"]);
		await page.goto("/login/");
		same(await purposes("Email", "Password"), ["username", "current-password"]);
		await page.goto("/reset-password/?token=x");
		same(await purposes("New password"), ["new-password"]);
	});

	await check("a list that changes elsewhere leaves the focus where it is", async (desk) => {
		const { person, window } = await desk.newcomer();
		await site.addTasks(person, ["One", "Two"]);
		const page = await openTasks(window);
		await task(page, "One").focus();
		await site.addTask(person, "Three");
		await showsTitles(page, ["Three", "Two", "One"]);
		same(await focused(page), "One");
	});

	await check("nothing moves for people who do not want it", async (desk) => {
		const { person, window } = await desk.newcomer("Pat", { reducedMotion: "reduce" });
		await site.addTask(person, "One");
		const page = await openTasks(window);
		await add(page, "Two");
		await showsTitles(page, ["Two", "One"]);
		const moving = await page.evaluate(() => document.getAnimations().length + [...document.querySelectorAll("*")].filter((element) => {
			const { transitionDuration, animationDuration, scrollBehavior } = getComputedStyle(element);
			return parseFloat(transitionDuration) > 0.01 || parseFloat(animationDuration) > 0.01 || scrollBehavior === "smooth";
		}).length);
		same(moving, 0);
	});

	await check("first loads: fewer than ten requests, and the layout does not shift", async (desk) => {
		const { person, window } = await desk.newcomer();
		await site.addTasks(person, Array.from({ length: 20 }, (_, index) => `Task ${index + 1}`));
		const strangers = await desk.window();
		for (const each of [window, strangers]) await each.context.addInitScript(countShifts);
		for (const [place, from] of [["/", window], ["/account/", window], ...Object.keys(open_pages).map((each) => [each, strangers])]) {
			const page = await from.page();
			let requests = 0;
			page.on("request", () => requests++);
			await page.goto(place);
			await page.waitForLoadState("networkidle");
			between(requests, 1, 9, `requests of ${place}`);
			between(await page.evaluate(() => globalThis.shifts), 0, 0.01, `of layout shift on ${place}`);
			await page.close();
		}
	});

	await check("the pages weigh less than 60 KB in all", async () => {
		const files = ["/", "/login/", "/sign-up/", "/account/", "/reset-password/", "/verify-email/", "/style.css", "/icon.svg",
			...["client", "form", "live", "tasks", "task-list", "login", "sign-up", "account", "reset-password", "verify-email"].map((name) => `/script/${name}.js`)];
		let bytes = 0;
		for (const place of files) {
			const answer = await fetch(site.url + place, { headers: { "Accept-Encoding": "identity" } });
			same([place, answer.status], [place, 200]);
			bytes += (await answer.arrayBuffer()).byteLength;
		}
		between(bytes, 1_000, 60_000, "bytes");
	});

	await check("a page says what it needs where there is no script", async (desk) => {
		const window = (await desk.window({ javaScriptEnabled: false })).permit(/script.* csp$/);
		const page = await window.page("/login/");
		await page.getByText(/needs JavaScript/).waitFor();
	});
}

/** A page that has all that it shows at first. */
async function openPage(window, place) {
	const page = await window.page();
	const answered = page.waitForResponse(/list-sessions|tasks\?/, { timeout: 1_000 }).catch(() => {}); // where it asks for any
	await page.goto(place);
	if (["/", "/account/"].includes(place)) await answered;
	await page.getByRole("heading", { level: 1 }).waitFor();
	return page;
}

function countShifts() {
	globalThis.shifts = 0;
	const count = (list) => {
		for (const { value } of list.getEntries()) globalThis.shifts += value;
	};
	new PerformanceObserver(count).observe({ type: "layout-shift", buffered: true });
}

const newsOf = (page) => page.getByRole("main").getByRole("status");

/** No violation that AXE finds, no scrolling sideways. */
async function isSound(page) {
	await page.evaluate(axe);
	const violations = await page.evaluate(async () => (await globalThis.axe.run(document, { resultTypes: ["violations"] })).violations
		.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target} ${failureSummary}`)));
	same(violations, []);
	await fitsInWidth(page);
}

async function fitsInWidth(page) {
	const { place, scroll, width } = await page.evaluate(() => ({ place: location.href, scroll: document.documentElement.scrollWidth, width: innerWidth }));
	holds(scroll <= width, `${place} is ${scroll} wide in a window of ${width}`);
}

/** Text and controls that are visible do not end outside of what can be seen of their box. */
async function nothingIsCutOff(page) {
	const cut = await page.evaluate(() => [...document.querySelectorAll("button, a, label, p, h1, h2, li, input")]
		.filter((element) => element.checkVisibility() && !element.closest(".unseen") && getComputedStyle(element).overflow === "hidden" && element.scrollWidth > element.clientWidth + 1)
		.map((element) => element.outerHTML.slice(0, 100)));
	same(cut, []);
}

/** WCAG 2.2, success criterion 2.5.8: links within a sentence are exempt. */
async function targetsAreLarge(page) {
	const small = await page.evaluate(() => [...document.querySelectorAll("button, a, input, textarea")]
		.filter((element) => element.checkVisibility() && !element.closest(".unseen"))
		.map((element) => {
			// A label is part of the target of its box.
			const box = element.type === "checkbox" ? (element.labels[0] ?? element) : element;
			const { width, height } = box.getBoundingClientRect();
			return { what: element.outerHTML.slice(0, 100), width, height };
		})
		.filter(({ width, height }) => width < 24 || height < 24));
	same(small, []);
}

/** The name of what has the focus, as a screen reader says it. */
function focused(page) {
	return page.evaluate(() => {
		const element = document.activeElement;
		if (element === document.body) return "BODY";
		return (element.ariaLabel ?? element.labels?.[0]?.innerText ?? element.innerText ?? "").trim();
	});
}

/** Press Tab until it has the focus. */
async function reach(page, name) {
	for (let step = 1; step <= 80; step++) {
		await page.keyboard.press("Tab");
		if ((await focused(page)) === name) return;
	}
	throw new Error(`the Tab key does not reach ${name}`);
}

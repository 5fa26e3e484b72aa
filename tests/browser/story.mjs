// SPDX-License-Identifier: Apache-2.0
// What people do with the pages, in two windows and two tabs.
import { randomUUID } from "node:crypto";
import { add, alertOf, arrives, beginEdit, button, comesTo, connection, field, heading, isLive, link, openTasks, placeOf, says, showsTitles, signIn, signUp, task, tasks, titles } from "./acts.mjs";
import { between, holds, same } from "./judge.mjs";

const numbered = (first, last) => Array.from({ length: last - first + 1 }, (_, index) => `Task ${first + index}`);

export async function story({ check }, site) {
	await check("a newcomer signs up, adds, ticks, edits and deletes tasks, signs out and in again", async (desk) => {
		const pat = { name: "Pat", email: `person-${randomUUID()}@example.com`, password: "correct horse battery" };
		const page = await desk.page("/");
		await arrives(page, "/login/");
		await link(page, "Sign up").click();
		await heading(page, "Sign Up").waitFor();
		await signUp(page, pat);
		await arrives(page, "/");
		same(await page.title(), "Tasks");
		await page.getByText("No tasks yet.").waitFor();
		await add(page, "Water the plants");
		await add(page, "Buy bread");
		await showsTitles(page, ["Buy bread", "Water the plants"]);
		same(await field(page, "New task").inputValue(), "");
		await task(page, "Water the plants").check();
		const form = await beginEdit(page, "Buy bread");
		await field(form, "Title").fill("Buy two loaves");
		await field(form, "Description").fill("Rye, if there is any");
		await button(form, "Save").click();
		await showsTitles(page, ["Buy two loaves", "Water the plants"]);
		await tasks(page).getByText("Rye, if there is any").waitFor();
		await button(page, "Delete Water the plants").click();
		await showsTitles(page, ["Buy two loaves"]);
		await page.reload();
		await showsTitles(page, ["Buy two loaves"]);
		await tasks(page).getByText("Rye, if there is any").waitFor();
		await button(page, "Sign out").click();
		await heading(page, "Sign In").waitFor();
		await signIn(page, pat);
		await arrives(page, "/");
		await showsTitles(page, ["Buy two loaves"]);
	});

	await check("another window follows by itself, within two seconds", async (desk) => {
		const { person, window } = await desk.newcomer();
		const here = await openTasks(window);
		const there = await openTasks(await desk.windowOf(person));
		const follows = async (deed, expected) => {
			const began = Date.now();
			await deed();
			await showsTitles(there, expected);
			between(Date.now() - began, 0, 2_000, "milliseconds");
		};
		await follows(() => add(here, "One"), ["One"]);
		await follows(() => add(here, "Two"), ["Two", "One"]);
		await task(here, "One").check();
		await comesTo(() => task(there, "One").isChecked(), true, 2_000);
		await task(here, "One").uncheck();
		await comesTo(() => task(there, "One").isChecked(), false, 2_000);
		const form = await beginEdit(here, "One");
		await field(form, "Title").fill("Uno");
		await follows(() => field(form, "Title").press("Enter"), ["Two", "Uno"]);
		await follows(() => button(here, "Delete Two").click(), ["Uno"]);
		await follows(() => add(there, "Three"), ["Three", "Uno"]);
		await showsTitles(here, ["Three", "Uno"]);
	});

	await check("what the API does to tasks is shown", async (desk) => {
		const { person, window } = await desk.newcomer();
		const page = await openTasks(window);
		const made = await site.addTask(person, "By curl", { description: "on the command line" });
		await showsTitles(page, ["By curl"], 2_000);
		await tasks(page).getByText("on the command line").waitFor();
		const place = `${site.tasksOf(person)}/${made.id}`;
		await site.request("PATCH", `${place}/complete`, { who: person });
		await comesTo(() => task(page, "By curl").isChecked(), true, 2_000);
		await site.request("PUT", place, { who: person, body: { title: "By hand" } });
		await showsTitles(page, ["By hand"], 2_000);
		await site.request("DELETE", place, { who: person });
		await showsTitles(page, [], 2_000);
		await page.getByText("No tasks yet.").waitFor();
	});

	await check("nobody is shown what becomes of others' tasks", async (desk) => {
		const { window } = await desk.newcomer("Ann");
		const page = await openTasks(window);
		const ben = await site.person("Ben");
		await site.addTask(ben, "Ben's own");
		await add(page, "Ann's own");
		await showsTitles(page, ["Ann's own"]);
		await page.reload();
		await showsTitles(page, ["Ann's own"]);
	});

	await check("filters", async (desk) => {
		const { person, window } = await desk.newcomer();
		await site.addTasks(person, ["One", "Two", "Three"]);
		const page = await openTasks(window);
		const filter = page.getByRole("navigation", { name: "Filter", exact: true });
		const chosen = () => filter.getByRole("link").evaluateAll((links) => links.filter((each) => each.ariaCurrent).map((each) => each.innerText));
		await comesTo(chosen, ["All"]);
		await task(page, "Two").check();
		await link(filter, "Open").click();
		await showsTitles(page, ["Three", "One"]);
		same([placeOf(page), await chosen()], ["/?show=open", ["Open"]]);
		await task(page, "Three").click(); // and it is gone from here
		await showsTitles(page, ["One"]);
		await link(filter, "Done").click();
		await showsTitles(page, ["Three", "Two"]);
		same([placeOf(page), await chosen()], ["/?show=done", ["Done"]]);
		await page.goBack();
		await showsTitles(page, ["One"]);
		same(await chosen(), ["Open"]);
		await page.reload();
		await showsTitles(page, ["One"]);
		await isLive(page);
		await site.addTask(person, "Four");
		await showsTitles(page, ["Four", "One"], 2_000);
		await button(page, "Delete One").click();
		await task(page, "Four").click();
		await page.getByText("No open tasks.").waitFor();
		await link(filter, "All").click();
		await showsTitles(page, ["Four", "Three", "Two"]);
	});

	await check("nothing is done yet", async (desk) => {
		const { person, window } = await desk.newcomer();
		await site.addTask(person, "One");
		const page = await window.page("/?show=done");
		await page.getByText("No done tasks.").waitFor();
		same(await titles(page), []);
	});

	await check("forty-five tasks in pages of twenty", async (desk) => {
		const { person, window } = await desk.newcomer();
		await site.addTasks(person, numbered(1, 45));
		const newest = numbered(1, 45).reverse();
		const page = await openTasks(window);
		const pages = page.getByRole("navigation", { name: "Pages", exact: true });
		const next = () => button(pages, "Next").click();
		const previous = () => button(pages, "Previous").click();
		await showsTitles(page, newest.slice(0, 20));
		await next();
		await showsTitles(page, newest.slice(20, 40));
		await next();
		await showsTitles(page, newest.slice(40));
		await previous();
		await showsTitles(page, newest.slice(20, 40));
		// One that goes lets the first of the next page move up, one that comes moves all down.
		await button(page, "Delete Task 20").click();
		await showsTitles(page, newest.slice(20, 41).filter((title) => title !== "Task 20"));
		await site.addTask(person, "Task 46");
		await showsTitles(page, newest.slice(19, 40).filter((title) => title !== "Task 20"));
		await previous();
		await showsTitles(page, ["Task 46", ...newest.slice(0, 19)]);
		await add(page, "Task 47");
		await showsTitles(page, ["Task 47", "Task 46", ...newest.slice(0, 18)]);
	});

	await check("signing out in one tab takes the others along, and their connection", async (desk) => {
		const { person, window } = await desk.newcomer();
		await site.addTask(person, "Secret");
		const [one, two] = [await openTasks(window), await openTasks(window)];
		const third = await window.page("/account/");
		await heading(third, "Account").waitFor();
		await showsTitles(two, ["Secret"]);
		await button(one, "Sign out").click();
		for (const page of [one, two, third]) await heading(page, "Sign In").waitFor();
		await one.goto("/");
		await heading(one, "Sign In").waitFor();
	});

	await check("who is signed in goes on from the sign-in page at once", async (desk) => {
		const { window } = await desk.newcomer();
		const page = await window.page("/login/?next=%2Faccount%2F");
		await heading(page, "Account").waitFor();
	});

	await check("changes by both windows in quick succession end alike, and as the API has them", async (desk) => {
		const { person, window } = await desk.newcomer();
		const pages = [await openTasks(window), await openTasks(await desk.windowOf(person))];
		await Promise.all(pages.map(async (page, which) => {
			for (let number = 1; number <= 5; number++) await add(page, `Window ${which}, task ${number}`);
		}));
		await comesTo(async () => (await titles(pages[0])).length, 10);
		await Promise.all(pages.map(async (page, which) => {
			for (let number = 1; number <= 3; number++) await button(page, `Delete Window ${1 - which}, task ${number}`).click();
		}));
		await comesTo(async () => (await site.titles(person)).length, 4);
		const left = await site.titles(person);
		for (const page of pages) await showsTitles(page, left);
		holds(left.every((title) => /[45]$/.test(title)), left);
	});

	await check("ticking in quick succession ends as it was ticked last", async (desk) => {
		const { person, window } = await desk.newcomer();
		await site.addTask(person, "One");
		const page = await openTasks(window);
		for (let click = 1; click <= 7; click++) await task(page, "One").click();
		const done = async () => (await site.request("GET", site.tasksOf(person), { who: person }))[0].completed;
		await comesTo(async () => [await done(), await task(page, "One").isChecked()], [true, true]);
		await task(page, "One").click();
		await comesTo(async () => [await done(), await task(page, "One").isChecked()], [false, false]);
	});

	await check("the page says how the connection is, and nothing is wrong at first", async (desk) => {
		const { window } = await desk.newcomer();
		const page = await openTasks(window);
		await says(connection(page), "Live");
		await says(alertOf(page), "");
	});
}

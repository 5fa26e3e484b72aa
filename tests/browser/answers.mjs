// SPDX-License-Identifier: Apache-2.0
// Answers that come late or in another order, and refusals that must not send anybody in circles. The answers are
// the server's own: a route holds them back, or spoils what is asked.
import { add, alertOf, arrives, beginEdit, button, comesTo, field, fillIn, heading, link, openTasks, placeOf, says, showsTitles, statusOf, task, titles } from "./acts.mjs";
import { between, same, sleep } from "./judge.mjs";

const refused = /status of 4\d\d/;

export async function answers({ check }, site) {
	await check("a reading that is slow does not undo what came after it", async (desk) => {
		const { person, window } = await desk.newcomer();
		const { id } = await site.addTask(person, "One");
		const page = await openTasks(window);
		await sleep(500); // all that follows the connection has been read
		let release;
		const held = new Promise((resolve) => { release = resolve; });
		await page.route(`**${site.tasksOf(person)}?*`, async (route) => {
			const response = await route.fetch();
			await held;
			await route.fulfill({ response });
		}, { times: 1 });
		const read = page.waitForRequest(`**${site.tasksOf(person)}?*`);
		await link(page, "All").click();
		await read;
		await sleep(200);
		await site.request("PUT", `${site.tasksOf(person)}/${id}`, { who: person, body: { title: "One, changed" } });
		await sleep(800);
		release();
		await sleep(200);
		await showsTitles(page, ["One, changed"]);
		await sleep(600);
		same(await titles(page), ["One, changed"]);
	});

	await check("a failure stays said when another change succeeds after it", async (desk) => {
		const { person, window } = await desk.newcomer();
		window.permit(refused);
		await site.addTasks(person, ["One", "Two"]);
		const page = await openTasks(window);
		await page.route(`**${site.tasksOf(person)}/*`, async (route) => {
			await sleep(route.request().postDataJSON().completed ? 600 : 0);
			await route.continue();
		});
		await task(page, "One").check();
		const form = await beginEdit(page, "Two");
		await field(form, "Title").fill("x".repeat(10_001));
		await button(form, "Save").click();
		await says(alertOf(page), /^The task could not be saved: /);
		await comesTo(async () => (await site.request("GET", `${site.tasksOf(person)}?completed=true`, { who: person })).length, 1);
		await sleep(300);
		await says(alertOf(page), /^The task could not be saved: /);
		await page.keyboard.press("Escape");
		await add(page, "Three");
		await says(alertOf(page), "");
	});

	await check("a session that ended leads to sign-in and no further, also where a cookie still has it", (desk) => site.withSettings({ SESSION_COOKIE_CACHE: "on" }, async () => {
		const { person, window } = await desk.newcomer();
		window.permit(refused);
		const page = await window.page("/account/");
		await heading(page, "Account").waitFor();
		await site.sql(`delete from session where "userId" = '${person.id}'`);
		await page.reload();
		await heading(page, "Sign In").waitFor();
		let loads = 0;
		page.on("framenavigated", () => loads++);
		await sleep(800);
		same([loads, placeOf(page)], [0, "/login/?next=%2Faccount%2F"]);
	}));

	await check("who signs out is not told that their session has ended, whatever else is asked meanwhile", async (desk) => {
		const { window } = await desk.newcomer();
		await window.context.clock.install();
		const other = await openTasks(window);
		const page = await openTasks(window);
		await page.clock.fastForward(60_000); // so long that the page asks who is here when it is looked at
		let end;
		const ended = new Promise((resolve) => { end = resolve; });
		await page.route("**/api/auth/get-session*", async (route) => {
			await ended;
			await route.continue();
		});
		await page.route("**/api/auth/sign-out", async (route) => {
			const response = await route.fetch();
			const answered = page.waitForResponse("**/api/auth/get-session*").catch(() => {});
			end();
			await answered;
			await sleep(100);
			await route.fulfill({ response }).catch(() => {}); // nobody may wait for it any more
		});
		await page.evaluate(() => dispatchEvent(new Event("focus")));
		await button(page, "Sign out").click();
		await heading(page, "Sign In").waitFor();
		await sleep(300);
		same([placeOf(page), await statusOf(page).innerText()], ["/login/", ""]);
		await heading(other, "Sign In").waitFor();
	});

	await check("whom the API refuses although they are signed in is told so, and not sent in circles", async (desk) => {
		const { person, window } = await desk.newcomer();
		window.permit(refused);
		await window.context.route(`**${site.tasksOf(person)}?*`, (route) => route.continue({ headers: { ...route.request().headers(), authorization: "Bearer spoilt" } }));
		const page = await window.page();
		let loads = 0;
		page.on("framenavigated", () => loads++);
		await page.goto("/");
		await says(alertOf(page), "The server does not accept your sign-in. Sign out, and in again.");
		await sleep(500);
		same([loads, placeOf(page)], [1, "/"]);
		await button(page, "Sign out").click();
		await arrives(page, "/login/");
	});

	await check("what was said of a server that is away goes when it is back", async (desk) => {
		const { person, window } = await desk.newcomer();
		window.permit(/ERR_FAILED/);
		await site.addTask(person, "One");
		await window.context.route("**/api/auth/get-session*", (route) => route.abort(), { times: 1 });
		const page = await window.page("/");
		await says(alertOf(page), "The server cannot be reached.");
		await showsTitles(page, ["One"]);
		await says(alertOf(page), "");
	});

	await check("what is added before the page knows who is here is added then", async (desk) => {
		const { person, window } = await desk.newcomer();
		let release;
		const held = new Promise((resolve) => { release = resolve; });
		await window.context.route("**/api/auth/get-session*", async (route) => {
			await held;
			await route.continue();
		});
		const page = await window.page("/");
		await add(page, "One");
		same(await field(page, "New task").inputValue(), "One");
		release();
		await showsTitles(page, ["One"]);
		await comesTo(() => site.titles(person), ["One"]);
	});

	await check("sessions elsewhere can be ended more than once", async (desk) => {
		const { person, window } = await desk.newcomer();
		const page = await window.page("/account/");
		const elsewhere = page.getByRole("button", { name: "Sign out everywhere else", exact: true });
		await elsewhere.click();
		await says(statusOf(page), "Signed out there.");
		await desk.windowOf(person);
		await fillIn(page, { "Current password": person.password, "New password": person.password });
		await button(page, "Change password").click();
		await says(statusOf(page), "Your password has been changed.");
		await elsewhere.click();
		await says(statusOf(page), "Signed out there.");
		between(Number(await site.sql(`select count(*) from session where "userId" = '${person.id}'`)), 1, 1, "sessions");
	});

	await check("a link that was used before leads to a new one", async (desk) => {
		const window = (await desk.window()).permit(refused);
		const page = await window.page("/reset-password/?token=nothing");
		await field(page, "New password").fill("correct horse battery");
		await button(page, "Set password").click();
		await says(alertOf(page), "This link does not work any more. Ask for a new one.");
		await field(page, "Email").fill("nobody@example.com");
		await button(page, "Send link").click();
		await says(statusOf(page), "If there is an account for that address, a link is on its way.");
	});
}

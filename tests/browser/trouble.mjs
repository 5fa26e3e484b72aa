// SPDX-License-Identifier: Apache-2.0
// What goes wrong: mistakes, sessions and tokens that end, and parts of the server that go and come back.
import { randomUUID } from "node:crypto";
import { add, alertOf, arrives, beginEdit, button, comesTo, connection, field, fillIn, heading, isLive, link, openTasks, says, showsTitles, signIn, signUp, statusOf, task, tasks, titles } from "./acts.mjs";
import { becomes, holds, same, sleep } from "./judge.mjs";

const refused = /status of 4\d\d/; // Chromium logs each answer that is a refusal
const failed = /status of 5\d\d/;
const unreachable = [/ERR_CONNECTION_REFUSED/, /ERR_EMPTY_RESPONSE/, /ERR_CONNECTION_RESET/, /ERR_SOCKET_NOT_CONNECTED/, /WebSocket connection to/];

const quarter_hour_ms = 15 * 60_000;

export async function trouble({ check }, site) {
	await check("a wrong password", async (desk) => {
		const person = await site.person();
		const window = (await desk.window()).permit(refused);
		const page = await window.page("/login/");
		await signIn(page, { ...person, password: "not this one" });
		await says(alertOf(page), "Invalid credentials");
		same(await field(page, "Email").inputValue(), person.email);
		await signIn(page, { email: `nobody-${randomUUID()}@example.com`, password: "not this one" });
		await says(alertOf(page), "Invalid credentials");
		await signIn(page, person);
		await arrives(page, "/");
	});

	await check("a password that is too short to sign up with", async (desk) => {
		const window = (await desk.window()).permit(refused);
		const page = await window.page("/sign-up/");
		await page.locator("form").evaluate((form) => { form.noValidate = true; });
		await fillIn(page, { Name: "Pat", Email: `person-${randomUUID()}@example.com`, Password: "short" });
		await button(page, "Sign Up").click();
		await says(alertOf(page), /too short.*8/);
		await field(page, "Password").fill("x".repeat(129));
		await button(page, "Sign Up").click();
		await says(alertOf(page), /too long.*128/);
	});

	await check("a session that was deleted leads to sign-in, and back to the page one was on", async (desk) => {
		const { person, window } = await desk.newcomer();
		await window.context.clock.install();
		await site.addTask(person, "One");
		const page = await openTasks(window, "/?show=open");
		await showsTitles(page, ["One"]);
		await site.sql(`delete from session where "userId" = '${person.id}'`);
		await page.clock.fastForward(quarter_hour_ms);
		await task(page, "One").click();
		await heading(page, "Sign In").waitFor();
		await says(statusOf(page), "Your session has ended. Sign in again.");
		const query = new URL(page.url()).searchParams;
		same([query.get("next"), query.has("ended")], ["/?show=open", true]);
		await signIn(page, person);
		await arrives(page, "/?show=open");
		await showsTitles(page, ["One"]);
	});

	await check("a session that has run out is noticed with the next request", async (desk) => {
		const { person, window } = await desk.newcomer();
		window.permit(refused);
		const page = await window.page("/account/");
		await heading(page, "Account").waitFor();
		await site.sql(`update session set "expiresAt" = now() - interval '1 minute' where "userId" = '${person.id}'`);
		await fillIn(page, { "Current password": person.password, "New password": "a staple for the battery" });
		await button(page, "Change password").click();
		await heading(page, "Sign In").waitFor();
		await signIn(page, person);
		await heading(page, "Account").waitFor();
	});

	await check("the access token is replaced before it expires", async (desk) => {
		const { person, window } = await desk.newcomer();
		await window.context.clock.install();
		const page = await openTasks(window);
		const asked = [];
		page.on("request", (request) => asked.push(new URL(request.url()).pathname));
		await add(page, "One");
		await comesTo(() => site.titles(person), ["One"]);
		same(asked.filter((path) => path.startsWith("/api/auth/")), []);
		await page.clock.fastForward(quarter_hour_ms - 30_000);
		await add(page, "Two");
		await comesTo(() => site.titles(person), ["Two", "One"]);
		same(asked.filter((path) => path === "/api/auth/get-session").length, 1);
		await showsTitles(page, ["Two", "One"]);
	});

	await check("an access token that the server refuses is replaced, and nothing is lost", async (desk) => {
		const { person, window } = await desk.newcomer();
		window.permit(refused);
		const page = await openTasks(window);
		// From now on tokens have to name another issuer.
		await site.withSettings({ JWT_ISSUER: "https://tasks.example.com" }, async () => {
			await add(page, "One");
			await comesTo(() => site.titles(person), ["One"]);
			await showsTitles(page, ["One"]);
			await says(alertOf(page), "");
		});
	});

	await check("the server goes: what was changed is rolled back, and said; it comes back: so does everything", async (desk) => {
		const { person, window } = await desk.newcomer();
		window.permit(...unreachable);
		await site.addTasks(person, ["One", "Two"]);
		const page = await openTasks(window);
		await site.without("web", async (back) => {
			await says(connection(page), /^Reconnecting/);
			await add(page, "Three");
			await says(alertOf(page), /The server cannot be reached\./);
			await showsTitles(page, ["Two", "One"]);
			same(await field(page, "New task").inputValue(), "Three");
			await task(page, "One").click();
			await comesTo(() => task(page, "One").isChecked(), false);
			await button(page, "Delete Two").click();
			await showsTitles(page, ["Two", "One"]);
			const form = await beginEdit(page, "Two");
			await field(form, "Title").fill("Two and a half");
			await button(form, "Save").click();
			await says(alertOf(page), /The server cannot be reached\./);
			await back();
			await site.addTask(person, "Made meanwhile");
			await isLive(page, 15_000);
		});
		await comesTo(async () => (await titles(page))[0], "Made meanwhile");
		await add(page, "Four");
		await comesTo(() => site.titles(person), ["Four", "Made meanwhile", "Two", "One"]);
		await says(alertOf(page), "");
	});

	await check("the notifier goes and comes back: the list is read again", async (desk) => {
		const { person, window } = await desk.newcomer();
		window.permit(/WebSocket connection to/);
		const page = await openTasks(window);
		await site.without("notifyd", async () => {
			await says(connection(page), /^Reconnecting/);
			await add(page, "Works without");
			await comesTo(() => site.titles(person), ["Works without"]);
			await site.addTask(person, "Made meanwhile");
		});
		await isLive(page, 15_000);
		await showsTitles(page, ["Made meanwhile", "Works without"]);
		await site.addTask(person, "Made afterwards");
		await showsTitles(page, ["Made afterwards", "Made meanwhile", "Works without"]);
	});

	await check("what changed between the first reading and the first connection is shown", async (desk) => {
		const { person, window } = await desk.newcomer();
		window.permit(/WebSocket connection to/);
		const page = await window.page();
		await site.without("notifyd", async () => {
			await page.goto("/");
			await page.getByText("No tasks yet.").waitFor();
			await sleep(1_000); // whatever else it may ask at first
			await site.addTask(person, "Made meanwhile");
		});
		await isLive(page, 15_000);
		await showsTitles(page, ["Made meanwhile"]);
	});

	await check("what is typed before the server has said who is there is not lost", async (desk) => {
		const { person, window } = await desk.newcomer();
		const page = await window.page();
		await page.route(/get-session/, async (route) => {
			await sleep(1_000);
			await route.continue();
		});
		await page.goto("/", { waitUntil: "domcontentloaded" });
		await add(page, "Early");
		same(await field(page, "New task").inputValue(), "Early");
		await isLive(page);
		await button(page, "Add").click();
		await showsTitles(page, ["Early"]);
		await comesTo(() => site.titles(person), ["Early"]);
		await page.goto("/", { waitUntil: "domcontentloaded" });
		await link(page, "Done").click();
		await page.getByText("No done tasks.").waitFor();
		await says(alertOf(page), "");
	});

	await check("an API that refuses every token is not asked for ever", async (desk) => {
		const { window } = await desk.newcomer();
		window.permit(refused);
		const page = await window.page();
		let loads = 0;
		page.on("load", () => loads++);
		await site.withSettings({ JWT_ISSUER: "https://other.example.com" }, async () => {
			await page.goto("/");
			await sleep(2_000);
			same(loads, 1);
			await comesTo(async () => (await alertOf(page).innerText()) !== "", true);
		}, ["workers"]);
	});

	await check("a machine whose clock is wrong by years", async (desk) => {
		for (const time of ["2001-02-03T04:05:06Z", "2061-02-03T04:05:06Z"]) {
			const { person, window } = await desk.newcomer();
			await window.context.clock.install({ time });
			const page = await openTasks(window);
			await add(page, "One");
			await comesTo(() => site.titles(person), ["One"]);
			await site.addTask(person, "Two");
			await showsTitles(page, ["Two", "One"]);
		}
	});

	await check("signing out while the server is gone is not pretended", async (desk) => {
		const { window } = await desk.newcomer();
		window.permit(...unreachable);
		const page = await openTasks(window);
		await site.without("web", async () => {
			await button(page, "Sign out").click();
			await says(alertOf(page), /cannot be reached/);
			await heading(page, "Tasks").waitFor();
		});
	});

	await check("pages that are not there lead to one that is, without asking for all between", async (desk) => {
		const { person, window } = await desk.newcomer();
		window.permit(refused);
		await site.addTask(person, "One");
		for (const number of ["2", "400", "9007199254740991", "9007199254740993", "1e3", "0", "-1", "x", "1.5"]) {
			const page = await window.page();
			let asked = 0;
			page.on("request", (request) => (asked += request.url().includes("/tasks?")));
			await page.goto(`/?page=${number}`);
			await showsTitles(page, ["One"]);
			holds(asked <= 4, `?page=${number}: ${asked} requests`);
			await page.close();
		}
	});

	await check("no workers behind the web server", async (desk) => {
		const { window, person } = await desk.newcomer();
		window.permit(failed);
		const page = await openTasks(window);
		await site.withoutWorkers(async () => {
			await add(page, "One");
			await says(alertOf(page), /^The task could not be (added|saved): /);
			await showsTitles(page, []);
		});
		await comesTo(() => site.titles(person), []);
	});

	await check("sign-in while the server is gone", async (desk) => {
		const person = await site.person();
		const window = (await desk.window()).permit(...unreachable);
		const page = await window.page("/login/");
		const other = await window.page("/sign-up/");
		await site.without("web", async () => {
			await signIn(page, person);
			await says(alertOf(page), "Login failed");
			await fillIn(other, { Name: "Pat", Email: "pat@example.com", Password: "correct horse battery" });
			await button(other, "Sign Up").click();
			await says(alertOf(other), "Sign-up failed");
		});
		await signIn(page, person);
		await arrives(page, "/");
	});

	await check("PostgreSQL is away: the page says so, and goes on once it is back", async (desk) => {
		const { person, window } = await desk.newcomer();
		window.permit(failed, /WebSocket connection to/);
		await site.addTask(person, "One");
		const page = await openTasks(window);
		await site.withoutDatabase(async () => {
			await add(page, "Two");
			await says(alertOf(page), /^The task could not be (added|saved): /, 10_000);
			await showsTitles(page, ["One"]);
			await page.reload();
			await comesTo(async () => (await alertOf(page).innerText()).length > 0, true, 10_000);
		});
		await comesTo(() => titles(page), ["One"], 30_000);
		await isLive(page, 30_000);
		await add(page, "Three");
		await comesTo(() => site.titles(person), ["Three", "One"]);
	});

	await check("too many attempts to sign in", (desk) => site.withSettings({ AUTH_RATE_LIMIT: "on" }, async () => {
		const window = (await desk.window()).permit(refused);
		const page = await window.page("/login/");
		for (let attempt = 1; attempt <= 4; attempt++) {
			const answered = page.waitForResponse("**/sign-in/email");
			await signIn(page, { email: "nobody@example.com", password: "not this one" });
			await answered;
		}
		await says(alertOf(page), /^Too many attempts\. Try again in (\d+ seconds|a second)\.$/);
	}));

	await check("too many requests for tasks", async (desk) => {
		const { person, window } = await desk.newcomer();
		window.permit(refused, /WebSocket connection to/);
		const page = await openTasks(window);
		await site.withSettings({ RATE_LIMIT: "2/60s" }, async () => {
			for (const title of ["One", "Two", "Three"]) {
				const answered = page.waitForResponse((response) => response.request().method() === "POST");
				await add(page, title);
				await answered;
			}
			await says(alertOf(page), /Too many requests\. Try again in \d+ seconds\.$/);
			await showsTitles(page, ["Two", "One"]);
		});
		same(await field(page, "New task").inputValue(), "Three");
		await comesTo(() => site.titles(person), ["Two", "One"]);
	});

	await check("a title that the server refuses", async (desk) => {
		const { person, window } = await desk.newcomer();
		window.permit(refused);
		await site.addTask(person, "One");
		const page = await openTasks(window);
		await field(page, "New task").evaluate((input) => input.removeAttribute("maxlength"));
		await add(page, "x".repeat(10_001));
		await says(alertOf(page), /character/);
		await showsTitles(page, ["One"]);
		const form = await beginEdit(page, "One");
		await field(form, "Title").evaluate((input) => input.removeAttribute("maxlength"));
		await field(form, "Title").fill("x".repeat(10_001));
		await button(form, "Save").click();
		await says(alertOf(page), /character/);
		await comesTo(() => site.titles(person), ["One"]);
	});

	await check("a title of blanks is not sent", async (desk) => {
		const { person, window } = await desk.newcomer();
		const page = await openTasks(window);
		await add(page, "   ");
		await add(page, "One");
		await comesTo(() => site.titles(person), ["One"]);
		await showsTitles(page, ["One"]);
	});

	await check("somebody deletes the task that is being edited", async (desk) => {
		const { person, window } = await desk.newcomer();
		window.permit(refused);
		const { id } = await site.addTask(person, "One");
		const page = await openTasks(window);
		const form = await beginEdit(page, "One");
		await field(form, "Title").fill("One, edited");
		await site.request("DELETE", `${site.tasksOf(person)}/${id}`, { who: person });
		// The text is not lost without a word, and saving it says why it cannot be.
		await becomes(async () => (await alertOf(page).innerText()) !== "" || !(await form.isVisible()), 2_000);
		if (await form.isVisible()) await button(form, "Save").click();
		await comesTo(async () => (await alertOf(page).innerText()).length > 0, true);
		await comesTo(() => tasks(page).getByRole("listitem").count(), 0);
		await add(page, "Two");
		await showsTitles(page, ["Two"]);
	});

	await check("a change from elsewhere leaves what is being typed alone", async (desk) => {
		const { person, window } = await desk.newcomer();
		const { id } = await site.addTask(person, "One");
		const page = await openTasks(window);
		const form = await beginEdit(page, "One");
		await field(form, "Title").fill("Typed here");
		await site.addTask(person, "Two");
		await site.request("PUT", `${site.tasksOf(person)}/${id}`, { who: person, body: { description: "from elsewhere" } });
		await task(page, "Two").waitFor();
		await sleep(300);
		same(await field(form, "Title").inputValue(), "Typed here");
		same(await field(form, "Title").evaluate((input) => input === document.activeElement), true);
		await field(form, "Title").press("Enter");
		await showsTitles(page, ["Two", "Typed here"]);
	});

	await check("a task is deleted twice", async (desk) => {
		const { person, window } = await desk.newcomer();
		window.permit(refused);
		const { id } = await site.addTask(person, "One");
		const page = await openTasks(window);
		const place = `**${site.tasksOf(person)}/${id}`;
		// The other one is faster than the wire.
		await page.route(place, async (route) => {
			await site.request("DELETE", `${site.tasksOf(person)}/${id}`, { who: person });
			await route.continue();
		}, { times: 1 });
		await button(page, "Delete One").click();
		await showsTitles(page, []);
		await sleep(300);
		holds((await titles(page)).length === 0, "it came back");
	});

	await check("somebody else signs in in another tab: nothing of the one before stays", async (desk) => {
		const { person, window } = await desk.newcomer("Ann");
		window.permit(refused, /WebSocket connection to/);
		await site.addTask(person, "Ann's own");
		const page = await openTasks(window);
		await showsTitles(page, ["Ann's own"]);
		const ben = await site.person("Ben");
		await window.context.clearCookies();
		await window.signIn(ben);
		await page.reload();
		await isLive(page);
		await showsTitles(page, []);
		await signUp(page, { name: "Cy", email: `person-${randomUUID()}@example.com`, password: "correct horse battery" });
		await arrives(page, "/");
		await add(page, "Cy's own");
		await showsTitles(page, ["Cy's own"]);
		same(await site.titles(ben), []);
	});
}

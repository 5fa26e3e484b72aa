// SPDX-License-Identifier: Apache-2.0
// The account: password, sessions, address, and its end; with the links that come by mail.
import { randomUUID } from "node:crypto";
import { add, alertOf, arrives, button, comesTo, field, fillIn, heading, link, openTasks, placeOf, says, signIn, signUp, statusOf } from "./acts.mjs";
import { holds, same } from "./judge.mjs";

const refused = /status of 40[013]/; // Chromium logs each answer that is a refusal
const new_password = "a staple for the battery";

const accountPage = async (window) => {
	const page = await window.page("/account/");
	await heading(page, "Account").waitFor();
	await sessionsOf(page).first().waitFor();
	return page;
};
const sessionsOf = (page) => page.getByRole("list", { name: "Sessions", exact: true }).getByRole("listitem");

/** A window whose pages believe what the test says of the time. */
async function windowWithClock(desk, person, options) {
	const window = await desk.windowOf(person, options);
	await window.context.clock.install();
	return window;
}

const signsInWith = async (site, { email }, password) =>
	(await fetch(`${site.url}/api/auth/sign-in/email`, {
		method: "POST",
		headers: { "Content-Type": "application/json", Origin: site.url },
		body: JSON.stringify({ email, password }),
	})).status;

export async function account({ check }, site) {
	await check("name and address are shown", async (desk) => {
		const { person, window } = await desk.newcomer("Pat Smith");
		const page = await accountPage(window);
		await page.getByText("Pat Smith").waitFor();
		await page.getByText(person.email).waitFor();
	});

	await check("another password: the old one is refused, and everybody else is signed out where that is ticked", async (desk) => {
		const { person, window } = await desk.newcomer();
		const elsewhere = await openTasks(await desk.windowOf(person));
		const page = await accountPage(window);
		await fillIn(page, { "Current password": person.password, "New password": new_password });
		await field(page, "Sign out everywhere else").check();
		await button(page, "Change password").click();
		await says(statusOf(page), /password has been changed/i);
		same([await field(page, "Current password").inputValue(), await field(page, "New password").inputValue()], ["", ""]);
		same([await signsInWith(site, person, person.password), await signsInWith(site, person, new_password)], [401, 200]);
		await elsewhere.reload();
		await heading(elsewhere, "Sign In").waitFor();
		await page.goto("/");
		await page.getByText("No tasks yet.").waitFor();
	});

	await check("another password without the tick leaves the other sessions alone", async (desk) => {
		const { person, window } = await desk.newcomer();
		const other = await desk.windowOf(person);
		const page = await accountPage(window);
		await fillIn(page, { "Current password": person.password, "New password": new_password });
		await button(page, "Change password").click();
		await says(statusOf(page), /password has been changed/i);
		await accountPage(other);
	});

	await check("a wrong or a short password changes nothing", async (desk) => {
		const { person, window } = await desk.newcomer();
		window.permit(refused);
		const page = await accountPage(window);
		await fillIn(page, { "Current password": "not this one", "New password": new_password });
		await button(page, "Change password").click();
		await says(alertOf(page), /current password.*(wrong|not|incorrect)|invalid password/i);
		await fillIn(page, { "Current password": person.password, "New password": "short" });
		await field(page, "New password").evaluate((input) => input.removeAttribute("minlength"));
		await button(page, "Change password").click();
		await says(alertOf(page), /too short.*8/i);
		same(await signsInWith(site, person, person.password), 200);
	});

	await check("the sessions are listed, and one that is ended here ends there", async (desk) => {
		const { person, window } = await desk.newcomer("Pat");
		const there = await openTasks(await windowWithClock(desk, person, { userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" }));
		const page = await accountPage(window);
		// The third is the one that signing up began.
		await comesTo(() => sessionsOf(page).count(), 3);
		await comesTo(() => sessionsOf(page).getByText("This session").filter({ visible: true }).count(), 1);
		const other = sessionsOf(page).filter({ hasText: "Firefox" });
		await says(other, /127\.0\.0\.1/);
		await other.getByRole("button", { name: /^Sign out / }).click();
		await comesTo(() => sessionsOf(page).count(), 2);
		// The access token that the browser there has outlives the session by some minutes.
		await there.clock.fastForward("15:00");
		await add(there, "One");
		await heading(there, "Sign In").waitFor();
		await says(statusOf(there), "Your session has ended. Sign in again.");
		await button(page, "Sign out everywhere else").click();
		await comesTo(() => sessionsOf(page).count(), 1);
		await says(sessionsOf(page), /This session/);
		await page.reload();
		await comesTo(() => sessionsOf(page).count(), 1);
	});

	await check("a session of the day before yesterday: the page says that its list wants a new one, and the rest works", async (desk) => {
		const { person, window } = await desk.newcomer("Pat Smith");
		window.permit(refused);
		await site.sql(`update session set "createdAt" = now() - interval '2 days' where "userId" = '${person.id}'`);
		const page = await window.page("/account/");
		await page.getByText("Pat Smith").waitFor();
		await page.getByText(person.email).waitFor();
		await page.getByRole("main").getByText(/sign in again/i).waitFor();
		await fillIn(page, { "Current password": person.password, "New password": new_password });
		await button(page, "Change password").click();
		await says(statusOf(page), /password has been changed/i);
	});

	await check("an account is deleted with its password only", async (desk) => {
		const { person, window } = await desk.newcomer();
		window.permit(refused);
		const page = await accountPage(window);
		await field(page, "Password").fill("not this one");
		await button(page, "Delete account").click();
		await says(alertOf(page), /password/i);
		same(await signsInWith(site, person, person.password), 200);
		await field(page, "Password").fill(person.password);
		await button(page, "Delete account").click();
		await arrives(page, "/login/?deleted");
		await says(statusOf(page), "Your account has been deleted.");
		same(await signsInWith(site, person, person.password), 401);
		await signIn(page, person);
		await says(alertOf(page), "Invalid credentials");
	});

	await check("where accounts stay, the page says so", (desk) => site.withSettings({ DELETE_USER: "off" }, async () => {
		const { person, window } = await desk.newcomer();
		window.permit(/status of 404/);
		const page = await accountPage(window);
		await field(page, "Password").fill(person.password);
		await button(page, "Delete account").click();
		await says(alertOf(page), "Accounts cannot be deleted here.");
		same(await signsInWith(site, person, person.password), 200);
	}));

	await check("a forgotten password is replaced by a mailed link, once", async (desk) => {
		const person = await site.person();
		const window = (await desk.window()).permit(refused);
		const page = await window.page("/login/");
		await link(page, "Forgot your password?").click();
		await heading(page, "Reset password").waitFor();
		await field(page, "Email").fill(person.email);
		await button(page, "Send link").click();
		await says(statusOf(page), "If there is an account for that address, a link is on its way.");
		const mailed = await site.mailedLink(person.email);
		await page.goto(mailed);
		await heading(page, "Choose a new password").waitFor();
		await comesTo(async () => placeOf(page), "/reset-password/");
		await field(page, "New password").fill(new_password);
		await button(page, "Set password").click();
		await arrives(page, "/login/?reset");
		await says(statusOf(page), "Your password has been changed. Sign in with the new one.");
		await signIn(page, { ...person, password: new_password });
		await arrives(page, "/");
		same(await signsInWith(site, person, person.password), 401);
		await page.goto(mailed);
		await says(alertOf(page), "This link does not work any more. Ask for a new one.");
		await heading(page, "Reset password").waitFor();
	});

	await check("nobody learns from the reset page who has an account", async (desk) => {
		const page = await desk.page("/reset-password/");
		await field(page, "Email").fill(`nobody-${randomUUID()}@example.com`);
		await button(page, "Send link").click();
		await says(statusOf(page), "If there is an account for that address, a link is on its way.");
	});

	await check("a reset link that expires while the form is open is refused", async (desk) => {
		const person = await site.person();
		const window = (await desk.window()).permit(refused);
		await site.request("POST", "/api/auth/request-password-reset", { body: { email: person.email, redirectTo: "/reset-password/" } });
		const page = await window.page(await site.mailedLink(person.email));
		await heading(page, "Choose a new password").waitFor();
		await site.sql(`update verification set "expiresAt" = now() - interval '1 minute' where value = '${person.id}'`);
		await field(page, "New password").fill(new_password);
		await button(page, "Set password").click();
		await says(alertOf(page), "This link does not work any more. Ask for a new one.");
		same(await signsInWith(site, person, person.password), 200);
	});

	await check("an address is confirmed from the account page", async (desk) => {
		const { person, window } = await desk.newcomer();
		const page = await accountPage(window);
		await button(page, "Send confirmation mail").click();
		await says(statusOf(page), /on its way|have sent|has been sent/i);
		const other = await window.page(await site.mailedLink(person.email));
		await arrives(other, "/verify-email/");
		await says(statusOf(other), "Your address is confirmed.");
		await other.getByRole("main").getByRole("link").click();
		await arrives(other, "/");
		await page.reload();
		await sessionsOf(page).first().waitFor();
		same(await button(page, "Send confirmation mail").isVisible(), false);
	});

	await check("where addresses have to be confirmed, that comes first", (desk) => site.withSettings({ REQUIRE_EMAIL_VERIFICATION: "on" }, async () => {
		const pat = { name: "Pat", email: `person-${randomUUID()}@example.com`, password: "correct horse battery" };
		const window = (await desk.window()).permit(refused);
		const page = await window.page();
		await signUp(page, pat);
		await says(statusOf(page), `Look into your mail: we have sent a link to ${pat.email}.`);
		const mailed = await site.mailedLink(pat.email);
		await page.goto("/login/");
		await signIn(page, pat);
		await says(alertOf(page), "Confirm your e-mail address first: we have sent you a link.");
		await page.goto(mailed);
		await says(statusOf(page), "Your address is confirmed.");
		await page.goto("/login/");
		await signIn(page, pat);
		await arrives(page, "/");
	}));

	await check("a confirming link that is bad leads to a form for another", async (desk) => {
		const { person } = await desk.newcomer();
		const page = await desk.page("/api/auth/verify-email?token=nonsense&callbackURL=%2Fverify-email%2F");
		await says(alertOf(page), "This link does not work any more.");
		await field(page, "Email").fill(person.email);
		await button(page, "Send a new link").click();
		await says(statusOf(page), /on its way/);
		await page.goto(await site.mailedLink(person.email));
		await says(statusOf(page), "Your address is confirmed.");
	});

	await check("no second account for an address", async (desk) => {
		const person = await site.person();
		const window = (await desk.window()).permit(/status of 422/);
		const page = await window.page();
		await signUp(page, person);
		await says(alertOf(page), "There is an account for this address already.");
		same(await field(page, "Email").inputValue(), person.email);
		holds(placeOf(page) === "/sign-up/", page.url());
	});
}

// SPDX-License-Identifier: Apache-2.0
// Signing up, in and out through the example's own forms, with the keyboard alone.
import { randomBytes } from "node:crypto";
import { becomes, same, shows } from "./judge.mjs";
import { password } from "./site.mjs";
import { with_jwt, with_session } from "./window.mjs";

export async function forms(site, { check }) {
	const email = `forms-${randomBytes(6).toString("hex")}@example.com`;
	const window = await site.window();
	const { page } = window;
	const type = async (...words) => {
		for (const word of words) {
			await page.keyboard.type(word);
			await page.keyboard.press("Tab");
		}
	};

	await check("who is not signed in is sent to the form", async () => {
		await window.go("/");
		await window.arrives("/login");
	});
	await check("the form has the words of Better Auth's users", async () => {
		await shows(page.getByRole("heading", { name: "Sign In" }));
		same(await page.locator("input").evaluateAll((all) => all.map(({ placeholder, type }) => [placeholder, type])), [["Email", "email"], ["Password", "password"]]);
	});
	await check("signing up leads to the tasks", async () => {
		await page.getByRole("link", { name: "Sign up" }).click();
		await window.arrives("/sign-up");
		await window.field("Name").focus();
		await type("Ann", email, password);
		await page.keyboard.press("Enter");
		await window.arrives("/dashboard");
		await shows(page.getByText(`Ann (${email})`));
	});
	await check("the session's cookie is nothing for scripts", async () => same(await page.evaluate(() => document.cookie), ""));
	await check("signing out leads to the form", async () => {
		// A list that is still on its way would be refused, and the browser would report it.
		for (const title of [with_jwt, with_session]) await shows(window.list(title).region.getByText("No tasks yet."));
		await window.button("Sign out").press("Enter");
		await window.arrives("/login");
	});
	await check("a taken address is said to be taken", async () => {
		await window.go("/sign-up");
		await window.field("Name").focus();
		await type("Ann", email, password);
		await page.keyboard.press("Enter");
		await becomes(() => window.alert.textContent(), "User already exists. Use another email.");
		window.permit(/ 422 \([^)]*\) \S*\/sign-up\/email$/);
	});
	await check("a wrong password shows: Invalid credentials", async () => {
		await window.go("/login");
		await window.field("Email").focus();
		await type(email, "wrong horse battery");
		await page.keyboard.press("Enter");
		await becomes(() => window.alert.textContent(), "Invalid credentials");
		same(new URL(page.url()).pathname, "/login");
		window.permit(/ 401 \(unauthorized\) \S*\/sign-in\/email$/i);
	});
	await check("the right one leads to the tasks", async () => {
		await window.field("Password").fill("");
		await window.field("Password").focus();
		await page.keyboard.type(password);
		await page.keyboard.press("Enter");
		await window.arrives("/dashboard");
	});
}

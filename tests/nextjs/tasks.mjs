// SPDX-License-Identifier: Apache-2.0
// The same tasks through both of gatepost's APIs, from another origin, and nobody else's.
import { becomes, holds, same, shows } from "./judge.mjs";
import { with_jwt, with_session } from "./window.mjs";

const markup = "<img src=x onerror=\"document.title = 'taken over'\">";

export async function tasks(site, { check }) {
	const ann = await site.person("Ann");
	const window = await site.window(ann);
	const [todos, own] = [window.list(with_jwt), window.list(with_session)];
	const titles = async () => (await site.ask(`/api/${ann.id}/tasks`, ann.session)).body.map(({ title, completed }) => [title, completed]);

	await check("somebody whose account gatepost made is signed in here, too", async () => {
		await window.go("/dashboard");
		for (const list of [todos, own]) await shows(list.region.getByText("No tasks yet."));
	});
	await check("a task added with the JWT is in both lists and at gatepost", async () => {
		await todos.add("Water the plants");
		for (const list of [todos, own]) await shows(list.box("Water the plants"));
		same(await titles(), [["Water the plants", false]]);
	});
	await check("a task added with the session token, too", async () => {
		await own.field.fill("Feed the cat");
		await own.field.press("Enter");
		for (const list of [todos, own]) await shows(list.box("Feed the cat"));
	});
	await check("what is ticked in one list is ticked in the other", async () => {
		const areTicked = (title) => Promise.all([todos, own].map((list) => list.box(title).isChecked()));
		await todos.box("Feed the cat").press("Space");
		await becomes(() => areTicked("Feed the cat"), [true, true]);
		await own.box("Water the plants").press("Space");
		await becomes(() => areTicked("Water the plants"), [true, true]);
		await todos.box("Water the plants").click();
		await becomes(() => areTicked("Water the plants"), [false, false]);
		same((await titles()).sort(), [["Feed the cat", true], ["Water the plants", false]]);
	});
	await check("what is deleted in one list is gone from both", async () => {
		await todos.remove("Water the plants");
		await own.remove("Feed the cat");
		for (const list of [todos, own]) await shows(list.region.getByText("No tasks yet."));
		same(await titles(), []);
	});
	await check("markup in a title is text", async () => {
		await own.add(markup);
		await shows(todos.box(markup));
		same([await window.page.locator("li img").count(), await window.page.title()], [0, "Tasks"]);
	});
	await check("gatepost's words are shown when it refuses, and others when it cannot be reached", async () => {
		for (const list of [todos, own]) {
			await list.add("x".repeat(10_001));
			await becomes(() => list.alert.textContent(), "ensure this value has at most 10000 characters");
			await window.page.context().setOffline(true);
			await list.add("Nobody hears this");
			await becomes(() => list.alert.textContent(), "The server cannot be reached.");
			await window.page.context().setOffline(false);
			await list.add("Somebody hears this");
			await shows(list.box("Somebody hears this"));
			same(await list.alert.count(), 0);
			await list.remove("Somebody hears this");
		}
		window.permit(/net::ERR_INTERNET_DISCONNECTED| 422 \(/);
	});
	await check("the requests come from another origin, by its leave, and without cookies", () => {
		for (const path of ["/api/v1/todos", `/api/${ann.id}/tasks`]) {
			holds(window.preflights.some((url) => url.startsWith(site.gatepost + path)), window.preflights);
			const asked = window.asked(path);
			holds(asked.length > 3, asked);
			same([...new Set(asked.map(({ headers }) => headers.origin))], [site.url]);
			same(asked.filter(({ headers }) => headers.cookie), []);
		}
	});
	await check("one API is asked with a JWT of 15 minutes, the other one with the session token", () => {
		const token = window.tokenFor("/api/v1/todos");
		const [header, claims] = token.split(".").slice(0, 2).map((part) => JSON.parse(Buffer.from(part, "base64url")));
		same([header.alg, claims.sub, claims.email, claims.name, claims.type, claims.exp - claims.iat], ["HS256", ann.id, ann.email, "Ann", "access", 900]);
		same(window.tokenFor(`/api/${ann.id}/tasks`), ann.session);
	});
	await check("the page keeps no token where later scripts would find it", async () => {
		const kept = await window.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
		for (const token of [window.tokenFor("/api/v1/todos"), ann.session]) holds(!kept.includes(token), kept);
	});
	await check("another user sees none of them", async () => {
		const bob = await site.person("Bob");
		const other = await site.window(bob);
		await other.go("/dashboard");
		for (const title of [with_jwt, with_session]) await shows(other.list(title).region.getByText("No tasks yet."));
		for (const token of [bob.session, other.tokenFor("/api/v1/todos")]) same((await site.ask(`/api/${ann.id}/tasks`, token)).status, 403);
	});
}

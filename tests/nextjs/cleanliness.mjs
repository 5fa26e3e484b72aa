// SPDX-License-Identifier: Apache-2.0
// What must not be: secrets in what pages get or in logs, complaints, strangers, barriers, addresses of registries.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { holds, same, shows } from "./judge.mjs";
import { with_session } from "./window.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Paths of all files below a directory. */
function filesBelow(directory) {
	return readdirSync(directory, { withFileTypes: true, recursive: true })
		.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

const having = (files, words) => files.filter((file) => {
	const text = readFileSync(file, "latin1");
	return words.some((word) => text.includes(word));
});

export async function cleanliness(site, { check }) {
	const window = await site.window(await site.person("Ann"));

	for (const [name, place] of [["sign-in", "/login"], ["sign-up", "/sign-up"], ["tasks", "/dashboard"]]) {
		await check(`${name}: axe finds no violation`, async () => {
			await window.go(place);
			if (name === "tasks") {
				await window.list(with_session).add("Water the plants");
				await shows(window.list(with_session).box("Water the plants"));
			}
			await window.page.evaluate(axe);
			const { violations } = await window.page.evaluate(() => globalThis.axe.run());
			same(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]), []);
		});
	}
	await check("pages ask the example and gatepost, and nobody else", () => {
		const hosts = new Set(site.windows.flatMap(({ requests }) => requests.map(({ url }) => new URL(url).origin)));
		same([...hosts].sort(), [site.gatepost, site.url].sort());
	});
	await check("no page has complained", () => {
		same(site.windows.flatMap(({ faults }) => faults), []);
	});

	await check("what pages get has no secret in it, and knows of no database", () => {
		const files = filesBelow(path.join(site.example, ".next/static"));
		holds(having(files, [site.gatepost]).length > 0, "no file with gatepost's address: are these the pages?");
		same(having(files, [site.secret, site.databasePassword, "DATABASE_URL", "postgresql://"]), []);
	});
	await check("what the server makes for them has none either", async () => {
		const { cookie } = await site.person("Ann");
		for (const place of ["/login", "/sign-up", "/dashboard", "/api/token", "/api/auth/get-session"]) {
			const response = await fetch(site.url + place, { headers: { Cookie: `better-auth.session_token=${cookie}` } });
			const text = await response.text();
			same([place, response.status, text.includes(site.secret), text.includes(site.databasePassword)], [place, 200, false, false]);
			if (place === "/api/token") site.secrets.add(JSON.parse(text).token);
		}
	});
	await check("nothing that was built has one", () => {
		const files = filesBelow(path.join(site.example, ".next"));
		holds(files.length > 50, files.length);
		same(having(files, [site.secret, site.databasePassword]), []);
	});
	await check("no log has a token, a password or a secret", () => {
		const files = [...filesBelow(path.join(site.instance, "log")), `${site.instance}.start.log`].filter((file) => statSync(file).size > 0);
		const lines = files.flatMap((file) => readFileSync(file, "utf8").split("\n").map((line) => `${path.basename(file)}: ${line}`));
		holds(lines.some((line) => line.includes("Next.js")) && site.secrets.size > 4, site.secrets.size);
		same(lines.filter((line) => [...site.secrets].some((secret) => line.includes(secret))).slice(0, 3), []);
	});
	await check("the lock file names no registry", () => {
		same(having([path.join(site.example, "package-lock.json")], ["\"resolved\"", "https://registry", "http://"]), []);
	});
}

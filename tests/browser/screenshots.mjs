// SPDX-License-Identifier: Apache-2.0
// Pictures of the pages with tasks as people have them.
//
// usage: node screenshots.mjs SERVER INSTANCE-DIRECTORY URL MAIL-DIRECTORY DIRECTORY
import path from "node:path";
import { comesTo, field, isLive, task } from "./acts.mjs";
import { Desk, startBrowser } from "./browser.mjs";
import { Site } from "./site.mjs";

const [server, instance, url, mails, directory] = process.argv.slice(2);
const site = new Site(server, instance, url, mails);
const browser = await startBrowser();
const desk = new Desk(browser, site);

const wide = { viewport: { width: 720, height: 480 }, locale: "en-GB", timezoneId: "UTC" };
const phone = { viewport: { width: 390, height: 640 }, colorScheme: "dark", hasTouch: true, isMobile: true, locale: "en-GB", timezoneId: "UTC" };
const elsewhere = ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
	"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"];

const plans = [
	["Renew the passport", "Photo and the old one; the office closes at noon on Fridays."],
	["Book the train to Lyon"],
	["Call the dentist"],
	["Return the library books", "Three, among them the atlas."],
	["Repair the bicycle"],
];
const done = ["Call the dentist"];

async function take(page, name) {
	await page.evaluate(() => document.activeElement.blur());
	await page.screenshot({ path: path.join(directory, `${name}.png`), fullPage: true });
}

const ada = await site.person("Ada Nowak", "ada@example.com");
for (const [title, description] of [...plans].reverse()) {
	const { id } = await site.addTask(ada, title, { description });
	if (done.includes(title)) await site.request("PATCH", `${site.tasksOf(ada)}/${id}/complete`, { who: ada });
}
await site.sql(`update "user" set "emailVerified" = true where id = '${ada.id}'`);

const signIn = await desk.page("/login/", wide);
await field(signIn, "Email").fill(ada.email);
await field(signIn, "Password").fill(ada.password);
await take(signIn, "sign-in");

for (const [name, options] of [["tasks", wide], ["tasks-phone", phone]]) {
	const page = await (await desk.windowOf(ada, options)).page("/");
	await isLive(page);
	await task(page, plans[0][0]).waitFor();
	await take(page, name);
}

// Of the sessions so far none is to be seen.
await site.sql(`delete from session where "userId" = '${ada.id}'`);
for (const userAgent of elsewhere) await desk.windowOf(ada, { userAgent });
const account = await (await desk.windowOf(ada, wide)).page("/account/");
await comesTo(() => account.getByRole("list", { name: "Sessions", exact: true }).getByRole("listitem").count(), 1 + elsewhere.length);
await take(account, "account");

if (desk.faults.length) throw new Error(desk.faults.join("\n"));
await desk.close();
await browser.close();

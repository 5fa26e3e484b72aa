// SPDX-License-Identifier: Apache-2.0
// The marks that Lighthouse gives the pages as they are on a phone with a slow connection: 95 of 100 and more.
//
// usage: node run.mjs URL
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const least = 95;
const categories = ["accessibility", "best-practices", "performance"];

const [url] = process.argv.slice(2);

/** What is asked with { cookie } is asked by somebody with twenty-five tasks. */
async function signUp() {
	const person = { name: "Pat", email: "pat@example.com", password: "correct horse battery" };
	const answer = await post("/api/auth/sign-up/email", person, { Origin: url });
	const { token, user } = await answer.json();
	for (let number = 1; number <= 25; number++) {
		await post(`/api/${user.id}/tasks`, { title: `Task ${number}` }, { Authorization: `Bearer ${token}` });
	}
	return answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0]).join("; ");
}

async function post(place, body, headers) {
	const answer = await fetch(url + place, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) });
	if (!answer.ok) throw new Error(`${place} answered ${answer.status} ${await answer.text()}`);
	return answer;
}

function judge(place, { categories: judged, audits, runtimeError, finalDisplayedUrl }) {
	if (runtimeError) throw new Error(runtimeError.message);
	if (finalDisplayedUrl !== url + place) throw new Error(`${place} leads to ${finalDisplayedUrl}`);
	const marks = Object.values(judged).map(({ title, score }) => `${title} ${Math.round(score * 100)}`).join(", ");
	if (Object.values(judged).every(({ score }) => score * 100 >= least)) {
		console.log(`ok - ${place}: ${marks}`);
		return;
	}
	process.exitCode = 1;
	console.log(`not ok - ${place}: ${marks}, which is less than ${least}`);
	for (const { title, score, displayValue = "" } of Object.values(audits)) if (score !== null && score < 1) console.log(`    ${title} ${displayValue}`);
}

const Cookie = await signUp();
const isRoot = process.getuid() === 0; // whom Chromium's sandbox has no use for
const browser = await launch({ chromePath: "/usr/bin/chromium", chromeFlags: ["--headless=new", "--disable-dev-shm-usage", ...(isRoot ? ["--no-sandbox"] : [])], logLevel: "silent" });
for (const [place, extraHeaders] of [["/login/", {}], ["/", { Cookie }], ["/account/", { Cookie }]]) {
	const result = await lighthouse(url + place, { port: browser.port, onlyCategories: categories, extraHeaders, logLevel: "silent" });
	judge(place, result.lhr);
}
browser.kill();

// SPDX-License-Identifier: Apache-2.0
// What front ends written for a FastAPI back end do: they open /ws/notifications?token=… with an HS256 token.
import { fits, same, sleep } from "./judge.mjs";
import { now_s, signed } from "./tokens.mjs";
import { newUser } from "./people.mjs";

const bad = (site, name) => ({
	"no token": {},
	"an empty token": { query: "?token=" },
	"a token that is none": { token: "invalid-token" },
	"a token of another secret": { token: signed("another-secret-of-32-characters!", { sub: "ann", exp: now_s() + 3600 }) },
	"a token without user": { token: signed(site.key, { email: "ann@example.com", exp: now_s() + 3600 }) },
})[name];

export async function seeds(site, { check }) {
	const user = newUser();
	const iat = now_s();
	const token = signed(site.key, { sub: user, email: "test@example.com", name: "Test User", iat, exp: iat + 3600 });
	await check("a good token: the connection is accepted and stays open", async () => {
		const tab = site.connect({ token });
		same(await tab.outcome(), `ready ${user}`);
		await sleep(1_000);
		same(tab.closed, undefined);
		tab.close();
	});
	for (const name of ["no token", "an empty token", "a token that is none", "a token of another secret", "a token without user"]) {
		await check(`${name}: closed with 4001 Unauthorized, and nothing sent before`, async () => {
			const tab = site.connect(bad(site, name));
			same(await tab.outcome(), "closed 4001 Unauthorized");
			same(tab.messages, []);
		});
	}
	await check("the page of a user at another address is told by the code, not by 1006", async () => {
		const tab = site.connect({ token: "x.y.z", origin: "http://localhost:3000" });
		fits(await tab.outcome(), "closed 4001 Unauthorized");
	});
}

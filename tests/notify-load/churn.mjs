// SPDX-License-Identifier: Apache-2.0
// Connections that come and go, in all the ways in which they can: refused, accepted, ended by either side.
//
// usage: node churn.mjs URL COUNT [AT-ONCE]
import { opened, several, open, ways } from "./client.mjs";
import { tokenFor } from "./token.mjs";

const [url, count, atOnce] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4] ?? 50)];
const tokens = Array.from({ length: 100 }, (_, i) => tokenFor(`churn-${i}`));
const outcomes = { closed: 0, cut: 0, refused: 0, lost: 0 };

/** The client closes, and waits for the daemon to close, too. */
async function closed(number) {
	const socket = await opened(url, tokens[number % tokens.length], ways[number % ways.length]);
	await new Promise((resolve) => { socket.on("close", resolve); socket.close(1000); });
	outcomes.closed++;
}

/** The client is gone without a word. */
async function cut(number) {
	const socket = await opened(url, tokens[number % tokens.length], ways[number % ways.length]);
	socket.send("not listened to");
	socket.terminate();
	outcomes.cut++;
}

function refused(number) {
	return new Promise((resolve) => {
		open(url, `${tokens[0]}x`, ways[number % ways.length], {
			ended: (code) => { outcomes[code === 4001 ? "refused" : "lost"]++; resolve(); },
		});
	});
}

const kinds = [closed, closed, cut, refused];
await several(atOnce, Array.from({ length: count }, (_, i) => i), async (number) => {
	await kinds[number % kinds.length](number).catch((error) => {
		if (outcomes.lost++ < 5) console.log(`# ${error.message}`);
	});
});
for (const [name, value] of Object.entries(outcomes)) console.log(`${name} ${value}`);
process.exit(0);

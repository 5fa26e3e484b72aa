// SPDX-License-Identifier: Apache-2.0
// Clients that come back as soon as they are cut off, as front ends do: how long until all of them are there again.
//
// usage: node storm.mjs URL [--connections N]
//
// Prints "open N"; then, each time all have been cut off and are back, "back N within MS codes ...".
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { open, ways } from "./client.mjs";
import { tokenFor } from "./token.mjs";

const { values, positionals: [url] } = parseArgs({
	allowPositionals: true,
	options: { connections: { type: "string", default: "2000" } },
});
const connections = Number(values.connections);
const perUser = 5;
const run = process.pid.toString(36);
let ready = 0;
let cut = 0;
let isFirst = true;
let cutAt = 0;
let attempts = 0;
let codes = new Map();

function stay(number, token) {
	let isReady = false;
	attempts++;
	open(url, token, ways[number % ways.length], {
		ready: () => {
			isReady = true;
			if (++ready === connections) allThere();
		},
		ended: async (code) => {
			if (isReady) {
				if (cut++ === 0) cutAt = performance.now();
				ready--;
				codes.set(code, (codes.get(code) ?? 0) + 1);
			}
			await sleep(100 + Math.random() * 400);
			stay(number, token);
		},
	});
}

function allThere() {
	if (isFirst) {
		console.log(`open ${connections}`);
	} else {
		const counts = [...codes].map(([code, count]) => `${code}:${count}`).join(" ");
		console.log(`back ${cut} within ${Math.round(performance.now() - cutAt)} attempts ${attempts} codes ${counts}`);
	}
	isFirst = false;
	cut = 0;
	attempts = 0;
	codes = new Map();
}

for (let number = 0; number < connections; number++) {
	stay(number, tokenFor(`storm-${run}-${Math.floor(number / perUser)}`));
	if (number % 50 === 49) await sleep(10);
}

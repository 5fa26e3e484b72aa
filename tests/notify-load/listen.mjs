// SPDX-License-Identifier: Apache-2.0
// Clients that only listen, one for each of the users PREFIX-1 to PREFIX-COUNT; prints "open COUNT" when all are open,
// and on SIGTERM how many messages came.
//
// usage: node listen.mjs URL PREFIX COUNT
import WebSocket from "ws";
import { several } from "./client.mjs";
import { tokenFor } from "./token.mjs";

const [url, prefix, count] = [process.argv[2], process.argv[3], Number(process.argv[4])];
let messages = 0;
let ended = 0;
await several(50, Array.from({ length: count }, (_, i) => i + 1), (number) => new Promise((resolve, reject) => {
	const socket = new WebSocket(`${url}?token=${tokenFor(`${prefix}-${number}`)}`, { perMessageDeflate: false });
	socket.on("message", () => { messages++; resolve(); }); // the first is "ready"
	socket.on("error", reject);
	socket.on("close", () => { ended++; });
}));
console.log(`open ${count}`);
process.on("SIGTERM", () => {
	console.log(`messages ${messages}\nended ${ended}`);
	process.exit(0);
});

// SPDX-License-Identifier: Apache-2.0
// The WebSocket as it may be, too: messages that nobody understands, a connection that never holds, and one that
// begins long after the page or ends with the network. What is sent by the real server goes through unchanged.
import { add, comesTo, isLive, openTasks, showsTitles } from "./acts.mjs";
import { between, same, sleep } from "./judge.mjs";

const address = /\/ws\/notifications/;

const strange = (id) => [
	"", "no JSON", "null", "1", "\"ready\"", "[]", "{}", "{\"type\":null}", "{\"type\":1}", "{\"type\":[\"task.created\"]}", "{\"type\":\"\"}",
	"{\"type\":\"unheard of\"}", "{\"type\":\"__proto__\"}", "{\"type\":\"task.\"}", "{\"type\":\"task.created\"}", `{"type":"task.updated","id":${id}}`,
	`{"type":"task.updated","id":${id},"task":"text"}`, `{"type":"task.updated","id":${id},"task":{"id":-1,"title":"another's"}}`,
	"{\"type\":\"task.deleted\"}", "{\"__proto__\":{\"type\":\"resync\"}}", "{\"type\":\"task.created\",\"id\":1,\"id\":2,\"task\":[]}",
	Buffer.from([0, 1, 2, 255]),
];

export async function messages({ check }, site) {
	await check("messages that nobody understands are passed over", async (desk) => {
		const { person, window } = await desk.newcomer();
		const { id } = await site.addTask(person, "One");
		let say;
		await window.context.routeWebSocket(address, (socket) => {
			socket.connectToServer();
			say = (message) => socket.send(message);
		});
		const page = await openTasks(window);
		await showsTitles(page, ["One"]);
		for (const message of strange(id)) say(message);
		await sleep(300);
		await showsTitles(page, ["One"]);
		await add(page, "Two");
		await comesTo(() => site.titles(person), ["Two", "One"]);
		await site.addTask(person, "Three");
		await showsTitles(page, ["Three", "Two", "One"]);
	});

	await check("a token that is expired at once, each time, is not replaced without a pause", async (desk) => {
		const { person, window } = await desk.newcomer();
		await site.addTask(person, "One");
		let opened = 0;
		await window.context.routeWebSocket(address, (socket) => {
			opened++;
			socket.close({ code: 4001, reason: "Token expired" });
		});
		const page = await window.page("/");
		await showsTitles(page, ["One"]);
		await sleep(2_500);
		between(opened, 1, 5, "connections");
	});

	await check("what happened before the first connection is seen with it", async (desk) => {
		const { person, window } = await desk.newcomer();
		window.permit(/WebSocket connection to/);
		const page = await window.page();
		await site.without("notifyd", async () => {
			await page.goto("/");
			await page.getByText("No tasks yet.").waitFor();
			await site.addTask(person, "Made meanwhile");
		});
		await isLive(page, 15_000);
		await showsTitles(page, ["Made meanwhile"]);
	});

	await check("when the network is back so is the connection, a new one", async (desk) => {
		const { person, window } = await desk.newcomer();
		const page = await window.page();
		let opened = 0;
		page.on("websocket", () => opened++);
		await page.goto("/");
		await isLive(page);
		await window.context.setOffline(true);
		await window.context.setOffline(false);
		await comesTo(async () => opened, 2);
		await isLive(page);
		await site.addTask(person, "One");
		await showsTitles(page, ["One"]);
		same(opened, 2);
	});
}

// SPDX-License-Identifier: Apache-2.0
// The instance that quickstart made: its API as people reach it without a browser, its settings, mails and database,
// and its processes, which can go and come back.
import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, openSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { becomes } from "./judge.mjs";

const run = promisify(execFile);
const is_root = process.getuid() === 0;
const limit_ms = 20_000;

export class Site {
	#cluster; // how PostgreSQL was started

	/** server: lighttpd or apache; directory: of the instance, as quickstart has it; mails: where messages are put */
	constructor(server, directory, url, mails) {
		this.server = server;
		this.directory = directory;
		this.url = url;
		this.mails = mails;
		this.settings = settingsIn(readFileSync(this.#file, "utf8"));
	}

	get #file() {
		return path.join(this.directory, "env");
	}

	// --- people and their tasks ---

	/** An answer that is good, as JSON; who: a person, for their access token; anything else is of fetch(). */
	async request(method, place, { who, body, headers, ...more } = {}) {
		const response = await fetch(this.url + place, {
			method,
			headers: {
				Origin: this.url,
				...(body !== undefined && { "Content-Type": "application/json" }),
				...(who && { Authorization: `Bearer ${who.session}` }),
				...headers,
			},
			body: body === undefined ? undefined : JSON.stringify(body),
			...more,
		});
		const text = await response.text();
		if (!response.ok) throw new Error(`${method} ${place} answered ${response.status} ${text}`);
		return text && JSON.parse(text);
	}

	/** Somebody new: { id, name, email, password, session } */
	async person(name = "Pat", email = `person-${randomUUID()}@example.com`) {
		const person = { name, email, password: "correct horse battery" };
		const { token, user } = await this.request("POST", "/api/auth/sign-up/email", { body: person });
		return { ...person, id: user.id, session: token };
	}

	tasksOf(who) {
		return `/api/${encodeURIComponent(who.id)}/tasks`;
	}

	addTask(who, title, more = {}) {
		return this.request("POST", this.tasksOf(who), { who, body: { title, ...more } });
	}

	/** Titles, the oldest first. */
	async addTasks(who, titles) {
		for (const title of titles) await this.addTask(who, title);
	}

	async titles(who) {
		return (await this.request("GET", `${this.tasksOf(who)}?limit=100`, { who })).map(({ title }) => title);
	}

	/** The link in the newest message to an address. */
	async mailedLink(address) {
		let link;
		const arrived = await becomes(() => {
			const files = readdirSync(this.mails).filter((name) => name.endsWith(".mail")).sort();
			const texts = files.map((name) => decoded(readFileSync(path.join(this.mails, name), "utf8")));
			link = texts.findLast((text) => text.includes(`To: ${address}`) || text.includes(`<${address}>`))?.match(/http:\S+/)?.[0];
			return link !== undefined;
		}, 5_000);
		if (!arrived) throw new Error(`there is no mail for ${address}`);
		return link;
	}

	// --- settings ---

	/** The deed with other settings of these workers, null for none; what was in force comes back afterwards. */
	async withSettings(changes, deed, pools = ["workers", "auth-workers"]) {
		const before = readFileSync(this.#file, "utf8");
		const names = Object.keys(changes);
		const kept = before.split("\n").filter((line) => !names.some((name) => line.startsWith(`${name}=`)));
		const added = Object.entries(changes).filter(([, value]) => value !== null).map(([name, value]) => `${name}='${value}'`);
		await this.#reload([...kept, ...added, ""].join("\n"), pools);
		try {
			return await deed();
		} finally {
			await this.#reload(before, pools);
		}
	}

	async #reload(text, pools) {
		writeFileSync(this.#file, text);
		const reloads = () => pools.map((pool) => readFileSync(path.join(this.directory, `log/${pool}.log`), "utf8").split("settings_reloaded").length);
		const before = reloads();
		const workers = await Promise.all(pools.map((pool) => this.#children(this.#pid(pool))));
		for (const pid of workers.flat()) process.kill(pid, "SIGHUP");
		const done = await becomes(() => reloads().every((count, pool) => count >= before[pool] + workers[pool].length), 10_000);
		if (!done) throw new Error("the workers do not read their settings again");
	}

	async #children(pid) {
		const { stdout } = await run("ps", ["--ppid", String(pid), "-o", "pid="]);
		return stdout.trim().split(/\s+/).map(Number);
	}

	// --- processes ---

	#pid(name) {
		return Number(readFileSync(path.join(this.directory, "pid", name), "utf8"));
	}

	/** The deed while a process is gone: web or notifyd. It comes back afterwards, or when the deed calls back(). */
	async without(name, deed) {
		const pid = this.#pid(name);
		const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
		process.kill(pid, "SIGTERM");
		if (!(await becomes(() => !isAlive(pid), limit_ms))) throw new Error(`${name} does not end`);
		let away = true;
		const back = async () => {
			if (!away) return;
			away = false;
			await this.#startAgain(name, command);
		};
		try {
			return await deed(back);
		} finally {
			await back();
		}
	}

	async #startAgain(name, command) {
		const log = openSync(path.join(this.directory, `log/${name}.again.log`), "a");
		const [program, ...rest] = name === "web" ? command : as("www-data", command);
		const env = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", GATEPOST_ENV: this.#file };
		const child = spawn(program, rest, { cwd: "/", env, stdio: ["ignore", log, log], detached: true });
		child.unref();
		closeSync(log);
		// A web server writes its number itself, once it is in the background.
		if (name !== "web") writeFileSync(path.join(this.directory, "pid", name), `${child.pid}\n`);
		if (!(await becomes(() => this.#answers(), limit_ms))) throw new Error(`${name} does not start again`);
	}

	async #answers() {
		return fetch(`${this.url}/readyz`).then(({ ok }) => ok, () => false);
	}

	/** The deed while the web server finds no workers behind it. */
	async withoutWorkers(deed) {
		const socket = path.join(this.directory, "sock/fcgi/gatepost.sock");
		renameSync(socket, `${socket}.away`);
		try {
			return await deed();
		} finally {
			renameSync(`${socket}.away`, socket);
			await becomes(() => this.#answers(), limit_ms);
		}
	}

	// --- the database ---

	/** What psql prints; as the superuser, who may change anybody's row. */
	async sql(text) {
		const port = readFileSync(path.join(this.directory, "postgres.port"), "utf8").trim();
		const [program, ...rest] = as("postgres", ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
			"-h", path.join(this.directory, "sock/pg"), "-p", port, "-U", "postgres", "-d", "gatepost", "-c", text]);
		return (await run(program, rest, { cwd: "/" })).stdout.trim();
	}

	async withoutDatabase(deed) {
		this.#cluster ??= readFileSync(path.join(this.directory, "postgres/postmaster.opts"), "utf8").trim();
		const pg_ctl = path.join(path.dirname(this.#cluster.split(" ")[0]), "pg_ctl");
		const [program, ...rest] = as("postgres", [pg_ctl, "stop", "-s", "-w", "-m", "fast", "-D", path.join(this.directory, "postgres")]);
		await run(program, rest, { cwd: "/" });
		try {
			return await deed();
		} finally {
			await this.#startDatabase();
		}
	}

	/** With the arguments it was started with, and in a session of its own, so that it outlives the test. */
	async #startDatabase() {
		const log = openSync(path.join(this.directory, "log/postgres.log"), "a");
		const [program, ...rest] = as("postgres", ["sh", "-c", `exec ${this.#cluster}`]);
		spawn(program, rest, { cwd: "/", stdio: ["ignore", log, log], detached: true }).unref();
		closeSync(log);
		if (!(await becomes(() => this.#answers(), limit_ms))) throw new Error("PostgreSQL does not start again");
	}
}

function as(user, command) {
	return is_root ? ["setpriv", "--reuid", user, "--regid", user, "--init-groups", "--", ...command] : command;
}

function isAlive(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

function settingsIn(text) {
	const lines = text.split("\n").filter((line) => /^[A-Z]/.test(line));
	return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1).replace(/^(['"])(.*)\1$/, "$2")]));
}

/** A message with its text in plain, which comes as base64 (RFC 2045 section 6.8). */
function decoded(message) {
	const end = message.indexOf("\n\n");
	return message.slice(0, end + 2) + Buffer.from(message.slice(end), "base64").toString();
}

// SPDX-License-Identifier: Apache-2.0
// The processes of the test: gatepost by quickstart and Better Auth by auth-server.mjs, each started when
// a case first asks for it, and stopped. Knows who shares whose database, and finds free ports.
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { open, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { Gatepost } from "./gatepost.mjs";

const app_origin = "http://localhost:3000"; // where the application would be; nothing listens there
const app = { BETTER_AUTH_URL: app_origin, DELETE_USER: "on", MAIL_FROM: "auth@example.com" };
const start_limit_ms = 30_000;

export class World {
	/** directory: empty, readable for everybody; quickstart: the program's path */
	constructor(directory, quickstart) {
		this.directory = directory;
		this.quickstart = quickstart;
		this.started = new Map();
		this.undo = []; // what ends the things that run, in the order of their start
	}

	// --- gatepost ---

	/** With Better Auth's tables in its own database. */
	gatepost() {
		return this.once("gatepost", () => this.startGatepost("main", {}));
	}

	/** The same database, another setting. */
	livenessGatepost() {
		return this.once("liveness", async () =>
			this.startGatepost("liveness", { ...sharedSettings(await this.gatepost()), JWT_LIVENESS: "user" }));
	}

	/** A database of its own, in which Better Auth has left nothing; the keys come by HTTP. */
	urlGatepost() {
		return this.once("jwks-url", async () =>
			this.startGatepost("jwks-url", { JWKS_URL: (await this.authServer()).jwksUrl }));
	}

	/** That database too; the keys are in jwksFile. */
	fileGatepost() {
		return this.once("jwks-file", async () => {
			const { DATABASE_URL, OWNER_DATABASE_URL } = (await this.urlGatepost()).settings;
			await this.saveJwks();
			return this.startGatepost("jwks-file", { DATABASE_URL, OWNER_DATABASE_URL, JWKS_FILE: this.jwksFile });
		});
	}

	get jwksFile() {
		return path.join(this.directory, "jwks.json");
	}

	async saveJwks() {
		const response = await fetch((await this.authServer()).jwksUrl);
		await writeFile(this.jwksFile, await response.text());
	}

	async startGatepost(name, settings) {
		const directory = path.join(this.directory, `gatepost-${name}`);
		const port = await freePort();
		this.undo.push(() => this.runQuickstart(name, ["--stop", "--dir", directory], {}));
		await this.runQuickstart(name, ["--detach", "--dir", directory, "--port", String(port)],
			{ BETTER_AUTH_URL: app_origin, ...settings });
		return new Gatepost(`http://127.0.0.1:${port}`, parseEnv(await readFile(path.join(directory, "env"), "utf8")));
	}

	async runQuickstart(name, options, settings) {
		const file = path.join(this.directory, `quickstart-${name}.log`);
		const log = await open(file, "a");
		const process = spawn(this.quickstart, options, { env: { ...plainEnvironment(), ...settings }, stdio: ["ignore", log.fd, log.fd] });
		const status = await new Promise((resolve, reject) => process.on("error", reject).on("exit", resolve));
		await log.close();
		if (status !== 0) throw new Error(`quickstart ${options.join(" ")} failed; see ${file}`);
	}

	// --- Better Auth ---

	/** options: variables of auth-server.mjs; on gatepost's database, with its secret */
	authServer(options = {}) {
		return this.once(`auth ${JSON.stringify(options)}`, async () => {
			const { BETTER_AUTH_SECRET, OWNER_DATABASE_URL } = (await this.gatepost()).settings;
			return this.startAuthServer({ ...app, AUTH_DATABASE_URL: OWNER_DATABASE_URL, BETTER_AUTH_SECRET, ...options });
		});
	}

	async startAuthServer(variables) {
		const server = spawn(process.execPath, [fileURLToPath(new URL("auth-server.mjs", import.meta.url))],
			{ env: { ...plainEnvironment(), ...variables }, stdio: ["pipe", "pipe", "pipe"] });
		const ended = new Promise((resolve) => server.on("exit", resolve));
		this.undo.push(() => (server.stdin.end(), ended));
		const log = path.join(this.directory, "auth-server.log");
		server.stderr.pipe(createWriteStream(log, { flags: "a" }));

		const mailbox = new Mailbox();
		const ready = new Promise((resolve, reject) => {
			createInterface({ input: server.stdout }).on("line", (line) => {
				const message = line.startsWith("{") ? JSON.parse(line) : {};
				if (message.mail) mailbox.put(message.mail);
				if (message.port) resolve(message);
			});
			server.on("exit", () => reject(new Error(`Better Auth did not start; see ${log}`)));
		});
		const { port, missing } = await within(start_limit_ms, ready, "Better Auth did not start in time");
		const url = `http://127.0.0.1:${port}`;
		return { url, origin: variables.BETTER_AUTH_URL, missing, jwksUrl: `${url}/api/auth/jwks`, mailTo: (address) => mailbox.take(address) };
	}

	// --- its tables ---

	/** Rows of a statement on Better Auth's tables. */
	async sql(text, values) {
		const pool = await this.once("pool", async () => {
			const pool = new pg.Pool({ connectionString: (await this.gatepost()).settings.OWNER_DATABASE_URL, max: 2 });
			this.undo.push(() => pool.end());
			return pool;
		});
		return (await pool.query(text, values)).rows;
	}

	/** Better Auth publishes them for 30 days more. It signs with any live key before it makes another. */
	retireKeys() {
		return this.sql(`update jwks set "expiresAt" = now() where "expiresAt" is null or "expiresAt" > now()`);
	}

	// --- the end ---

	async stop() {
		for (const undo of this.undo.splice(0).reverse()) await undo();
	}

	once(name, start) {
		if (!this.started.has(name)) this.started.set(name, start());
		return this.started.get(name);
	}
}

class Mailbox {
	#letters = new Map();
	#waiting = new Map();

	put(letter) {
		this.#letters.set(letter.to, letter);
		this.#waiting.get(letter.to)?.(letter);
	}

	take(address) {
		const letter = this.#letters.has(address) ? Promise.resolve(this.#letters.get(address))
			: new Promise((resolve) => this.#waiting.set(address, resolve));
		return within(5_000, letter, `no mail came for ${address}`).finally(() => this.#letters.delete(address));
	}
}

export const sharedSettings = ({ settings: { BETTER_AUTH_SECRET, DATABASE_URL, OWNER_DATABASE_URL, SIGN_IN_DATABASE_URL } }) =>
	({ BETTER_AUTH_SECRET, DATABASE_URL, OWNER_DATABASE_URL, SIGN_IN_DATABASE_URL });

// The caller's own settings of gatepost, PostgreSQL and Node are not to be tested.
function plainEnvironment() {
	const names = ["PATH", "HOME", "TMPDIR", "GATEPOST_BUILD"];
	return Object.fromEntries(names.filter((name) => process.env[name]).map((name) => [name, process.env[name]]));
}

function parseEnv(text) {
	return Object.fromEntries([...text.matchAll(/^([A-Z_]+)=(['"]?)(.*)\2$/gm)].map(([, name, , value]) => [name, value]));
}

// Below the ports that quickstart looks for itself, and that outgoing connections borrow.
async function freePort() {
	for (;;) {
		const port = 15000 + Math.floor(Math.random() * 5000);
		const probe = createServer();
		const free = await new Promise((resolve) =>
			probe.on("error", () => resolve(false)).listen(port, "127.0.0.1", () => resolve(true)));
		if (free) return new Promise((resolve) => probe.close(() => resolve(port)));
	}
}

async function within(milliseconds, promise, complaint) {
	let timer;
	const limit = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(complaint)), milliseconds); });
	try {
		return await Promise.race([promise, limit]);
	} finally {
		clearTimeout(timer);
	}
}

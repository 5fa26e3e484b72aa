// SPDX-License-Identifier: Apache-2.0
// The instance under test: its web server, the daemon behind it, its database, and other daemons beside it.
// Knows as whom each of them runs, and starts and stops them.
import { execFile, spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { Connection } from "./connection.mjs";
import { becomes, sleep } from "./judge.mjs";
import { Raw } from "./raw.mjs";
import { secret } from "./secrets.mjs";
import { claimsOf, signed } from "./tokens.mjs";

const run = promisify(execFile);
const start_limit_ms = 20_000;
const path_of_notifications = "/ws/notifications";
const is_root = process.getuid() === 0;

export class Site {
	#daemons = []; // of ours, the oldest first
	#count = 0;

	/** url: of the web server; directory: of the instance, as quickstart has it; server: lighttpd or apache */
	constructor(url, directory, server) {
		this.url = url;
		this.directory = directory;
		this.server = server;
		this.settings = parsedSettings(readFileSync(path.join(directory, "env"), "utf8"));
		this.key = secret(this.settings.BETTER_AUTH_SECRET);
		this.program = path.join(directory, "program/libexec/gatepost/gatepost-notifyd");
		for (const name of Object.keys(this.settings).filter((name) => name.endsWith("DATABASE_URL"))) {
			const { password } = new URL(this.settings[name]);
			if (password) secret(password);
		}
	}

	// --- connections ---

	/** Where net.connect() reaches the web server, or a daemon. */
	get web() {
		const { hostname, port } = new URL(this.url);
		return { host: hostname, port: Number(port) };
	}

	get direct() {
		return placeOf(this.settings.NOTIFY_LISTEN);
	}

	/** token: in the query; query: all of it, as it is; at: a daemon's address; options: of Connection */
	connect({ token, query = token === undefined ? "" : `?token=${encodeURIComponent(token)}`, at, ...options } = {}) {
		if (token) secret(token);
		if (query) secret(query);
		const base = at === undefined ? this.url.replace("http:", "ws:") : webSocketBase(at);
		return new Connection(`${base}${path_of_notifications}${query}`, options);
	}

	/** A good connection of a user. */
	async opened(user, options = {}) {
		const tab = this.connect({ token: this.tokenOf(user), ...options });
		const outcome = await tab.outcome();
		if (outcome !== `ready ${user}`) throw new Error(`the connection of ${user} is: ${outcome}`);
		return tab;
	}

	tokenOf(user, more) {
		return signed(this.key, claimsOf(user, more));
	}

	raw(where = this.web) {
		return new Raw(where);
	}

	/** A request to the workers, as the user. */
	async request(user, method, path, body, credential = this.tokenOf(user)) {
		const response = await fetch(this.url + path, {
			method,
			headers: { Authorization: `Bearer ${credential}`, ...(body && { "Content-Type": "application/json" }) },
			body: body && JSON.stringify(body),
		});
		const text = await response.text();
		if (!response.ok) throw new Error(`${method} ${path} answered ${response.status} ${text}`);
		return text && JSON.parse(text);
	}

	/** The daemon's own pages, which no web server passes on: { status, body } */
	async page(name, at = this.settings.NOTIFY_LISTEN) {
		const raw = this.raw(placeOf(at)).send(`GET ${name} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
		const answer = await raw.answer(3_000);
		raw.drop();
		return answer;
	}

	// --- the database ---

	/** What psql prints; as the superuser, who may change anybody's row. */
	async sql(text) {
		const socket = decodeURIComponent(new URL(this.settings.DATABASE_URL).hostname);
		const port = readFileSync(path.join(this.directory, "postgres.port"), "utf8").trim();
		const [program, ...rest] = as("postgres", ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
			"-h", socket, "-p", port, "-U", "postgres", "-d", "gatepost", "-f", "-"]);
		const running = run(program, rest, { cwd: "/" });
		running.child.stdin.on("error", () => {}); // without a database psql does not read it
		running.child.stdin.end(text);
		return (await running).stdout.trim();
	}

	async stopDatabase(mode = "fast") {
		this.postmaster ??= readFileSync(path.join(this.directory, "postgres/postmaster.opts"), "utf8").trim();
		const pg_ctl = path.join(path.dirname(this.postmaster.split(" ")[0]), "pg_ctl");
		const [program, ...rest] = as("postgres", [pg_ctl, "stop", "-s", "-w", "-m", mode, "-D", path.join(this.directory, "postgres")]);
		await run(program, rest, { cwd: "/" });
	}

	/** With the arguments it was started with, and in a session of its own, so that it outlives the test. */
	async startDatabase() {
		const log = openSync(path.join(this.directory, "log/postgres.log"), "a");
		const [program, ...rest] = as("postgres", ["sh", "-c", `exec ${this.postmaster}`]);
		spawn(program, rest, { cwd: "/", stdio: ["ignore", log, log], detached: true }).unref();
		closeSync(log);
		if (!(await becomes(() => this.sql("select 1").then(() => true, () => false), start_limit_ms))) {
			throw new Error("PostgreSQL does not start again");
		}
	}

	// --- daemons ---

	/**
	 * A daemon of ours beside the one behind the web server. settings: go before the instance's; file: a
	 * settings file of its own in place of the instance's; wait: until it is ready.
	 */
	async startDaemon(settings = {}, { file = path.join(this.directory, "env"), wait = true } = {}) {
		const address = settings.NOTIFY_LISTEN ?? `127.0.0.1:${await freePort()}`;
		const log = path.join(this.directory, `log/notify-${++this.#count}.log`);
		const out = openSync(log, "a");
		const variables = { PATH: process.env.PATH, GATEPOST_ENV: file, ...settings, NOTIFY_LISTEN: address };
		const [program, ...rest] = as("www-data", [this.program]);
		const child = spawn(program, rest, { cwd: "/", env: variables, stdio: ["ignore", out, out] });
		closeSync(out);
		const daemon = new Daemon(this, child, address, log);
		this.#daemons.push(daemon);
		const page = `${settings.MOUNT_PATH ?? ""}${wait ? "/readyz" : "/healthz"}`;
		const answers = async () => daemon.status !== undefined || (await this.page(page, address)).status === 200;
		if (!(await becomes(answers, start_limit_ms)) || daemon.status !== undefined) throw new Error(`the daemon does not start: ${daemon.said()}`);
		return daemon;
	}

	/** A program as a user, with nothing in its environment. */
	spawn(user, command) {
		const [program, ...rest] = as(user, command);
		return spawn(program, rest, { cwd: "/", env: { PATH: process.env.PATH }, stdio: "ignore" });
	}

	/** The daemon's program, which is to end by itself: { code, said }, with both outputs. */
	async runProgram(options, settings = {}) {
		const [program, ...rest] = as("www-data", [this.program, ...options]);
		const env = { PATH: process.env.PATH, GATEPOST_ENV: path.join(this.directory, "env"), ...settings };
		try {
			const { stdout, stderr } = await run(program, rest, { cwd: "/", env, timeout: 10_000 });
			return { code: 0, said: stdout + stderr };
		} catch ({ code, killed, stdout, stderr }) {
			return { code: killed ? 0 : code, said: killed ? "it went on running" : stdout + stderr };
		}
	}

	/** In the place of the one behind the web server, which ends. */
	async replaceDaemon(settings = {}, options = {}) {
		await this.endDaemonBehindWebServer();
		const daemon = await this.startDaemon({ ...settings, NOTIFY_LISTEN: this.settings.NOTIFY_LISTEN }, options);
		await this.movesChanges(daemon);
		return daemon;
	}

	/** Until somebody moves changes: this one, or another that was there before. Before that nothing is told. */
	async movesChanges(daemon) {
		const relays = async () => /^gatepost_notify_relays 1$/m.test((await this.page("/metrics", daemon.address)).body ?? "");
		if (this.#daemons.filter(({ status }) => status === undefined).length === 1) await becomes(relays, 3_000);
	}

	async endDaemonBehindWebServer() {
		for (const daemon of this.#daemons) if (daemon.address === this.settings.NOTIFY_LISTEN) await daemon.stop();
		for (const pid of this.#strangers()) process.kill(pid, "SIGTERM");
		if (!(await becomes(() => this.#strangers().length === 0, 10_000))) throw new Error("quickstart's daemon does not end");
	}

	/** Processes of this instance's program that somebody else started. */
	#strangers() {
		const ours = this.#daemons.map(({ pid }) => pid);
		return this.daemonPids().filter((pid) => !ours.includes(pid));
	}

	daemonPids() {
		return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
			try {
				return readlinkSync(`/proc/${pid}/exe`) === this.program;
			} catch {
				return false; // it has ended, or is none of ours
			}
		});
	}

	/** A settings file for daemons of ours: the instance's with other values, null for none. */
	writeSettings(name, changes) {
		const file = path.join(this.directory, name);
		const all = Object.entries({ ...this.settings, ...changes }).filter(([, value]) => value !== null);
		writeFileSync(file, all.map(([name, value]) => `${name}='${value}'\n`).join(""));
		return file;
	}

	async stop() {
		for (const daemon of this.#daemons) await daemon.stop();
	}
}

class Daemon {
	status = undefined; // "exit 0" or "SIGKILL", once it has ended

	constructor(site, child, address, log) {
		this.site = site;
		this.child = child;
		this.pid = child.pid;
		this.address = address;
		this.log = log;
		child.on("exit", (code, signal) => { this.status = signal ?? `exit ${code}`; });
	}

	kill(signal) {
		this.child.kill(signal);
	}

	/** How it ended; "still there" when it did not. */
	async ends(limit_ms = 10_000) {
		await becomes(() => this.status !== undefined, limit_ms);
		return this.status ?? "still there";
	}

	async stop() {
		if (this.status === undefined) this.kill("SIGTERM");
		if ((await this.ends()) === "still there") this.kill("SIGKILL");
		await this.ends();
	}

	said() {
		return readFileSync(this.log, "utf8").split("\n").slice(-6).join("\n");
	}

	/** Reads its settings again; resolves once the log has said what came of it. */
	async reload() {
		const before = readFileSync(this.log, "utf8").length;
		this.kill("SIGHUP");
		await becomes(() => readFileSync(this.log, "utf8").length > before, 3_000);
		await sleep(300);
		return readFileSync(this.log, "utf8").slice(before);
	}

	get isSanitized() {
		return /\/lib[a-z]*san\.so/.test(readFileSync(`/proc/${this.pid}/maps`, "utf8"));
	}

	get memory_kib() {
		return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${this.pid}/status`, "utf8"))[1]);
	}
}

/** 127.0.0.1:9002, [::1]:9002 or the path of a socket, for net.connect() */
export function placeOf(listen) {
	if (listen.startsWith("/")) return { path: listen };
	const colon = listen.lastIndexOf(":");
	return { host: listen.slice(0, colon).replace(/^\[(.*)\]$/, "$1"), port: Number(listen.slice(colon + 1)) };
}

const webSocketBase = (listen) => (listen.startsWith("/") ? `ws+unix:${listen}:` : `ws://${listen}`);

function as(user, command) {
	return is_root ? ["setpriv", "--reuid", user, "--regid", user, "--init-groups", "--", ...command] : command;
}

function parsedSettings(text) {
	const lines = text.split("\n").filter((line) => /^[A-Z]/.test(line));
	return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1).replace(/^(['"])(.*)\1$/, "$2")]));
}

/** Below 32768: outgoing connections borrow the ports above. */
export async function freePort() {
	for (;;) {
		const port = 20_000 + Math.floor(Math.random() * 12_000);
		const free = await new Promise((resolve) => {
			const server = createServer().on("error", () => resolve(false));
			server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
		});
		if (free) return port;
	}
}

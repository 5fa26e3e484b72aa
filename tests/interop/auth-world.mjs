// SPDX-License-Identifier: Apache-2.0
// Two servers over one database, with one secret: Better Auth and gatepost, or Better Auth twice. Each is
// there under several settings, started when a case first asks for it; or gatepost is one that runs
// already, in the settings it happens to have.
import { mkdir, readdir, readFile, writeFile, chmod } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Gatepost } from "./gatepost.mjs";
import { variants as recordedVariants } from "./recording.mjs";
import { Skipped } from "./report.mjs";
import { sharedSettings, World } from "./world.mjs";

const { main } = recordedVariants;
const TRUSTED_PROXIES = "127.0.0.1/32";
const rotatedSecret = "7:Xq4vTn9ZkWc2LmRs8YbHd6GfJp3uAe5o";

/** What differs between the servers. */
const variants = {
	...recordedVariants,
	rotated: ({ BETTER_AUTH_SECRET: old }) => ({ ...main, BETTER_AUTH_SECRETS: `${rotatedSecret},1:${old}`, BETTER_AUTH_SECRET: old }),
	verifying: { ...main, REQUIRE_EMAIL_VERIFICATION: "on" },
	patterns: {
		...main,
		BETTER_AUTH_TRUSTED_ORIGINS: ["https://app.example.com", "https://*.wild.example", "*.bare.example", "http://localhost:*",
			"https://q?.example", "myapp://", "exp://host/path"].join(","),
	},
	closed: { ...main, SIGN_UP: "off" },
};

export class AuthWorld extends World {
	/**
	 * given: a gatepost that runs, by variant: { url, origin }; with settings, what is known of it
	 * (BETTER_AUTH_SECRET, OWNER_DATABASE_URL), and letters, the directory where its mail goes
	 */
	constructor(directory, quickstart, { given = undefined, settings = {}, letters = undefined } = {}) {
		super(directory, quickstart);
		this.given = given;
		this.givenSettings = settings;
		this.letters = letters ?? (given ? undefined : path.join(directory, "letters"));
	}

	/** In the main variant; in any case the one that has the database. */
	gatepost() {
		return this.once("gatepost", async () => (this.given
			? new Gatepost(this.given.main.url, this.givenSettings)
			: this.startGatepost("main", { ...main, ...await this.ownSettings() })));
	}

	/** kind: "gatepost" or "Better Auth", "Better Auth again" for a second one */
	server(kind, variant = "main") {
		return this.once(`${kind} ${variant}`, async () => {
			const { settings } = await this.gatepost();
			const own = typeof variants[variant] === "function" ? variants[variant](settings) : variants[variant];
			return kind === "gatepost" ? this.gatepostVariant(variant, own) : this.betterAuthVariant(settings, own);
		});
	}

	betterAuthVariant({ OWNER_DATABASE_URL, BETTER_AUTH_SECRET }, own) {
		return this.startAuthServer({ TRUSTED_PROXIES, AUTH_DATABASE_URL: OWNER_DATABASE_URL, BETTER_AUTH_SECRET, ...own });
	}

	async gatepostVariant(variant, own) {
		const mailTo = (address) => this.letterTo(address);
		if (this.given && !this.given[variant]) throw new Skipped(`no gatepost in the variant ${variant}`);
		if (this.given) return { ...this.given[variant], mailTo };
		const { url } = variant === "main" ? await this.gatepost()
			: await this.startGatepost(variant, { ...sharedSettings(await this.gatepost()), ...await this.ownSettings(), ...own });
		return { url, origin: own.BETTER_AUTH_URL, mailTo };
	}

	// --- gatepost's mail ---

	/** Those of gatepost alone: letters go into files. */
	ownSettings() {
		return this.once("own settings", async () => {
			await mkdir(this.letters, { recursive: true });
			await chmod(this.letters, 0o1777);
			const program = path.join(this.directory, "sendmail");
			await writeFile(program, ["#!/bin/sh", `file=$(mktemp ${this.letters}/new.XXXXXXXX) &&`,
				'cat >"$file" && chmod 644 "$file" && mv "$file" "$file.eml"', ""].join("\n"));
			await chmod(program, 0o755);
			const MAIL_DIRECTORY = path.join(this.directory, "gatepost-main/program/share/gatepost/mail");
			return { SENDMAIL: program, MAIL_DIRECTORY, TRUSTED_PROXIES, CORS_ORIGINS: "https://elsewhere.example" };
		});
	}

	async letterTo(address) {
		if (!this.letters) throw new Skipped("it was not given where letters go");
		const deadline = Date.now() + 5_000;
		for (;;) {
			for (const name of await readdir(this.letters)) {
				if (!name.endsWith(".eml")) continue;
				const file = path.join(this.letters, name);
				const letter = parseLetter(await readFile(file, "utf8"));
				if (letter.to !== address || this.taken?.has(file)) continue;
				(this.taken ??= new Set()).add(file);
				return letter;
			}
			if (Date.now() > deadline) throw new Error(`no mail came for ${address}`);
			await sleep(100);
		}
	}
}

/** The address it is for, and the link in it with its token. */
function parseLetter(text) {
	const end = text.search(/\r?\n\r?\n/);
	const header = text.slice(0, end).replace(/\r?\n[ \t]+/g, " ");
	const field = (name) => header.match(new RegExp(`^${name}: *(.*?)\\r?$`, "im"))?.[1] ?? "";
	const encoding = field("Content-Transfer-Encoding").toLowerCase();
	const raw = text.slice(end).trim();
	const body = encoding === "base64" ? Buffer.from(raw, "base64").toString()
		: encoding === "quoted-printable" ? unquote(raw) : raw;
	const url = body.match(/https?:\/\/[^\s<>"]+/)?.[0] ?? "";
	const token = url.match(/\/reset-password\/([^?]+)/)?.[1] ?? new URL(url || "x:").searchParams.get("token");
	return { to: field("To").replace(/^.*<|>.*$/g, ""), url, token };
}

const unquote = (text) => Buffer.from(text.replace(/=\r?\n/g, "")
	.replace(/=([0-9A-F]{2})/gi, (_, digits) => String.fromCharCode(parseInt(digits, 16))), "latin1").toString();

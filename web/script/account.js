// SPDX-License-Identifier: Apache-2.0
//
// The account: its address, password and sessions, and its end.

import { askAuthAsUser, leaveFor, requireUser, signOut } from "./client.js";
import { explain, onSubmit, showError, showStatus } from "./form.js";

const find = (selector) => document.querySelector(selector);

// --- who it is ---

async function start() {
	const { session, user } = await requireUser();
	find("#name").textContent = user.name;
	find("#email").textContent = user.email;
	// For password managers.
	for (const field of document.querySelectorAll(".username")) field.value = user.email;
	find("#confirmed").textContent = user.emailVerified ? "(confirmed)" : "(not confirmed yet)";
	find("#confirm").hidden = user.emailVerified;
	await listSessions(session);
}

onSubmit(find("#confirm"), { VERIFICATION_EMAIL_NOT_ENABLED: "This site sends no mail." }, async () => {
	const { user } = await requireUser();
	await askAuthAsUser("POST", "/send-verification-email", { email: user.email, callbackURL: "/verify-email/" });
	showStatus(`A link is on its way to ${user.email}.`);
});

find("#sign-out").addEventListener("click", () => signOut().catch(fail));

// --- password ---

onSubmit(
	find("#change-password"),
	{ INVALID_PASSWORD: "The current password is not right." },
	async ({ current, password, everywhere }) => {
		await askAuthAsUser("POST", "/change-password", {
			currentPassword: current,
			newPassword: password,
			revokeOtherSessions: everywhere !== undefined,
		});
		find("#change-password").reset();
		showStatus("Your password has been changed.");
		await start(); // signing out everywhere else gives this browser a new session, too
	},
);

// --- sessions ---

async function listSessions(own) {
	let sessions = [];
	try {
		sessions = await askAuthAsUser("GET", "/list-sessions");
		find("#stale").hidden = true;
	} catch (failure) {
		if (failure.code !== "SESSION_NOT_FRESH") throw failure;
		find("#stale").hidden = false;
	}
	sessions.sort((a, b) => (a.token === own.token ? -1 : b.token === own.token ? 1 : b.createdAt.localeCompare(a.createdAt)));
	find("#sessions").replaceChildren(...sessions.map((session) => sessionItem(session, session.token === own.token)));
	find("#elsewhere").hidden = sessions.length < 2;
}

function sessionItem({ token, userAgent, ipAddress, createdAt }, isOwn) {
	const item = find("#session").content.firstElementChild.cloneNode(true);
	const button = item.querySelector("button");
	const name = browserOf(userAgent ?? "");
	item.querySelector(".browser").textContent = name;
	item.querySelector(".address").textContent = ipAddress || "unknown address";
	item.querySelector("time").textContent = new Date(createdAt).toLocaleString();
	item.querySelector("time").dateTime = createdAt;
	item.querySelector(".own").hidden = !isOwn;
	button.hidden = isOwn;
	button.setAttribute("aria-label", `Sign out ${name}`);
	button.addEventListener("click", () => end(button, "/revoke-session", { token }));
	return item;
}

async function end(button, path, body) {
	button.disabled = true;
	try {
		await askAuthAsUser("POST", path, body);
		await start();
		find("#sessions-heading").focus();
		showStatus("Signed out there.");
	} catch (failure) {
		fail(failure);
	} finally {
		button.disabled = false;
	}
}

find("#elsewhere").addEventListener("click", (event) => end(event.currentTarget, "/revoke-other-sessions", {}));

// What people recognise of a User-Agent, and all of one that names nothing known.
function browserOf(userAgent) {
	const browser = ["Edg", "OPR", "Firefox", "Chrome", "Safari"].find((each) => userAgent.includes(`${each}/`));
	const system = ["Android", "iPhone", "iPad", "Windows", "Mac OS X", "CrOS", "Linux"].find((each) => userAgent.includes(each));
	const names = { Edg: "Edge", OPR: "Opera", CrOS: "ChromeOS", "Mac OS X": "macOS" };
	if (!browser) return userAgent.slice(0, 80) || "unknown browser";
	return system ? `${names[browser] ?? browser} on ${names[system] ?? system}` : (names[browser] ?? browser);
}

// --- the end ---

onSubmit(
	find("#delete-account"),
	{ INVALID_PASSWORD: "The password is not right.", 404: "Accounts cannot be deleted here." },
	async ({ password }) => {
		await askAuthAsUser("POST", "/delete-user", { password });
		return leaveFor("/login/?deleted", { everywhere: true });
	},
);

function fail(failure) {
	showError(explain(failure));
}

// At once with all that is in it, so that nothing moves.
start()
	.catch(fail)
	.finally(() => (find("main").hidden = false));

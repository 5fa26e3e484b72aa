// SPDX-License-Identifier: Apache-2.0
//
// Signing in, and on to the page that somebody came from.

import { askAuth, whoIsHere } from "./client.js";
import { onSubmit, showStatus } from "./form.js";

const query = new URLSearchParams(location.search);

const news = {
	ended: "Your session has ended. Sign in again.",
	deleted: "Your account has been deleted.",
	reset: "Your password has been changed. Sign in with the new one.",
};

// Only a page of this site: a link that somebody sent must not lead elsewhere after signing in.
function nextPage() {
	const next = query.get("next") ?? "/";
	if (!URL.canParse(next, location.origin)) return "/";
	const { href, pathname } = new URL(next, location.origin);
	return href.startsWith(`${location.origin}/`) && !pathname.startsWith("/login") ? href : "/";
}

const name = Object.keys(news).find((each) => query.has(each));
if (name) showStatus(news[name]);

onSubmit(
	document.querySelector("form"),
	{
		401: "Invalid credentials",
		INVALID_EMAIL: "Invalid credentials",
		EMAIL_NOT_VERIFIED: "Confirm your e-mail address first: we have sent you a link.",
		other: "Login failed",
	},
	async ({ email, password }) => {
		await askAuth("POST", "/sign-in/email", { email, password, callbackURL: "/verify-email/" });
		location.replace(nextPage());
	},
);

// Who is signed in already goes on at once; when nobody can be asked, signing in will say so.
whoIsHere().then(
	(here) => {
		if (here) location.replace(nextPage());
	},
	() => {},
);

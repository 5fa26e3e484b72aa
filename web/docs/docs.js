// SPDX-License-Identifier: Apache-2.0
//
// The API's document in Swagger UI, to read and to try out. Whoever is signed in need not paste a token: the
// viewer gets theirs, which is in memory only and replaced before it expires.

import { accessToken, whoIsHere } from "../script/client.js";

const scheme = "bearer"; // as the document names it

let given = null; // the token that the viewer got from us
const asked = whoIsHere().catch(() => null); // reading needs nobody to be signed in

if (window.SwaggerUIBundle) showDocument();
else document.querySelector("#missing").hidden = false;
followColours();
sayWhoIsHere();

function showDocument() {
	const viewer = window.SwaggerUIBundle({
		url: "/openapi.json",
		domNode: document.querySelector("#viewer"),
		deepLinking: true,
		displayRequestDuration: true,
		showCommonExtensions: true, // lengths and limits of values
		validatorUrl: null, // which would send the document elsewhere
		requestInterceptor: renewToken,
		responseInterceptor: fillInUser,
		onComplete: () => authorize(viewer),
	});
}

async function authorize(viewer) {
	if (!(await asked)) return;
	given = await accessToken();
	viewer.preauthorizeApiKey(scheme, given);
}

// Somebody may read for longer than a token lives. One that was pasted goes out as it is, and where none is to be had
// the API says what it thinks of the old one.
async function renewToken(request) {
	if (given && request.headers?.Authorization === `Bearer ${given}`)
		request.headers.Authorization = `Bearer ${await accessToken().catch(() => given)}`;
	return request;
}

// Paths that name the user are ready to be tried out.
async function fillInUser(response) {
	const here = await asked;
	if (!here || !new URL(response.url).pathname.endsWith("/openapi.json")) return response;
	const api = JSON.parse(response.text);
	for (const operation of Object.values(api.paths).flatMap(Object.values))
		for (const parameter of operation.parameters ?? [])
			if (parameter.in === "path" && parameter.name === "user_id") parameter.example = here.user.id;
	return { ...response, text: JSON.stringify(api) };
}

async function sayWhoIsHere() {
	const here = await asked;
	document.querySelector("[role=status]").textContent = here
		? `You are signed in as ${here.user.name} (${here.user.email}), and so are the requests that you try out.`
		: "You are not signed in. Paste a token behind Authorize, or";
	document.querySelector("header p a").hidden = Boolean(here);
}

// Swagger UI has colours for the dark, but leaves it to the page to ask for them.
function followColours() {
	const dark = matchMedia("(prefers-color-scheme: dark)");
	const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
	dark.addEventListener("change", follow);
	follow();
}

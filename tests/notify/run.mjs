// SPDX-License-Identifier: Apache-2.0
// usage: node run.mjs SERVER INSTANCE-DIRECTORY URL COMMAND-TO-RUN-AGAIN [GROUP...]
import { credentials } from "./credentials.mjs";
import { ends, messagesOfClients } from "./ends.mjs";
import { events } from "./events.mjs";
import { handshakes } from "./handshakes.mjs";
import { logs } from "./logs.mjs";
import { limits, pages, signals, starting } from "./operation.mjs";
import { outages, pair } from "./outages.mjs";
import { runAll } from "./report.mjs";
import { seeds } from "./seeds.mjs";
import { Site } from "./site.mjs";

const groups = { seeds, credentials, handshakes, events, messages: messagesOfClients, ends, limits, signals, starting, pages, pair, outages, logs };

const [server, directory, url, command, ...wanted] = process.argv.slice(2);

/** Titles begin with the web server's name. */
const named = Object.fromEntries(Object.entries(groups).map(([name, group]) => [name, (site, report) =>
	group(site, { check: (title, claim) => report.check(`${server}, ${name}: ${title}`, claim) })]));

await runAll(named, new Site(url, directory, server), command, wanted);

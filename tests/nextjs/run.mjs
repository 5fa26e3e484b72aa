// SPDX-License-Identifier: Apache-2.0
// usage: node run.mjs URL GATEPOST-URL INSTANCE-DIRECTORY EXAMPLE-DIRECTORY COMMAND-TO-RUN-AGAIN [GROUP...]
import { cleanliness } from "./cleanliness.mjs";
import { forms } from "./forms.mjs";
import { runAll } from "./report.mjs";
import { Site } from "./site.mjs";
import { tasks } from "./tasks.mjs";
import { tokens } from "./tokens.mjs";

const [url, gatepost, instance, example, command, ...wanted] = process.argv.slice(2);

// The last one looks at what all others have left behind.
await runAll({ forms, tasks, tokens, cleanliness }, new Site(url, gatepost, instance, example), command, wanted);

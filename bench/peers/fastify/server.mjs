// SPDX-License-Identifier: Apache-2.0
// The task API as a Node program, to measure gatepost against: two processes that share a port, answers made by
// functions that Fastify generates from a schema, named statements that PostgreSQL prepares once per connection.
import cluster from "node:cluster";
import { createVerifier, TOKEN_ERROR_CODES } from "fast-jwt";
import fastify from "fastify";
import pg from "pg";

const processes = 2;
const connections = 8; // of each process: what half of 16 clients can keep busy

const columns = "uuid, user_id, title, description, completed, created_at, updated_at";
const statements = {
	list: `select ${columns} from peer_task where user_id = $1 order by created_at desc, id desc limit 1000`,
	get: `select ${columns} from peer_task where uuid = $1`,
	create: `insert into peer_task (user_id, title, description) values ($1, $2, $3) returning ${columns}`,
};

const uuidPattern = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";
const taskSchema = {
	type: "object",
	properties: {
		id: { type: "string" },
		user_id: { type: "string" },
		text: { type: "string" },
		description: { type: "string", nullable: true },
		completed: { type: "boolean" },
		created_at: { type: "string" },
		updated_at: { type: "string" },
	},
};
const bodySchema = {
	type: "object",
	required: ["text"],
	properties: {
		text: { type: "string", minLength: 1, maxLength: 500 },
		description: { type: "string", nullable: true, maxLength: 10000 },
	},
};
const idSchema = { type: "object", properties: { id: { type: "string", pattern: uuidPattern } } };

// "2026-11-21 06:32:16.328379+00" becomes "2026-11-21T06:32:16.328379Z"; a Date would lose the microseconds, and time.
const timestampWithZone = 1184;
pg.types.setTypeParser(timestampWithZone, text => `${text.slice(0, 10)}T${text.slice(11, -3)}Z`);

function formOf(row) {
	return {
		id: row.uuid,
		user_id: row.user_id,
		text: row.title,
		description: row.description,
		completed: row.completed,
		created_at: row.created_at,
		updated_at: row.updated_at,
	};
}

function openPool() {
	return new pg.Pool({
		connectionString: process.env.DATABASE_URL,
		options: "-c timezone=UTC",
		min: connections,
		max: connections,
		idleTimeoutMillis: 0,
	});
}

// Without the cache of tokens that were verified before: all that are measured verify the token of every request.
const verify = createVerifier({ key: process.env.BETTER_AUTH_SECRET, algorithms: ["HS256"], requiredClaims: ["sub"] });

function refuse(reply, detail) {
	return reply.code(401).header("WWW-Authenticate", "Bearer").send({ detail });
}

function authenticate(request, reply, done) {
	const field = request.headers.authorization;
	if (!field?.startsWith("Bearer ")) {
		refuse(reply, "Authentication required");
		return;
	}
	try {
		request.userId = verify(field.slice(7)).sub;
	} catch (error) {
		refuse(reply, error.code === TOKEN_ERROR_CODES.expired ? "Token has expired" : `Invalid token: ${error.message}`);
		return;
	}
	if (typeof request.userId !== "string" || request.userId === "") {
		refuse(reply, "Invalid token: missing user ID");
		return;
	}
	done();
}

function addRoutes(app, pool) {
	const run = async (name, values) => (await pool.query({ name, text: statements[name], values })).rows;

	app.get("/tasks", { schema: { response: { 200: { type: "array", items: taskSchema } } } }, async request => {
		const rows = await run("list", [request.userId]);
		return rows.map(formOf);
	});

	app.get("/tasks/:id", { schema: { params: idSchema, response: { 200: taskSchema } } }, async (request, reply) => {
		const [row] = await run("get", [request.params.id]);
		if (row === undefined) {
			return reply.code(404).send({ detail: "Task not found" });
		}
		if (row.user_id !== request.userId) {
			return reply.code(403).send({ detail: "Access denied" });
		}
		return formOf(row);
	});

	app.post("/tasks", { schema: { body: bodySchema, response: { 201: taskSchema } } }, async (request, reply) => {
		const { text, description = null } = request.body;
		const [row] = await run("create", [request.userId, text, description]);
		reply.code(201);
		return formOf(row);
	});
}

async function serve() {
	const pool = openPool();
	const app = fastify({ logger: false });
	app.decorateRequest("userId", "");
	app.addHook("onRequest", authenticate);
	addRoutes(app, pool);
	app.addHook("onClose", () => pool.end());
	process.once("SIGTERM", () => app.close().then(() => process.exit(0)));
	await app.listen({ host: "127.0.0.1", port: Number(process.env.PORT) });
}

function supervise() {
	let ending = false;
	for (let number = 0; number < processes; number++) {
		cluster.fork();
	}
	process.once("SIGTERM", () => {
		ending = true;
		Object.values(cluster.workers).forEach(worker => worker.process.kill("SIGTERM"));
	});
	cluster.on("exit", () => {
		if (!ending) {
			process.exit(1);
		}
	});
}

if (cluster.isPrimary) {
	supervise();
} else {
	await serve();
}

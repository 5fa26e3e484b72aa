<?php
// SPDX-License-Identifier: Apache-2.0
// The task API as a PHP program, to measure gatepost against: no framework, one persistent connection to PostgreSQL
// for each process, on which every statement is prepared once and then only executed.
declare(strict_types=1);

const COLUMNS = 'uuid, user_id, title, description, completed, created_at, updated_at';
const STATEMENTS = [
	'task_list' => '(text) as select ' . COLUMNS . ' from peer_task where user_id = $1 order by created_at desc, id desc limit 1000',
	'task_get' => '(uuid) as select ' . COLUMNS . ' from peer_task where uuid = $1',
	'task_create' => '(text, text, text) as insert into peer_task (user_id, title, description) values ($1, $2, $3) returning ' . COLUMNS,
];
const UNKNOWN_STATEMENT = '26000';
const UUID_PATTERN = '/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/Di';

function answer(int $status, mixed $body): never
{
	http_response_code($status);
	header('Content-Type: application/json');
	$text = json_encode($body, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
	header('Content-Length: ' . strlen($text));
	echo $text;
	exit;
}

function refuse(string $detail): never
{
	header('WWW-Authenticate: Bearer');
	answer(401, ['detail' => $detail]);
}

function base64url_decode(string $text): string|false
{
	return base64_decode(strtr($text, '-_', '+/'), true);
}

/** The claims of a token that the secret has signed, or none. */
function signed_claims(string $token): ?array
{
	$parts = explode('.', $token);
	if (count($parts) !== 3) {
		return null;
	}
	[$head, $claims, $signature] = $parts;
	if ((json_decode(base64url_decode($head) ?: '', true)['alg'] ?? null) !== 'HS256') {
		return null;
	}
	$expected = hash_hmac('sha256', "$head.$claims", $_SERVER['BETTER_AUTH_SECRET'], true);
	if (!hash_equals($expected, base64url_decode($signature) ?: '')) {
		return null;
	}
	$claims = json_decode(base64url_decode($claims) ?: '', true);
	return is_array($claims) ? $claims : null;
}

function authenticate(): string
{
	$field = $_SERVER['HTTP_AUTHORIZATION'] ?? '';
	if (!str_starts_with($field, 'Bearer ')) {
		refuse('Authentication required');
	}
	$claims = signed_claims(substr($field, 7));
	if ($claims === null) {
		refuse('Invalid token');
	}
	if (!is_numeric($claims['exp'] ?? null) || $claims['exp'] <= time()) {
		refuse('Token has expired');
	}
	if (!is_string($claims['sub'] ?? null) || $claims['sub'] === '') {
		refuse('Invalid token: missing user ID');
	}
	return $claims['sub'];
}

function connect(): PDO
{
	$url = parse_url($_SERVER['DATABASE_URL']);
	$place = 'host=' . rawurldecode($url['host']) . ';port=' . ($url['port'] ?? 5432) . ';dbname=' . substr($url['path'], 1);
	return new PDO("pgsql:$place;options='-c timezone=UTC'", $url['user'], rawurldecode($url['pass'] ?? ''), [
		PDO::ATTR_PERSISTENT => true,
		PDO::ATTR_EMULATE_PREPARES => true,
		PDO::ATTR_DEFAULT_FETCH_MODE => PDO::FETCH_ASSOC,
	]);
}

/**
 * The rows of a statement. PDO would prepare and forget it in every request, three trips to the server, and
 * pg_pconnect() would reset the session first, two trips; so PostgreSQL is told in SQL to execute what the connection
 * has prepared in an earlier request.
 */
function run(string $name, array $values): array
{
	$connection = connect();
	$execute = $connection->prepare("execute $name(" . implode(', ', array_fill(0, count($values), '?')) . ')');
	try {
		$execute->execute($values);
	} catch (PDOException $error) {
		if ($error->getCode() !== UNKNOWN_STATEMENT) {
			throw $error;
		}
		$connection->exec("prepare $name" . STATEMENTS[$name]);
		$execute->execute($values);
	}
	return $execute->fetchAll();
}

/** "2026-11-21 06:32:16.328379+00" as "2026-11-21T06:32:16.328379Z". */
function moment(string $text): string
{
	return substr($text, 0, 10) . 'T' . substr($text, 11, -3) . 'Z';
}

function form(array $row): array
{
	return [
		'id' => $row['uuid'],
		'user_id' => $row['user_id'],
		'text' => $row['title'],
		'description' => $row['description'],
		'completed' => $row['completed'],
		'created_at' => moment($row['created_at']),
		'updated_at' => moment($row['updated_at']),
	];
}

function get_task(string $user_id, string $id): never
{
	if (!preg_match(UUID_PATTERN, $id)) {
		answer(422, ['detail' => 'task_id is not a UUID']);
	}
	$row = run('task_get', [$id])[0] ?? null;
	if ($row === null) {
		answer(404, ['detail' => 'Task not found']);
	}
	if ($row['user_id'] !== $user_id) {
		answer(403, ['detail' => 'Access denied']);
	}
	answer(200, form($row));
}

function create_task(string $user_id): never
{
	$body = json_decode(file_get_contents('php://input'), true);
	$text = $body['text'] ?? null;
	$description = $body['description'] ?? null;
	if (!is_string($text) || $text === '' || strlen($text) > 500) {
		answer(422, ['detail' => 'text is missing, empty or too long']);
	}
	if ($description !== null && (!is_string($description) || strlen($description) > 10000)) {
		answer(422, ['detail' => 'description is no text, or too long']);
	}
	answer(201, form(run('task_create', [$user_id, $text, $description])[0]));
}

$user_id = authenticate();
$path = explode('/', explode('?', $_SERVER['REQUEST_URI'], 2)[0]);
$id = $path[2] ?? '';
if ($path[1] !== 'tasks' || count($path) > 3) {
	answer(404, ['detail' => 'Not Found']);
}
match ([$_SERVER['REQUEST_METHOD'], $id === '']) {
	['GET', true] => answer(200, array_map(form(...), run('task_list', [$user_id]))),
	['GET', false] => get_task($user_id, $id),
	['POST', true] => create_task($user_id),
	default => answer(405, ['detail' => 'Method Not Allowed']),
};

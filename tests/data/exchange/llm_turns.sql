CREATE TABLE threads(id TEXT PRIMARY KEY, name TEXT, tip_message_hash TEXT, forked_from TEXT, datetime_utc TEXT);
CREATE TABLE turns(id TEXT PRIMARY KEY, thread_id TEXT, parent_message_hash TEXT, tip_message_hash TEXT, model TEXT, resolved_model TEXT,
 options_json TEXT, schema_id TEXT, input_tokens INTEGER, output_tokens INTEGER, token_details TEXT, duration_ms INTEGER, datetime_utc TEXT,
 response_json TEXT);
CREATE TABLE turn_search(id INTEGER PRIMARY KEY, turn_id TEXT, prompt TEXT, response TEXT);
INSERT INTO threads VALUES('t1', 'A thread', NULL, NULL, '2026-01-02T03:04:05');
INSERT INTO turns(id, thread_id, model, options_json, duration_ms, datetime_utc) VALUES('u1', 't1', 'qwen3', '{"max_tokens": 99}', 10, '2026-01-02T03:04:05');
INSERT INTO turn_search(turn_id, prompt, response) VALUES('u1', 'ask', 'answer');

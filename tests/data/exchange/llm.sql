CREATE TABLE conversations(id TEXT PRIMARY KEY, name TEXT, model TEXT);
CREATE TABLE responses(id TEXT PRIMARY KEY, model TEXT, prompt TEXT, system TEXT, prompt_json TEXT, options_json TEXT, response TEXT,
 response_json TEXT, conversation_id TEXT, duration_ms INTEGER, datetime_utc TEXT, input_tokens INTEGER, output_tokens INTEGER,
 token_details TEXT, schema_id TEXT, resolved_model TEXT, reasoning TEXT);
INSERT INTO conversations VALUES('01h1', 'Haiku, please', 'gpt-4o-mini');
INSERT INTO responses(id, model, prompt, system, options_json, response, conversation_id, duration_ms, datetime_utc, input_tokens, output_tokens, resolved_model)
 VALUES('01r1', 'gpt-4o-mini', 'A haiku on rain', 'Be brief.', '{"temperature": 0.5, "seed": 7, "top_k": null, "user": "x"}', 'Rain on the tin roof', '01h1',
 1234, '2024-05-06T07:08:09.123456', 12, 9, 'gpt-4o-mini-2024');
INSERT INTO responses(id, model, prompt, response, conversation_id, duration_ms, datetime_utc)
 VALUES('01r2', 'gpt-4o-mini', '再来一首,中文', '雨打芭蕉', '01h1', 900, '2024-05-06T07:09:09+00:00');
INSERT INTO responses(id, model, prompt, response, conversation_id, duration_ms, datetime_utc, options_json)
 VALUES('01r3', 'llama', 'alone', 'no conversation', NULL, NULL, '2024-05-07T00:00:00', 'not json');

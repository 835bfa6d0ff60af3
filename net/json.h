/* JSON, read strictly and within bounds, and written. Knows no dialect.
 *
 * Strings come out as the server meant them, which may be more than UTF-8 can say: half a surrogate pair comes out as
 * its three-byte form (ED A0 80 … ED BF BF) and \u0000 as C0 80. flow_add() of flow.h turns both into UTF-8. */
#ifndef RENGA_NET_JSON_H
#define RENGA_NET_JSON_H

#include "core/str.h"

#define JSON_DEPTH_MAX  128
#define JSON_VALUES_MAX 2000000

struct json; /* one value; lives as long as the document it is part of */

/* NULL when `text` is anything but one whole JSON value with white space around it, or goes past a bound. Control characters in texts are
 * let pass. Keeps a copy of `text`; the root is freed by the caller. */
struct json *json_parse(struct span text);
void json_free(struct json *root);

/* All of these take NULL and values of another kind, and then find nothing. Keys match by case. */
const struct json *json_get(const struct json *object, const char *key);
const struct json *json_first(const struct json *list); /* of an array or object */
const struct json *json_next(const struct json *value);
struct span json_key(const struct json *member);
bool json_is_object(const struct json *value);
bool json_is_array(const struct json *value);
bool json_is_true(const struct json *value);
bool json_text(const struct json *value, struct span *out);
bool json_number(const struct json *value, double *out);
/* A number, or a string of digits, that is whole and fits. */
bool json_integer(const struct json *value, int64_t *out);
bool json_get_text(const struct json *object, const char *key, struct span *out);
bool json_get_number(const struct json *object, const char *key, double *out);
bool json_get_integer(const struct json *object, const char *key, int64_t *out);

/* Writes `text` in quotes; ill-formed UTF-8 becomes U+FFFD. */
void json_write_text(struct str *out, struct span text);
/* Writes a number as short as `decimals` allows: 0.7, 256. */
void json_write_number(struct str *out, double value, int decimals);

#endif

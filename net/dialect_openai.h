/* What OpenAI's two older shapes share, with what other servers make of them. */
#ifndef RENGA_NET_DIALECT_OPENAI_H
#define RENGA_NET_DIALECT_OPENAI_H

#include "net/dialect.h"
#include "net/reply.h"

void openai_write_tail(struct str *body, const struct wire *w); /* stream and its options */
void openai_read(struct reply *r, const struct json *root, struct span name);
bool openai_models(const struct json *root, struct str *out);
/* The log-probabilities of a choice, in either shape: servers mix them up. */
void openai_read_odds(struct reply *r, int64_t index, const struct json *choice);
/* The same as a list of {"token":…,"logprob":…,"top_logprobs":[…]}, or in llama.cpp's older form {"content":…,"probs":[…]}. */
void openai_read_odds_list(struct reply *r, int64_t index, const struct json *list);
/* How many alternatives of each token to ask for: at most `most`, 0: none. */
int openai_alternatives(const struct wire *w, int most);

#endif

/* What servers have told of single models in this session, and when one is asked. Knows not how a question is put. */
#ifndef RENGA_APP_KNOWN_H
#define RENGA_APP_KNOWN_H

#include "app/app.h"

void known_release(struct servers *s);
void known_forget(struct servers *s); /* their addresses may be others now */
/* A server has answered; or tells nothing, and is not asked of that model again by itself. */
void known_take(struct app *app, int index, const struct answer *a);
void known_none(struct app *app, int index, struct span model);
/* What is known of a model, from the answers about it and from the list. */
struct model_told known_of(const struct app *app, int index, struct span model);
/* Its server could tell more of the model in use, and has not been asked. */
bool known_is_open(const struct app *app, int index);
/* It has not been asked, may tell more, and what is sent depends on it. */
bool known_is_needed(const struct app *app, int index);
/* compose_toward() of a model, "" : the one in use, that may be another than the one in use. */
void known_toward(const struct app *app, struct request *req, int index, struct span model);

#endif

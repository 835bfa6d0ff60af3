#include "net/source_http.h"
#include "core/instruct.h"
#include "net/address.h"
#include "net/dialect.h"
#include "net/prefill.h"

struct span source_model(const struct http_source *s, const struct request *req)
{
    return req->model.len ? str_span(&req->model) : span_of(s->server.model);
}

static const struct manners *manners_of(const struct http_source *s, const struct request *req)
{
    return lessons_of(&s->lessons, source_model(s, req));
}

int source_takes_each(const struct http_source *s, const struct request *req)
{
    bool takes_n = dial_table[DIAL_TAKES].wire[s->server.dialect] && !s->singly && !manners_of(s, req)->refused[DIAL_TAKES];
    return takes_n ? dials_takes(&req->dials) : 1;
}

bool source_begins_answer(const struct http_source *s, const struct request *req, struct request *begun)
{
    if (!s->prefill || manners_of(s, req)->no_prefill)
        return false;
    request_copy(begun, req);
    return prefill_turn(begun);
}

/* What is asked of a model behind a plain text may be put into the form it was trained on; a page that is gone on with stays as it is. */
static const struct instruct *form_of(const struct request *req)
{
    return req->asked < req->prompt.len ? req->form : NULL;
}

void source_body(const struct http_source *s, const struct request *req, int first, int takes, struct str *out)
{
    struct request begun = {0};
    bool is_begun = source_begins_answer(s, req, &begun);
    const struct instruct *form = form_of(req);
    struct str formed = {0};
    if (form)
        instruct_write(form, req, &formed);
    const struct wire wire = {.request = is_begun ? &begun : req,
                              .model = source_model(s, req),
                              .prompt = str_span(form ? &formed : &req->prompt),
                              .takes = takes,
                              .index = first,
                              .manners = manners_of(s, req),
                              .prefill = is_begun ? s->prefill : NULL};
    dialect_of(s->server.dialect)->write(&wire, out);
    str_release(&formed);
    request_release(&begun);
}

void source_address(const struct http_source *s, const struct request *req, struct str *out)
{
    const struct dialect *d = dialect_of(s->server.dialect);
    address_add(out, s->server.url, d->version, d->endpoint(req), source_model(s, req));
}

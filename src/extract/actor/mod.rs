//! People and organisations: joins name spans to actors under one canonical name, with their kind.

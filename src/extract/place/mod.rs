//! Places: looks name spans up in the gazetteer and chooses among the candidates with the evidence of the article.

//! Where articles come from: walks folders, sniffs and decodes files, and reads them into articles.

"""Platform APIs in, `Mention`s out: one module a platform, each batch with the checkpoint that resumes after it."""

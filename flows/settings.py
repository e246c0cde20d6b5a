"""Settings that come from the environment."""

#: The variable with the password of encrypted PDFs.
PASSWORD = "FENJIE_PASSWORD"

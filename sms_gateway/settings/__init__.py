"""Settings: one TOML file plus SMS_GATEWAY_... variables."""

"""How sure the bot must be to answer: fitted on questions, measured on others."""

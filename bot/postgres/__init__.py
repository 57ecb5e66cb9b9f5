"""What several machines share, on PostgreSQL: nothing imports this unless DATABASE_URL is set."""

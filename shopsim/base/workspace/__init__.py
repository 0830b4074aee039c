"""The workspace's database: small lists that several processes read and change at once."""

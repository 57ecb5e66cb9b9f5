"""What the people of a server taught: kept, written into a layer of their own, found again."""

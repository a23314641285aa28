"""What every part shares. Knows no city, page or URL."""

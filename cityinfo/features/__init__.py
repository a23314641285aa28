"""What the product does. No Flask, no HTTP, no SDK."""

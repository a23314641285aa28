"""What the HTTP faces share."""

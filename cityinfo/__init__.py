"""One service for the information of many cities."""

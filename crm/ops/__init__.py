"""What keeps the house running beside the web: orders to the flow engine, the mail outbox, the worker."""

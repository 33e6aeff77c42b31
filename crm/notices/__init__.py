"""Following records, and the notices that tell people of what was done: a bell on every page, and mails."""

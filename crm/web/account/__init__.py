"""The pages of one's own account and of users: sign-in, links, language, profile, users, roles, and the API's sign-in."""

"""What features extend on screen: layouts and macros, generic record pages, panels, acts, toasts, navigation."""

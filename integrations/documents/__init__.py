"""Documents as files: adapters of `crm.boards.ports.PackRenderer`."""

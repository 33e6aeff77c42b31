#!/bin/sh
# Run once by the database's image, on an empty volume: Prefect keeps its own records apart from the CRM's.
set -eu
createdb --username "$POSTGRES_USER" prefect

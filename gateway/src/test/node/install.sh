#!/bin/sh
# Installs the SDKs that package-lock.json names. Needs no network when they are there already.
set -eu
cd "$(dirname "$0")"
if ! command -v npm >/dev/null || ! node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'; then
    echo "The tests with the openai SDK for Node need Node.js 20 or newer, with npm; -DskipITs leaves them out." >&2
    exit 1
fi
cmp -s package-lock.json node_modules/installed-lock.json && exit
npm ci --prefer-offline --loglevel=error
cp package-lock.json node_modules/installed-lock.json

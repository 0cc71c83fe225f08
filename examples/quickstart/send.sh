#!/usr/bin/env bash
# Signs a request with openssl and sends it with curl: send.sh requests/allow-readme.json [path, default /action]
set -euo pipefail
body="$1"
path="${2:-/action}"
signature=$(openssl dgst -sha256 -hmac "quickstart-demo-agent-secret" -hex <"$body" | sed 's/^.* //')
curl --silent --show-error --data-binary "@$body" \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer quickstart-demo-key" \
  -H "X-Nomos-Agent-Id: quickstart-agent" \
  -H "X-Nomos-Agent-Signature: $signature" \
  "http://${NOMOS_ADDRESS:-127.0.0.1:8080}$path"
echo

#!/usr/bin/env bash
# Signs a request with openssl and sends it with curl: send.sh requests/allow-readme.json [path, default /action]
# For another gateway than the quickstart's: NOMOS_ADDRESS, NOMOS_API_KEY, NOMOS_AGENT, NOMOS_AGENT_SECRET.
set -euo pipefail
body="$1"
path="${2:-/action}"
secret="${NOMOS_AGENT_SECRET:-quickstart-demo-agent-secret}"
signature=$(openssl dgst -sha256 -hmac "$secret" -hex <"$body" | sed 's/^.* //')
curl --silent --show-error --data-binary "@$body" \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer ${NOMOS_API_KEY:-quickstart-demo-key}" \
  -H "X-Nomos-Agent-Id: ${NOMOS_AGENT:-quickstart-agent}" \
  -H "X-Nomos-Agent-Signature: $signature" \
  "http://${NOMOS_ADDRESS:-127.0.0.1:8080}$path"
echo

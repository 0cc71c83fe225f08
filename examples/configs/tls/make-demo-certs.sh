#!/usr/bin/env bash
# Makes the demo certificates beside this script anew: an authority, a server certificate for localhost, and a client
# certificate. They protect nothing: their private keys are published with the examples.
set -euo pipefail
cd "$(dirname "$0")"
new_key() { # <file>
  { echo "Demo key, published with the examples: it protects nothing."; openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256; } >"$1"
  chmod 600 "$1"
}
new_key demo-ca-key.pem
openssl req -x509 -new -key demo-ca-key.pem -days 3650 -subj "/CN=Nomos demo authority, do not trust" -out demo-ca.pem
sign() { # <name> <common name> <extensions>
  new_key "$1-key.pem"
  openssl req -new -key "$1-key.pem" -subj "/CN=$2" |
    openssl x509 -req -CA demo-ca.pem -CAkey demo-ca-key.pem -CAcreateserial -days 3650 -out "$1-cert.pem" \
      -extfile <(printf '%s\n' "$3")
}
sign demo "localhost" "subjectAltName=DNS:localhost,IP:127.0.0.1"
sign demo-client "nomos demo client" "extendedKeyUsage=clientAuth"
rm -f demo-ca-key.pem demo-ca.srl

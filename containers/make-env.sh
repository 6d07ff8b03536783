#!/bin/sh
# Writes .env from .env.example beside docker-compose.yml, each <secret> made up (192 bits), readable by its owner only.
# A .env that is there stays as it is.
set -eu

folder=${1:-$(dirname "$0")/..}
if [ -e "$folder/.env" ]; then
  echo "$folder/.env is there already and stays as it is." >&2
  exit 1
fi

umask 077
while IFS= read -r line; do
  case $line in
    *'=<secret>') printf '%s=%s\n' "${line%%=*}" "$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')" ;;
    *) printf '%s\n' "$line" ;;
  esac
done <"$(dirname "$0")/../.env.example" >"$folder/.env.new"
mv "$folder/.env.new" "$folder/.env"
echo "$folder/.env is written. Set PUBLIC_URL and what VNPay gave you before the first start." >&2

#!/bin/sh
# Makes the namespace TEMPORAL_NAMESPACE at TEMPORAL_ADDRESS, unless it is there, and waits until it can be used.
# Closed workflows are kept for TEMPORAL_RETENTION; nothing of the product reads them later.
set -eu

# Asks again and again, for a minute at most. $1: what is said when it is in vain; then what is asked.
until_answered() {
  trouble=$1
  shift
  attempt=1
  until reason=$("$@" 2>&1); do
    if [ "$attempt" -ge 60 ]; then
      echo "$trouble: $reason" >&2
      exit 1
    fi
    attempt=$((attempt + 1))
    sleep 1
  done
}

until_answered "Temporal does not answer at $TEMPORAL_ADDRESS" temporal operator cluster health

temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "${TEMPORAL_RETENTION:-72h}"

# The server reads its list of namespaces anew every few seconds.
until_answered "The namespace $TEMPORAL_NAMESPACE cannot be used" temporal workflow count --namespace "$TEMPORAL_NAMESPACE"
echo "The namespace $TEMPORAL_NAMESPACE is there."

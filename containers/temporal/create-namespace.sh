#!/bin/sh
# Makes the namespace TEMPORAL_NAMESPACE at TEMPORAL_ADDRESS, unless it is there, and waits until it can be used.
# Closed workflows are kept for TEMPORAL_RETENTION; nothing of the product reads them later.
set -eu

attempt=1
until reason=$(temporal operator cluster health 2>&1); do
  if [ "$attempt" -ge 60 ]; then
    echo "Temporal does not answer at $TEMPORAL_ADDRESS: $reason" >&2
    exit 1
  fi
  attempt=$((attempt + 1))
  sleep 1
done

temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "${TEMPORAL_RETENTION:-72h}"

# The server reads its list of namespaces anew every few seconds.
attempt=1
until reason=$(temporal workflow count --namespace "$TEMPORAL_NAMESPACE" 2>&1); do
  if [ "$attempt" -ge 60 ]; then
    echo "The namespace $TEMPORAL_NAMESPACE cannot be used: $reason" >&2
    exit 1
  fi
  attempt=$((attempt + 1))
  sleep 1
done
echo "The namespace $TEMPORAL_NAMESPACE is there."

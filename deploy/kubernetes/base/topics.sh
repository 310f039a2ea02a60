# The topics of an installation, as docs/kafka.md states them.
set -euo pipefail
brokers=${BUS_URL#*://}
for service in grid-registry mediation volunteers inspections; do
  /opt/kafka/bin/kafka-topics.sh \
    --bootstrap-server "${brokers%/}" \
    --command-config /etc/fengqiao/bus/client.properties \
    --create --if-not-exists \
    --topic "${INSTALLATION//\//.}.$service.v1" \
    --partitions "$BUS_PARTITIONS" \
    --replication-factor "$BUS_REPLICAS" \
    --config cleanup.policy=delete \
    --config "retention.ms=$((BUS_RETENTION_DAYS * 86400000))"
done

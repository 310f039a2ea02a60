# The topics of an installation, and who may do what with them, as docs/kafka.md states it.
set -euo pipefail
services=(grid-registry mediation volunteers inspections)
house=${INSTALLATION//\//.}
brokers=${BUS_URL#*://}
to=(--bootstrap-server "${brokers%/}" --command-config /etc/fengqiao/bus/client.properties)

for service in "${services[@]}"; do
  /opt/kafka/bin/kafka-topics.sh "${to[@]}" \
    --create --if-not-exists \
    --topic "$house.$service.v1" \
    --partitions "$BUS_PARTITIONS" \
    --replication-factor "$BUS_REPLICAS" \
    --config cleanup.policy=delete \
    --config "retention.ms=$((BUS_RETENTION_DAYS * 86400000))"
done

[ "${GIVE_RIGHTS:-yes}" = yes ] || exit 0
# Each service, which signs in under its own name, writes its own topic and reads those of the others.
for service in "${services[@]}"; do
  others=()
  for other in "${services[@]}"; do
    [ "$other" = "$service" ] || others+=(--topic "$house.$other.v1")
  done
  add=("${to[@]}" --add --force --allow-principal "User:$service")
  /opt/kafka/bin/kafka-acls.sh "${add[@]}" \
    --operation Write --operation Describe --operation DescribeConfigs \
    --topic "$house.$service.v1"
  /opt/kafka/bin/kafka-acls.sh "${add[@]}" \
    --operation Read --operation Describe --operation DescribeConfigs "${others[@]}"
  /opt/kafka/bin/kafka-acls.sh "${add[@]}" --operation Read --group "$house.$service"
done

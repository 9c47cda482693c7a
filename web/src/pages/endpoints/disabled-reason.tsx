/** Why an endpoint was disabled by us. */
import { Text } from '@mantine/core';
import type { Endpoint } from './endpoint-draft.ts';

export function DisabledReason({ endpoint }: { endpoint: Endpoint }) {
  if (endpoint.enabled || endpoint.disabledReason === null) return null;
  return (
    <Text size="xs" c="dimmed" lang="en">
      {endpoint.disabledReason}
    </Text>
  );
}

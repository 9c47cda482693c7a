/** A day and time in the viewer's zone. */
import { TextInput } from '@mantine/core';

export function TimeField(props: {
  label: string;
  description?: string;
  value: string;
  onChange(value: string): void;
  error: string | undefined;
}) {
  return (
    <TextInput
      type="datetime-local"
      label={props.label}
      {...(props.description === undefined ? {} : { description: props.description })}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      error={props.error}
    />
  );
}

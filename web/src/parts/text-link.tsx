/** A link of this app within text. */
import { Anchor, type AnchorProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

function TextAnchor(
  props: Omit<AnchorProps, 'component'> & AnchorHTMLAttributes<HTMLAnchorElement> & { ref?: Ref<HTMLAnchorElement> },
) {
  return <Anchor {...props} />;
}

export const TextLink = createLink(TextAnchor);

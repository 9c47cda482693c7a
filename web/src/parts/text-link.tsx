/** A link of this app within text. */
import { Anchor, type AnchorProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

function TextAnchor(
  props: Omit<AnchorProps, 'component'> & AnchorHTMLAttributes<HTMLAnchorElement> & { ref?: Ref<HTMLAnchorElement> },
) {
  // As large as what it stands in.
  return <Anchor inherit={props.size === undefined} {...props} />;
}

export const TextLink = createLink(TextAnchor);

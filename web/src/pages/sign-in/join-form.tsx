/** Name, e-mail address and password of a new account. */
import { Button, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Refusal } from '../../parts/refusal.tsx';
import { isLongEnough, NewPassword } from './new-password.tsx';

export interface NewPerson {
  name: string;
  email: string;
  password: string;
}

/** `email`: the address that cannot be changed; without it the form asks for one. `join` makes the account and signs in. */
export function JoinForm(props: {
  email?: string;
  submit: string;
  words: Readonly<Record<string, string>>;
  join(person: NewPerson): Promise<unknown>;
}) {
  const t = useTranslations('signIn');
  const router = useRouter();
  const queries = useQueryClient();
  const [person, setPerson] = useState<NewPerson>({ name: '', email: props.email ?? '', password: '' });
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const form = useRef<HTMLFormElement>(null);
  const nameWrong = person.name.trim() === '';
  const emailWrong = !/^[^\s@]+@[^\s@]+$/.test(person.email.trim());

  async function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (nameWrong || emailWrong || !isLongEnough(person.password)) {
      // Of the first field that is wrong.
      const field = nameWrong ? 'name' : emailWrong ? 'email' : 'password';
      form.current?.querySelector<HTMLInputElement>(`[data-field="${field}"] input`)?.focus();
      return;
    }
    setBusy(true);
    setFailure(null);
    try {
      await props.join({ name: person.name.trim(), email: person.email.trim(), password: person.password });
      queries.clear();
      router.history.push('/');
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form ref={form} onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md">
        <Refusal error={failure} words={props.words} />
        <div data-field="name">
          <TextInput
            label={t('name')}
            description={t('nameHint')}
            autoComplete="name"
            required
            withAsterisk={false}
            autoFocus
            value={person.name}
            onChange={(event) => setPerson({ ...person, name: event.currentTarget.value })}
            error={tried && nameWrong ? t('errors.nameMissing') : undefined}
          />
        </div>
        <div data-field="email">
          <TextInput
            label={t('email')}
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            readOnly={props.email !== undefined}
            value={person.email}
            onChange={(event) => setPerson({ ...person, email: event.currentTarget.value })}
            error={tried && emailWrong ? t('errors.emailWrong') : undefined}
          />
        </div>
        <div data-field="password">
          <NewPassword
            value={person.password}
            onChange={(password) => setPerson({ ...person, password })}
            wrong={tried}
          />
        </div>
        <Button type="submit" loading={busy}>
          {props.submit}
        </Button>
      </Stack>
    </form>
  );
}

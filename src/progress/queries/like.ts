/** A LIKE pattern for texts that contain `text`, in which every character stands for itself. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

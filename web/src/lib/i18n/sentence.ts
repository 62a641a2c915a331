// Thai ends a sentence with a space, not with a full stop.
import { locale } from './locale.svelte';

export const sentence = (words: string): string => (locale.value === 'th' ? words : `${words}.`);

// The three kinds of automatic message in words, and what happened to one.
import type { AutoMessageEvent, AutoMessageKind } from '$lib/api/types';
import { m } from '$lib/paraglide/messages';
import type { Field } from './words';

export const KINDS: readonly AutoMessageKind[] = ['welcome', 'suggested_question', 'chat_prompt'];

export const kindWords: Record<AutoMessageKind, { title: () => string; text: () => string; empty: () => string; add: () => string; edit: () => string }> = {
	welcome: { title: m.auto_welcome, text: m.auto_welcome_text, empty: m.auto_welcome_empty, add: m.auto_welcome_add, edit: m.auto_welcome_edit },
	suggested_question: { title: m.auto_question, text: m.auto_question_text, empty: m.auto_question_empty, add: m.auto_question_add, edit: m.auto_question_edit },
	chat_prompt: { title: m.auto_prompt, text: m.auto_prompt_text, empty: m.auto_prompt_empty, add: m.auto_prompt_add, edit: m.auto_prompt_edit }
};

export const changeWords: Record<AutoMessageEvent['change'], () => string> = {
	created: m.auto_change_created,
	updated: m.auto_change_updated,
	deleted: m.auto_change_deleted,
	enabled: m.auto_change_enabled,
	disabled: m.auto_change_disabled,
	approved: m.auto_change_approved,
	rejected: m.auto_change_rejected,
	other: m.auto_change_other
};

export function fieldWord(kind: AutoMessageKind, field: Field['name']): string {
	if (field === 'question') return m.auto_field_question();
	if (field === 'answer') return m.auto_field_answer();
	if (field === 'title') return m.auto_field_title();
	return kind === 'welcome' ? m.auto_field_welcome() : m.auto_field_sends();
}

// A message's source, state and failure in words and icons: never colour alone.
import Bot from '@lucide/svelte/icons/bot';
import Braces from '@lucide/svelte/icons/braces';
import ArrowUp from '@lucide/svelte/icons/arrow-up';
import Check from '@lucide/svelte/icons/check';
import CheckCheck from '@lucide/svelte/icons/check-check';
import Clock from '@lucide/svelte/icons/clock';
import Plug from '@lucide/svelte/icons/plug';
import Smartphone from '@lucide/svelte/icons/smartphone';
import Workflow from '@lucide/svelte/icons/workflow';
import Zap from '@lucide/svelte/icons/zap';
import type { Component } from 'svelte';
import type { Author, Failure, Message } from '$lib/api/types';
import { causeOf, fixOf } from '$lib/i18n/causes';
import { clockTime } from '$lib/i18n/time';
import { m } from '$lib/paraglide/messages';

type Glyph = Component<Record<string, unknown>>;

/** Who or what wrote an outgoing message. */
export function sourceOf(author: Author): { icon: Glyph | null; text: string } {
	const name = author.name ?? '';
	switch (author.kind) {
		case 'api_key':
			return { icon: Braces, text: name ? m.src_api_key_name({ name }) : m.src_api_key() };
		case 'rule':
			return { icon: Workflow, text: name ? m.src_rule_name({ name }) : m.src_rule() };
		case 'bot':
			return { icon: Bot, text: name ? m.src_bot_name({ name }) : m.src_bot() };
		case 'auto_message':
			return { icon: Zap, text: name || m.src_auto_message() };
		case 'tiktok_app':
			return { icon: Smartphone, text: m.src_tiktok_app() };
		case 'other_api':
			return { icon: Plug, text: m.src_other_api() };
		default:
			return { icon: null, text: name || m.src_agent() };
	}
}

export function stateOf(message: Message, nowMs: number, lang: 'en' | 'th'): { icon: Glyph; text: string } | null {
	switch (message.status) {
		case 'queued': {
			const next = message.nextAttemptAt;
			const later = next && Date.parse(next) > nowMs;
			return { icon: Clock, text: later ? m.msg_next_try({ when: clockTime(next, lang) }) : m.msg_queued() };
		}
		case 'sending':
			return { icon: ArrowUp, text: m.msg_sending() };
		case 'sent':
			return { icon: Check, text: m.msg_sent() };
		case 'seen':
			return { icon: CheckCheck, text: m.msg_seen() };
		default:
			// Failed and unconfirmed say it below the bubble, with the cause.
			return null;
	}
}

/** Whether it was repeated. Nothing of one that never left. */
export function triedOf(message: Message): string {
	if (message.attempts === 0) return '';
	if (message.attempts > 1) return m.tried_often({ count: message.attempts });
	return message.status === 'queued' ? m.tried_one() : m.tried_once();
}

/** The words of TikTok itself, when they add something; ours only where nothing else tells what is wrong with the reply. */
export function detailOf(failure: Failure): string {
	if (!failure.detail || failure.detail === failure.title) return '';
	if (failure.code !== null) return m.fail_says({ text: failure.detail });
	return failure.cause === 'not-sendable' ? `(${failure.detail})` : '';
}

/** All of it in the order in which a person asks: why, in TikTok's words, who and how, tried again? */
export function storyOf(message: Message, failure: Failure): string {
	const story = [causeOf(failure.cause, `${failure.title}.`), detailOf(failure), fixOf(failure.cause, failure.action), triedOf(message)];
	return story.filter((part) => part !== '').join(' ');
}

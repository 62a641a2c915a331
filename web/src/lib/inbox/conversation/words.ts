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

const causes: Record<string, () => string> = {
	'window-closed': m.fail_window_closed,
	'quota-spent': m.fail_quota_spent,
	refused: m.fail_refused,
	'too-fast': m.fail_too_fast,
	'account-disconnected': m.fail_account_disconnected,
	'provider-error': m.fail_provider_error,
	'rate-limited': m.fail_rate_limited,
	'not-delivered': m.fail_not_delivered,
	timeout: m.fail_timeout,
	cancelled: m.fail_cancelled,
	held: m.fail_held
};

/** The plain cause of a failure; what TikTok said verbatim comes after it. */
export function causeOf(type: string, title: string): string {
	return causes[type]?.() ?? title;
}

/** The words of TikTok itself, when they add something. */
export function detailOf(failure: Failure): string {
	return failure.detail && failure.detail !== failure.title ? m.fail_says({ text: failure.detail }) : '';
}

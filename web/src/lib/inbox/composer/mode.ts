// What the composer may do, from the facts alone. The worst obstacle wins: an account that is gone
// matters more than a closed window.
import type { Account, Conversation, ReplyWindow, Role } from '$lib/api/types';
import { m } from '$lib/paraglide/messages';

export type ComposerMode =
	| 'open'
	| 'last'
	| 'spent'
	| 'closed'
	| 'none'
	| 'disconnected'
	| 'paused'
	| 'cannot-send'
	| 'viewer';

/** From here on every message is worth a thought. */
const LAST_MESSAGES = 3;

export function composerMode(
	conversation: Conversation,
	account: Account | undefined,
	role: Role,
	nowMs: number
): ComposerMode {
	if (role === 'viewer') return 'viewer';
	if (account && (account.state === 'disconnected' || account.state === 'reconnect')) return 'disconnected';
	if (account?.state === 'paused') return 'paused';
	if (account && !account.canSend) return 'cannot-send';
	const { state, closesAt } = conversation.window;
	const left = conversation.window.quotaLeft ?? Infinity;
	if (state === 'none') return 'none';
	// The clock may pass the end before the gateway says so.
	if (state === 'closed' || (state === 'open' && closesAt && Date.parse(closesAt) <= nowMs)) return 'closed';
	if (state === 'spent' || left <= 0) return 'spent';
	return left <= LAST_MESSAGES ? 'last' : 'open';
}

export function isLocked(mode: ComposerMode): boolean {
	return mode !== 'open' && mode !== 'last';
}

/** Locked by our reading of TikTok's rules alone: a person may write all the same, and TikTok decides. */
export function mayOverride(mode: ComposerMode): boolean {
	return mode === 'spent' || mode === 'closed';
}

/** Why no picture can be sent: TikTok does not take it here, or Respond.io, through which replies leave, can't fetch it from us. */
export function pictureObstacle(conversation: Conversation, account: Account | undefined, respondioFetches: boolean): 'tiktok' | 'respondio' | null {
	if (conversation.imageSend === false) return 'tiktok';
	return (conversation.sender ?? account?.provider) === 'respondio' && !respondioFetches ? 'respondio' : null;
}

/** "7 of 10 left", or that nothing limits it. */
export function quotaWords({ quotaLeft: left, quotaLimit: limit }: ReplyWindow): string {
	return left === null || limit === null ? m.quota_unlimited() : m.quota_of_short({ left, limit });
}

/** Messages one press of Send costs: the text is one, each picture is one. */
export function replyCost(text: string, pictures: number): number {
	return (text.trim() === '' ? 0 : 1) + pictures;
}

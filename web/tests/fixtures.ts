import type { Account, Comment, Conversation, Message, Referral } from '../src/lib/api/types';

export function message(part: Partial<Message> & { id: string; seq: number }): Message {
	return {
		type: 'dm',
		direction: 'incoming',
		accountId: 'acc_1',
		conversationId: 'conv_1',
		timestamp: '2026-11-20T10:00:00.000Z',
		user: { id: 'ctc_1', username: 'nong.mali.demo', nickname: null, avatar: null },
		message: { type: 'text', content: 'hello' },
		status: 'received',
		author: { kind: 'customer', id: null, name: null },
		failure: null,
		reactions: [],
		quotedMessageId: null,
		answeredCard: null,
		answersComment: null,
		providerMessageId: null,
		attempts: 0,
		nextAttemptAt: null,
		createdAt: '2026-11-20T10:00:00.000Z',
		...part
	};
}

export function comment(part: Partial<Comment> & { id: string; seq: number }): Comment {
	return {
		accountId: 'acc_1',
		providerCommentId: '7400000000000000401',
		contact: { id: 'ctc_1', username: 'nong.mali.demo', displayName: 'น้องมะลิ', avatarUrl: null, isFollower: true },
		text: 'ราคาเท่าไหร่คะ',
		timestamp: '2026-11-20T10:00:00.000Z',
		answerableUntil: '2026-11-22T10:00:00.000Z',
		state: 'open',
		answer: null,
		conversationId: null,
		createdAt: '2026-11-20T10:00:00.000Z',
		...part
	};
}

export function conversation(part: Partial<Conversation> = {}): Conversation {
	return {
		id: 'conv_1',
		seq: 1,
		accountId: 'acc_1',
		providerConversationId: 'abc+/=',
		contact: { id: 'ctc_1', username: 'nong.mali.demo', displayName: 'น้องมะลิ', avatarUrl: null, isFollower: null },
		status: 'open',
		assignee: null,
		mode: 'human',
		request: false,
		unread: 0,
		lastMessage: null,
		lastActivityAt: '2026-11-20T10:00:00.000Z',
		window: { state: 'open', closesAt: '2026-11-22T10:00:00.000Z', quotaLeft: 10, quotaLimit: 10 },
		sender: null,
		imageSend: null,
		readUpTo: null,
		...part
	};
}

export function account(part: Partial<Account> = {}): Account {
	return {
		id: 'acc_1',
		provider: 'official',
		openId: '-000',
		username: 'doimok.cotton',
		displayName: 'ดอยหมอกคอตตอน',
		avatarUrl: null,
		channelName: null,
		state: 'active',
		stateReason: null,
		ruleSet: 'strict',
		identityOnly: false,
		identity: null,
		sameAs: null,
		canSend: true,
		connectedAt: '2026-10-02T00:00:00.000Z',
		tokenExpiresAt: null,
		scopes: [],
		missingScopes: [],
		lastEventAt: null,
		history: null,
		...part
	};
}

export function referral(part: Partial<Referral> = {}): Referral {
	return {
		conversationId: 'conv_1',
		accountId: 'acc_1',
		key: 'ad:42',
		source: { type: 'ad', adId: '42', name: 'กาแฟหน้าฝน', advertiserId: null, embedUrl: null, materialId: null },
		at: '2026-11-20T10:00:00.000Z',
		dated: true,
		firstAt: '2026-11-20T10:00:00.000Z',
		...part
	};
}

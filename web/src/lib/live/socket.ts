// The socket: events in, and out nothing but that somebody types. It authenticates by the session cookie and resumes after the
// highest `seq` the store has seen.
import { io, type Socket } from 'socket.io-client';
import type { Account, Comment, Conversation, Message } from '$lib/api/types';
import { connection } from './connection.svelte';
import type { LiveStore } from './store.svelte';

/** A message, or an account that became part of another one. */
type Removed = { seq: number } & ({ id: string | null; conversationId: string } | { accountId: string });

interface Resume {
	seq: number;
	replayed: number;
	reset: boolean;
}

export interface LiveHooks {
	/** Load over REST again. `lost`: the cursor was too old, so what is held may have missed changes. */
	reload: (lost: boolean) => void;
	/** Connected again: what could not be sent may go now. */
	resumed: () => void;
	typing: (conversationId: string, name: string) => void;
	/** The gateway refused the session. */
	refused: () => void;
}

const REFUSED_RETRY_MS = 3000;

let open: Socket | null = null;

/** Somebody types in a conversation. Worth nothing later, so it is never kept for a connection that is away. */
export function tellTyping(conversationId: string): void {
	open?.volatile.emit('typing', { conversationId });
}

type Numbered<T> = T & { seq: number };

/** Opens the socket and feeds the store until the returned function is called. */
export function connectLive(store: LiveStore, hooks: LiveHooks): () => void {
	let resumedBefore = false;
	let interrupted = false;
	let again: ReturnType<typeof setTimeout> | undefined;
	const socket = io({
		path: '/socket.io',
		transports: ['websocket', 'polling'],
		tryAllTransports: true,
		reconnectionDelay: 500,
		reconnectionDelayMax: 8000,
		auth: (send) => send(store.cursor > 0 ? { after: store.cursor } : {})
	});

	open = socket;

	const take = <T extends { seq: number }>(apply: (payload: T) => void) => (payload: T) => {
		apply(payload);
		store.advance(payload.seq);
		connection.heard();
	};
	socket.on('message', take<Message>((m) => void store.putMessage(m)));
	socket.on('status', take<Message>((m) => void store.putMessage(m)));
	socket.on('conversation', take<Conversation>((c) => void store.putConversation(c)));
	socket.on('account', take<Numbered<Account>>((a) => store.putAccount(a, a.seq)));
	socket.on('comment', take<Comment>((c) => store.putComment(c)));
	socket.on('removed', take<Removed>((r) => ('accountId' in r ? store.removeAccount(r.accountId) : r.id === null ? store.removeConversation(r.conversationId) : store.remove(r.id, r.conversationId, r.seq))));
	socket.on('typing', (t: { conversationId: string; user: { name: string } }) => hooks.typing(t.conversationId, t.user.name));
	socket.on('resume', (r: Resume) => {
		store.advance(r.seq);
		connection.link = 'online';
		connection.heard();
		if (interrupted) connection.announceRecovery(r.replayed);
		interrupted = false;
		// Before the first connection nothing was announced: what was loaded meanwhile may be old.
		if (r.reset || !resumedBefore) hooks.reload(r.reset);
		resumedBefore = true;
		hooks.resumed();
	});

	const lost = () => {
		interrupted ||= resumedBefore;
		connection.link = navigator.onLine ? 'unreachable' : 'offline';
	};
	socket.on('disconnect', (reason) => {
		lost();
		// The server closed it (queue overflow, session revoked): the client does not retry by itself.
		if (reason === 'io server disconnect') socket.connect();
	});
	socket.on('connect_error', (error) => {
		lost();
		if ((error as { data?: { status?: number } }).data?.status === 401 || /unauth/i.test(error.message)) hooks.refused();
		// A refusal by the server is not retried by the client library.
		else if (!socket.active) again = setTimeout(() => socket.connect(), REFUSED_RETRY_MS);
	});
	const online = () => socket.connect();
	window.addEventListener('offline', lost);
	window.addEventListener('online', online);
	connection.retry = () => socket.disconnect().connect();
	return () => {
		window.removeEventListener('offline', lost);
		window.removeEventListener('online', online);
		clearTimeout(again);
		open = null;
		socket.removeAllListeners();
		socket.close();
	};
}

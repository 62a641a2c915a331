// What the second line of a row says, best first: typing, draft, trouble, last message.
import CircleAlert from '@lucide/svelte/icons/circle-alert';
import CircleHelp from '@lucide/svelte/icons/circle-question-mark';
import Clock from '@lucide/svelte/icons/clock';
import CornerUpLeft from '@lucide/svelte/icons/corner-up-left';
import EyeOff from '@lucide/svelte/icons/eye-off';
import FileQuestion from '@lucide/svelte/icons/file-question-mark';
import ImageIcon from '@lucide/svelte/icons/image';
import ListTree from '@lucide/svelte/icons/list-tree';
import Play from '@lucide/svelte/icons/play';
import Smile from '@lucide/svelte/icons/smile';
import Sticker from '@lucide/svelte/icons/sticker';
import Video from '@lucide/svelte/icons/video';
import type { Component } from 'svelte';
import type { Conversation } from '$lib/api/types';
import { m } from '$lib/paraglide/messages';

export interface Preview {
	tone: 'plain' | 'draft' | 'bad' | 'unsure' | 'live';
	icon: Component<Record<string, unknown>> | null;
	lead: string;
	text: string;
}

const TYPES: Record<string, { icon: Preview['icon']; word: () => string }> = {
	image: { icon: ImageIcon, word: m.type_image },
	video: { icon: Video, word: m.type_video },
	shared_post: { icon: Play, word: m.type_shared_post },
	sticker: { icon: Sticker, word: m.type_sticker },
	emoji: { icon: Smile, word: m.type_emoji },
	template: { icon: ListTree, word: m.type_template },
	unsupported: { icon: FileQuestion, word: m.type_unsupported }
};

export function rowPreview(c: Conversation, draft: string, typing: string | undefined): Preview {
	if (typing) return { tone: 'live', icon: null, lead: '', text: m.row_typing({ name: typing }) };
	if (draft.trim()) return { tone: 'draft', icon: null, lead: m.row_draft(), text: draft.trim() };
	const last = c.lastMessage;
	if (!last) return { tone: 'plain', icon: null, lead: '', text: m.row_none() };
	const type = TYPES[last.type];
	const text = last.type === 'text' || last.type === 'template' ? last.preview || (type?.word() ?? m.type_text()) : (type?.word() ?? m.type_unsupported());
	if (last.status === 'failed') return { tone: 'bad', icon: CircleAlert, lead: m.row_not_sent(), text };
	if (last.status === 'unconfirmed') return { tone: 'unsure', icon: CircleHelp, lead: m.row_unconfirmed(), text };
	if (last.status === 'queued' || last.status === 'sending') return { tone: 'plain', icon: Clock, lead: m.row_queued(), text };
	const withheld = last.type === 'text' && last.preview === '';
	if (withheld) return { tone: 'plain', icon: EyeOff, lead: '', text: m.unk_withheld() };
	const icon = last.direction === 'outgoing' ? CornerUpLeft : (type?.icon ?? null);
	return { tone: 'plain', icon, lead: '', text };
}

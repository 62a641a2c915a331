// The names the dashboard uses for the gateway's shapes. Everything else imports types from here,
// so a regenerated schema.d.ts is met in one place.
import type { components } from './schema';

type Schemas = components['schemas'];

export type Message = Schemas['Message'];
export type MessageStatus = Message['status'];
export type Author = Message['author'];
export type Reaction = Message['reactions'][number];
export type Failure = NonNullable<Message['failure']>;
export type Conversation = Schemas['Conversation'];
export type ConversationStatus = Conversation['status'];
export type ReplyWindow = Conversation['window'];
export type Referrals = Schemas['Referrals'];
export type Referral = Schemas['Referral'];
export type Contact = Conversation['contact'];
export type Account = Schemas['Account'];
export type IdentityGone = Schemas['IdentityGone'];
export type Health = Schemas['Health'];
export type WithheldMessage = Schemas['WithheldMessage'];
export type Costs = Schemas['Costs'];
export type Provider = Schemas['Provider'];
export type Side = Schemas['Side'];
export type Shadow = Schemas['Shadow'];
export type Space = Schemas['Space'];
export type SpaceChannel = Schemas['SpaceChannel'];
export type UnreadableContact = Schemas['UnreadableContact'];
export type CostOffer = Schemas['CostOffer'];
export type VolumeMonth = Schemas['VolumeMonth'];
export type Finding = Health['findings'][number];
export type RuleSet = Account['ruleSet'];
export type Automation = Schemas['Automation'];
export type AutoMessages = Schemas['AutoMessages'];
export type AutoMessage = Schemas['AutoMessage'];
export type AutoMessageKind = Schemas['AutoMessageKind'];
export type AutoMessageWords = Schemas['AutoMessageWords'];
export type AutoMessageEvent = Schemas['AutoMessageEvent'];
export type CommentToMessage = Schemas['CommentToMessage'];
export type Post = Schemas['Post'];
export type Comment = Schemas['Comment'];
export type CommentState = Comment['state'];
export type Session = Schemas['Session'];
export type Role = Session['role'];
export type Member = Schemas['Member'];
export type ApiKey = Schemas['ApiKey'];
export type ApiKeyCreated = Schemas['ApiKeyCreated'];
export type ApiKeyScope = ApiKey['scope'];
export type MediaUploaded = Schemas['MediaUploaded'];
export type Problem = Schemas['Problem'];

/** Open conversations per view, for the rail. */
export interface Counts {
	all: number;
	mine: number;
	unassigned: number;
	closing: number;
	requests: number;
	failed: number;
	accounts: Record<string, number>;
}

/** One keyset page; `next` is null on the last. */
export interface Page<T> {
	items: T[];
	next: string | null;
}

export type View = 'all' | 'mine' | 'unassigned' | 'closing' | 'requests' | 'failed';
export type Sort = 'newest' | 'waiting' | 'closing';

/** What a list of conversations is asked for; also what stands in the address bar. */
export interface ConversationQuery {
	view: View;
	/** `null`: every one. */
	status: ConversationStatus | null;
	account: string | null;
	/** Only those that this ad or link led to: the `key` of a referral. */
	referral: string | null;
	sort: Sort;
}

/** What is sent: one text, picture, card or post, because TikTok counts each as one message. */
export type OutgoingContent = Schemas['NewContent'];

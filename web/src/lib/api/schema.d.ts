// Generated from docs/generated/openapi.json by `npm run gen:api`. Do not edit.

export interface paths {
    "/api/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the accounts by the reference's field names. No tokens. */
        get: operations["listReferenceAccounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Disconnects an account and revokes its tokens; replies that wait fail visibly. */
        delete: operations["deleteReferenceAccount"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/chats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Streams all saved messages, oldest first. */
        get: operations["listChats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says how much is kept. */
        get: operations["getStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the accounts, oldest first, disconnected ones included. */
        get: operations["listAccounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads one account. */
        get: operations["getAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes an account. Only a TikTok account has rules to choose from: `strict` or `guide`. */
        patch: operations["patchAccount"];
        trace?: never;
    };
    "/api/v1/accounts/{id}/automation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads everything TikTok does by itself for the account, as it is there now. */
        get: operations["getAutomation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/automation/chat-prompt-order": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Puts the chat prompts in an order. All of them must be named. */
        put: operations["sortChatPrompts"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/automation/comment-to-message": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Switches Comment-to-Message. TikTok has it for accounts registered in Vietnam, Indonesia and Thailand only. */
        put: operations["switchCommentToMessage"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/automation/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists what TikTok told of the account's automatic messages, latest webhook first. */
        get: operations["listAutomationHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/automation/kinds/{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Switches all automatic messages of a kind on or off. */
        put: operations["switchAutoMessages"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/automation/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Writes an automatic message. TikTok reviews it before anybody sees it. */
        post: operations["createAutoMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/automation/messages/{message}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Deletes a suggested question or a chat prompt. A welcome message can only be switched off. */
        delete: operations["deleteAutoMessage"];
        options?: never;
        head?: never;
        /** Gives an automatic message other words. TikTok reviews them anew; it refuses while a review is under way. */
        patch: operations["updateAutoMessage"];
        trace?: never;
    };
    "/api/v1/accounts/{id}/disconnect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Disconnects an account: its tokens are revoked and forgotten, replies that wait fail visibly, messages stay. */
        post: operations["disconnectAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Examines an account: settings, app, webhook, clock, permissions, and a signed test event to our own public address. Calls TikTok
         *     a handful of times and may take some seconds.
         */
        get: operations["accountHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Files the history of an account again, such as after it failed: TikTok's lists are read and what is missing here is added, at rest and
         *     without alerts. TikTok lists the last 90 days, at most 100 conversations of each of its two lists and the 20 newest messages of each.
         *     Answers at once; `history` of the account tells how far it is.
         */
        post: operations["fileHistory"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/identity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Takes the Login Kit identity off an account and gives that permission back. Messages are not affected; an account that is identity
         *     only is disconnected instead.
         */
        delete: operations["disconnectIdentity"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/keep-apart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Remembers that two accounts with the same username are not the same person's: nobody is asked again. */
        post: operations["keepAccountsApart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes an identity and the account of the same person one: the one that carries messages stays, the other's Login Kit tokens move to
         *     it. Doing it again answers the same.
         */
        post: operations["mergeAccounts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pauses an account: everything is received and shown, nothing is sent. Replies that wait stay where they are and leave in order after a
         *     resume; tokens stay fresh.
         */
        post: operations["pauseAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/posts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the account's own posts, newest first, as TikTok has them now. Needs the permission `video.list`, which messages do without. */
        get: operations["listPosts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets replies leave again. */
        post: operations["resumeAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/sender": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Lets another side send, at once: replies that wait leave through it, what is on its way is left to settle. Doing it the other way
         *     round takes it back.
         */
        put: operations["setSender"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/shadows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists messages since both sides receive that one of them told and the other did not within two minutes, newest first. */
        get: operations["listShadows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/sides": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the sides of an account, the sending one first. */
        get: operations["listSides"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/sides/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Takes a side that does not send off an account: it is not heard any more, a permission at TikTok is given back, messages stay. The
         *     other one is the whole account then.
         */
        delete: operations["removeSide"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{id}/withheld-messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the messages of an account that TikTok does not tell (`im_receive_msg_eu`: customers in the EEA, Switzerland and the UK), newest
         *     notice first.
         */
        get: operations["listWithheldMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Keys that are not revoked, newest first. */
        get: operations["listApiKeys"];
        put?: never;
        /** Makes a key. Its secret is in this answer and nowhere else. */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revokes a key; its sockets close at once. */
        delete: operations["revokeApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/comments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists flagged comments, newest first. */
        get: operations["listComments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/comments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads one comment. */
        get: operations["getComment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/comments/{id}/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answers a comment by one direct message: the only way to write first. A `comment` event tells what became of it. The same
         *     `Idempotency-Key` and text again answer 200 with the comment as it is.
         */
        post: operations["answerComment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists conversations. */
        get: operations["listConversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts the open conversations of each view. */
        get: operations["countConversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads one conversation. */
        get: operations["getConversation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes where a conversation stands, who takes care of it, or who answers. */
        patch: operations["patchConversation"];
        trace?: never;
    };
    "/api/v1/conversations/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the messages of a conversation: the newest page first, ascending by time within a page. */
        get: operations["listMessages"];
        put?: never;
        /** Queues a reply. The same `Idempotency-Key` and content again answer 200 with the message that is there. */
        post: operations["sendMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Marks a conversation as looked at: nothing is unread any more. If anything was, the customer sees it, as with TikTok's own app. */
        post: operations["readConversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/referrals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tells through which ads and links the customer came. A `conversation` event says that there may be a new one. */
        get: operations["listReferrals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/sender": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Lets a side send in one conversation, whatever the account's choice is; `null` goes by the account's again. */
        put: operations["setConversationSender"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/typing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Shows the customer for five seconds that somebody types a reply. Call it while they do: TikTok is told at most once in four
         *     seconds, never before the customer wrote or when no reply could leave, and not while replies need the calls.
         */
        post: operations["typeInConversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists kept webhooks, newest first. For admins who may see every account. */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists events after a cursor. Fewer than `limit` may come back although there are more: go on until `next` stays the same. */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stores a picture to be sent: JPG or PNG, at most 3 MB, in the form field `file`. */
        post: operations["uploadMedia"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bytes of a picture, video or sticker. */
        get: operations["getMedia"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Members of the workspace, oldest first. For people only: an API key has no right over users. */
        get: operations["listMembers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reads one message. */
        get: operations["getMessage"];
        put?: never;
        post?: never;
        /** Discards a failed message, or takes back one that still waits. */
        delete: operations["discardMessage"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the provider now whether it has an unconfirmed message. A `status` event tells what came of it. */
        post: operations["checkMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messages/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Queues a failed or unconfirmed message again, or lets a held one go. */
        post: operations["retryMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports/costs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts the last twelve months of the accounts in sight and says what a year costs with this gateway and with what it replaces. */
        get: operations["getCosts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/respondio/spaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the connected workspaces of Respond.io, oldest first, with their channels as they were listed last. */
        get: operations["listSpaces"];
        put?: never;
        /**
         * Connects a workspace of Respond.io by its access token, which is tried with the cheapest question and kept encrypted. The answer
         *     names the workspace's channels. A token of a workspace that is connected already replaces the one before.
         */
        post: operations["addSpace"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/respondio/spaces/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Reads a workspace with its channels as Respond.io lists them now, TikTok's first. For whoever waits until a channel appears: ask every
         *     few seconds.
         */
        get: operations["lookAtSpace"];
        put?: never;
        post?: never;
        /** Forgets a workspace and its token. Its accounts are disconnected, replies that wait fail visibly, messages stay. */
        delete: operations["removeSpace"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/respondio/spaces/{id}/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a channel an account: TikTok's, or any that a person knows to be one. Messages come in from now on; what was said before is
         *     filed without alerts.
         */
        post: operations["connectChannel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/respondio/spaces/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Brings over everything that Respond.io keeps of a workspace's contacts, not only the newest 200 messages of each: in the pauses of asking
         *     what is new, filed without alerts. `history` of the workspace shows how far it is. Asking again changes nothing.
         */
        post: operations["askHistory"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/respondio/spaces/{id}/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Gives a workspace another access token, such as after Respond.io refused the one before. Its accounts work again. */
        put: operations["replaceSpaceToken"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in. For people only: a program knows who it is. */
        get: operations["getSession"];
        put?: never;
        post?: never;
        /** Signs out; the session's sockets close at once. Good to call without a session, too. */
        delete: operations["signOut"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs in by a one-time link. `setup-required` asks for a set-up; the link stays good until it succeeds. */
        post: operations["signInByLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs in by e-mail address and password. */
        post: operations["signInByPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhook": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tells TikTok to deliver this app's direct messages to this gateway. An app has one address: another one gets nothing any more. */
        post: operations["setWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A connected TikTok account. Never holds a token. */
        Account: {
            /** @description Address of the picture. */
            avatarUrl: string | null;
            /** @description Whether replies can leave. */
            canSend: boolean;
            /** @description What Respond.io, or the system of the generic webhook, calls it where that is another name than `displayName`; else null. */
            channelName: string | null;
            /**
             * Format: date-time
             * @description When it was connected, last time.
             */
            connectedAt: string;
            /** @description Name shown to customers. */
            displayName: string | null;
            history: components["schemas"]["History"] | null;
            /**
             * @description `acc_…`.
             * @example acc_00jx3k5t8g002
             */
            id: string;
            identity: components["schemas"]["Identity"] | null;
            /** @description Login Kit knows who it is, and no more: it carries no messages. */
            identityOnly: boolean;
            /**
             * Format: date-time
             * @description When the last webhook came in.
             */
            lastEventAt: string | null;
            /** @description Scopes that messages need and the owner did not grant. */
            missingScopes: string[];
            /** @description The provider's id of the account. */
            openId: string;
            /** @description Through whom its messages travel. */
            provider: components["schemas"]["Provider"];
            /** @description Which reading of TikTok's window rules guards replies. */
            ruleSet: components["schemas"]["RuleSet"];
            sameAs: components["schemas"]["SameAs"] | null;
            /** @description Scopes that the owner granted, as TikTok names them. */
            scopes: string[];
            /** @description Whether it works, and if not, what it waits for. */
            state: components["schemas"]["AccountState"];
            /** @description One plain sentence on why. */
            stateReason: string | null;
            /**
             * Format: date-time
             * @description When the access token ends; null where there is none.
             */
            tokenExpiresAt: string | null;
            /** @description Handle without `@`. */
            username: string | null;
        };
        /** @description A page of accounts. */
        AccountPage: {
            /** @description What is on this page. */
            items: components["schemas"]["Account"][];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description What to change of an account; what is left out stays. */
        AccountPatch: {
            /** @description Which reading of TikTok's window rules guards replies. */
            ruleSet?: components["schemas"]["RuleSet"];
        };
        /**
         * @description Whether an account works, and if not, what it waits for.
         * @enum {string}
         */
        AccountState: "active" | "paused" | "expiring" | "reconnect" | "disconnected";
        /**
         * @description What one click can do about a finding.
         * @enum {string}
         */
        Action: "set_webhook" | "reconnect" | "sign_in";
        /** @description Which button of a question card the customer tapped. */
        AnsweredCard: {
            /** @description The id that the button was given. */
            buttonId: string | null;
            /** @description The provider's id of a message that has to do with the tap. TikTok does not say which; the card, by what was seen. */
            providerMessageId: string | null;
        };
        /** @description The comment that a message answers. */
        AnsweredComment: {
            /** @description `cmt_…`. */
            id: string;
            /** @description What it says; null where TikTok did not tell. */
            text: string | null;
        };
        /** @description An API key, without its secret. */
        ApiKey: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description Who made it, `usr_…`; null from the command line. */
            createdBy: string | null;
            /** @description `key_…`. */
            id: string;
            /**
             * Format: date-time
             * @description To the minute; null until it was used.
             */
            lastUsedAt: string | null;
            /** @description For people, such as `shop-orders`. */
            name: string;
            /** @description The first characters of the secret. */
            prefix: string;
            /** @description What it may do. */
            scope: components["schemas"]["KeyScope"];
        };
        /** @description A new API key, with its secret: shown this once. */
        ApiKeyCreated: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /** @description Who made it, `usr_…`; null from the command line. */
            createdBy: string | null;
            /** @description `key_…`. */
            id: string;
            /**
             * Format: date-time
             * @description To the minute; null until it was used.
             */
            lastUsedAt: string | null;
            /** @description For people, such as `shop-orders`. */
            name: string;
            /** @description The first characters of the secret. */
            prefix: string;
            /** @description What it may do. */
            scope: components["schemas"]["KeyScope"];
            /** @description `mgk_…`: kept only as a hash, so nobody can show it again. */
            secret: string;
        };
        /** @description A page of API keys. */
        ApiKeyPage: {
            /** @description What is on this page. */
            items: components["schemas"]["ApiKey"][];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description A member who takes care of a conversation. */
        Assignee: {
            /** @description `usr_…`. */
            id: string;
            /** @description Their name. */
            name: string;
        };
        /** @description Who wrote a message. */
        Author: {
            /** @description `usr_…` or `key_…`; null for everybody else. */
            id: string | null;
            /** @description What kind of writer. */
            kind: components["schemas"]["AuthorKind"];
            /** @description Name of the member or key. */
            name: string | null;
        };
        /**
         * @description What kind of writer.
         * @enum {string}
         */
        AuthorKind: "customer" | "agent" | "api_key" | "rule" | "bot" | "auto_message" | "tiktok_app" | "other_api";
        /** @description One automatic message. */
        AutoMessage: {
            /** @description TikTok's id; an edited welcome message may get another one. */
            id: string;
            /** @description Where its review stands. */
            review: components["schemas"]["Review"];
            words: components["schemas"]["AutoMessageWords"] | null;
        };
        /**
         * @description What happened to an automatic message. An edited welcome message is told as deleted and created.
         * @enum {string}
         */
        AutoMessageChange: "created" | "updated" | "deleted" | "enabled" | "disabled" | "approved" | "rejected" | "other";
        /** @description One entry of the history of automatic messages, as a webhook told it. */
        AutoMessageEvent: {
            /**
             * Format: date-time
             * @description When, by TikTok's clock where it says, else when it came in.
             */
            at: string;
            /** @description What happened. */
            change: components["schemas"]["AutoMessageChange"];
            /** @description The webhook that told it, `dlv_…`. */
            id: string;
            kind: components["schemas"]["AutoMessageKind"] | null;
            /** @description TikTok's id of the automatic message. */
            messageId: string;
            words: components["schemas"]["AutoMessageWords"] | null;
        };
        /** @description A page of the history of automatic messages. */
        AutoMessageEventPage: {
            /** @description What is on this page. */
            items: components["schemas"]["AutoMessageEvent"][];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description Which message TikTok made or changed. */
        AutoMessageId: {
            /** @description TikTok's id; an edited welcome message may have got another one. */
            id: string;
        };
        /**
         * @description The kinds of automatic message.
         * @enum {string}
         */
        AutoMessageKind: "welcome" | "suggested_question" | "chat_prompt";
        /** @description The words of an automatic message. Lengths are UTF-16 units. */
        AutoMessageWords: {
            /** @description What it says; 1 to 250. */
            content: string;
            /** @enum {string} */
            kind: "welcome";
        } | {
            /** @description What the business answers; 1 to 200. */
            answer: string;
            /** @enum {string} */
            kind: "suggested_question";
            /** @description What the customer taps; 1 to 80. */
            question: string;
        } | {
            /** @description What the customer sends by tapping it; 1 to 150. */
            content: string;
            /** @enum {string} */
            kind: "chat_prompt";
            /** @description What the customer sees; 1 to 18. */
            title: string;
        };
        /** @description The automatic messages of one kind. */
        AutoMessages: {
            /** @description Whether the kind is on; null where TikTok does not say. */
            enabled: boolean | null;
            /** @description Which kind. */
            kind: components["schemas"]["AutoMessageKind"];
            /** @description In TikTok's order. */
            messages: components["schemas"]["AutoMessage"][];
        };
        /** @description Everything TikTok does by itself for an account. */
        Automation: {
            /** @description See there. */
            commentToMessage: components["schemas"]["CommentToMessage"];
            /** @description One entry for each kind. */
            kinds: components["schemas"]["AutoMessages"][];
        };
        /** @description Which channel becomes an account. */
        ChannelChoice: {
            /** @description `acc_…` of the account that it is a second side of; left out, it is an account of its own. */
            accountId?: string | null;
            /**
             * @description Respond.io's id of the channel.
             * @example 54321
             */
            channelId: string;
        };
        /** @description A comment that TikTok takes for an interest to buy. It may be answered by one direct message, for 48 hours. */
        Comment: {
            /** @description `acc_…`: under whose post it stands. */
            accountId: string;
            answer: components["schemas"]["CommentAnswer"] | null;
            /**
             * Format: date-time
             * @description From then on TikTok refuses an answer.
             */
            answerableUntil: string;
            /** @description Who wrote it. */
            contact: components["schemas"]["Contact"];
            /** @description `conv_…`: where the answer stands, once TikTok has reported it. */
            conversationId: string | null;
            /**
             * Format: date-time
             * @description When we stored it.
             */
            createdAt: string;
            /**
             * @description `cmt_…`.
             * @example cmt_00jx3k5t8g002
             */
            id: string;
            /** @description TikTok's id of it. */
            providerCommentId: string;
            /**
             * Format: int64
             * @description The event that last changed it; of two payloads of one comment the higher is the newer.
             */
            seq: number;
            /** @description Where it stands. */
            state: components["schemas"]["CommentState"];
            /** @description What it says; null where TikTok did not tell. */
            text: string | null;
            /**
             * Format: date-time
             * @description TikTok's time.
             */
            timestamp: string;
        };
        /** @description The direct message that answers a comment. */
        CommentAnswer: {
            /**
             * Format: date-time
             * @description When it was given.
             */
            askedAt: string;
            /** @description Who gave it. */
            author: components["schemas"]["Author"];
            failure: components["schemas"]["Failure"] | null;
            /** @description The words. */
            text: string;
        };
        /** @description A page of flagged comments, newest first. */
        CommentPage: {
            /** @description What is on this page. */
            items: components["schemas"]["Comment"][];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /**
         * @description Where a comment stands.
         * @enum {string}
         */
        CommentState: "open" | "answering" | "answered" | "failed" | "unconfirmed";
        /** @description Comment-to-Message: TikTok reports promising comments, and each may be answered by message once. */
        CommentToMessage: {
            /** @description Whether it is on; null where TikTok does not say or it is unavailable. */
            enabled: boolean | null;
            unavailable: components["schemas"]["Unavailable"] | null;
        };
        /**
         * @description How sure a price is.
         * @enum {string}
         */
        Confidence: "high" | "medium" | "low" | "yours";
        /** @description Which kinds of account can be connected: their app's id and secret are set. */
        Connect: {
            /** @description TikTok Business accounts. */
            business: boolean;
            /** @description TikTok Login Kit. */
            login: boolean;
        };
        /** @description The customer. */
        Contact: {
            /** @description Address of the picture; null until known. */
            avatarUrl: string | null;
            /** @description Shown name; null until known. */
            displayName: string | null;
            /** @description `ctc_…`. */
            id: string;
            /** @description Whether they follow the business. */
            isFollower: boolean | null;
            /** @description Handle without `@`. */
            username: string | null;
        };
        /** @description One customer talking with one account. */
        Conversation: {
            /** @description `acc_…`. */
            accountId: string;
            assignee: components["schemas"]["Assignee"] | null;
            /** @description The customer. */
            contact: components["schemas"]["Contact"];
            /**
             * @description `conv_…`.
             * @example conv_00jx3k5t8g002
             */
            id: string;
            /** @description Whether pictures can be sent here; null until TikTok was asked. */
            imageSend: boolean | null;
            /**
             * Format: date-time
             * @description What lists are sorted by.
             */
            lastActivityAt: string;
            lastMessage: components["schemas"]["LastMessage"] | null;
            /** @description Who answers. */
            mode: components["schemas"]["Mode"];
            /** @description The provider's id; accepted wherever ours is. TikTok's hold `+`, `/` and `=`. */
            providerConversationId: string;
            /**
             * Format: date-time
             * @description The customer has read everything up to here.
             */
            readUpTo: string | null;
            /** @description A message request: the business has never answered. */
            request: boolean;
            sender: components["schemas"]["Provider"] | null;
            /**
             * Format: int64
             * @description The event that last changed it; of two payloads of one conversation the higher is the newer.
             */
            seq: number;
            /** @description Where it stands in the team's work. */
            status: components["schemas"]["ConversationStatus"];
            /**
             * Format: int32
             * @description Customer messages since a member last looked.
             */
            unread: number;
            /** @description TikTok's rules as of now. */
            window: components["schemas"]["Window"];
        };
        /** @description A page of conversations. */
        ConversationPage: {
            /** @description What is on this page. */
            items: components["schemas"]["Conversation"][];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description What to change; what is left out stays. `{"assignee":null}` unassigns. */
        ConversationPatch: {
            /** @description Who takes care of it, `usr_…`; null for nobody. */
            assignee?: string | null;
            /** @description Who answers. */
            mode?: components["schemas"]["Mode"];
            /** @description Where it stands in the team's work. */
            status?: components["schemas"]["ConversationStatus"];
        };
        /** @description Who sends in one conversation. */
        ConversationSender: {
            provider: components["schemas"]["Provider"] | null;
        };
        /**
         * @description Where a conversation stands in the team's work.
         * @enum {string}
         */
        ConversationStatus: "open" | "snoozed" | "closed";
        /**
         * @description What the number of contacts rests on.
         * @enum {string}
         */
        CostBasis: "whole_months" | "this_month" | "given";
        /** @description One way to answer, and what it costs at this volume. */
        CostOffer: {
            /** @description False: only the seller's own inbox answers, no program may. */
            api: boolean;
            /** @description The day or month of the source. */
            asOf: string;
            /** @description How sure it is. */
            confidence: components["schemas"]["Confidence"];
            /**
             * Format: double
             * @description What contacts beyond those included add a month.
             */
            forContacts: number;
            /** @description Names it in `prices`. Example: `respondio-growth`. */
            key: string;
            /**
             * Format: double
             * @description The seller's price a month.
             */
            monthly: number;
            /**
             * Format: double
             * @description The highest of it, where the seller names a range.
             */
            monthlyUpTo: number | null;
            /** @description Example: `Respond.io Growth`. */
            name: string;
            /** @description Where the price was read. */
            source: string;
            /**
             * Format: double
             * @description Twelve months.
             */
            year: number;
            /**
             * Format: int64
             * @description Twelve months in baht, rounded.
             */
            yearBaht: number;
            /**
             * Format: double
             * @description Twelve months at the highest price of a range.
             */
            yearUpTo: number | null;
            /** @description Paid once a year. */
            yearly: boolean;
        };
        /** @description Volume and costs. */
        Costs: {
            /**
             * Format: double
             * @description Baht for a US dollar. Example: 35.
             */
            baht: number;
            /** @description Of which month that is; null when it is yours. */
            bahtAsOf: string | null;
            /** @description What `contacts` rests on. */
            basis: components["schemas"]["CostBasis"];
            /**
             * Format: int32
             * @description Active contacts a month that the costs are for.
             */
            contacts: number;
            /** @description The last twelve months in UTC, oldest first; the last one is not over. */
            months: components["schemas"]["VolumeMonth"][];
            /** @description Every way, the direct one first. */
            offers: components["schemas"]["CostOffer"][];
        };
        /** @description How many open conversations each view holds. */
        Counts: {
            /** @description Per account id. */
            accounts: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description All.
             */
            all: number;
            /**
             * Format: int64
             * @description Window closes within 12 hours.
             */
            closing: number;
            /**
             * Format: int64
             * @description With a failed or unconfirmed reply.
             */
            failed: number;
            /**
             * Format: int64
             * @description Assigned to the caller.
             */
            mine: number;
            /**
             * Format: int64
             * @description Message requests.
             */
            requests: number;
            /**
             * Format: int64
             * @description Assigned to nobody.
             */
            unassigned: number;
        };
        /** @description A raw inbound webhook that was kept. */
        Delivery: {
            /** @description `acc_…`; null where it names no account. */
            accountId: string | null;
            /**
             * Format: int32
             * @description How often the same bytes came.
             */
            copies: number;
            /** @description The provider's event name, such as `im_receive_msg`; empty where unreadable. */
            event: string;
            /** @description `dlv_…`. */
            id: string;
            /** @description Rightly signed, but long ago. */
            late: boolean;
            /** @description Through whom it came. */
            provider: components["schemas"]["Provider"];
            /**
             * Format: date-time
             * @description When it came in.
             */
            receivedAt: string;
            /**
             * Format: int64
             * @description Bytes of the body.
             */
            size: number;
            /** @description Why it could not be understood whole; null where it was. */
            unsupported: string | null;
        };
        /** @description A page of kept webhooks. */
        DeliveryPage: {
            /** @description What is on this page. */
            items: components["schemas"]["Delivery"][];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /**
         * @description From the customer, or to them.
         * @enum {string}
         */
        Direction: "incoming" | "outgoing";
        /** @description One entry of the event log, with its subject as it is now. */
        Event: {
            /** @description The subject: a Message, Conversation, Account, Removed, `RemovedAccount` or Comment, each with this event's `seq`. */
            data: Record<string, never>;
            /**
             * @description `message`, `status`, `conversation`, `account`, `removed` or `comment`; more may come, and who does not know one passes it over.
             * @example message
             */
            event: string;
            /**
             * Format: int64
             * @description Its number: grows in commit order, not dense.
             */
            seq: number;
        };
        /** @description A page of events. */
        EventPage: {
            /** @description In order of `seq`. */
            items: components["schemas"]["Event"][];
            /**
             * Format: int64
             * @description The highest `seq` looked at: what to pass as `after` next time.
             */
            next: number;
            /** @description The cursor was older than what is kept: reload everything over REST, then go on from `next`. */
            reset: boolean;
        };
        /** @description Why a reply did not go out, is unconfirmed or waits. */
        Failure: {
            /** @description What they do, as one plain sentence. */
            action: string;
            /**
             * @description What exactly, kebab case, such as `not-permitted`; more may come.
             * @example not-permitted
             */
            cause: string;
            /**
             * Format: int64
             * @description The provider's code, such as 40064.
             */
            code: number | null;
            /** @description The provider's own words, where it gave any. */
            detail: string;
            /** @description Who can mend it. */
            fixedBy: components["schemas"]["FixedBy"];
            /** @description The provider's request id, for its support. */
            requestId: string | null;
            /** @description Whether sending it again unchanged, with nothing mended, may work and can do no harm. */
            retryable: boolean;
            /** @description One plain sentence: the cause. */
            title: string;
            /** @description The stable kind. */
            type: components["schemas"]["FailureKind"];
        };
        /**
         * @description The stable kind of a failure.
         * @enum {string}
         */
        FailureKind: "window-closed" | "quota-spent" | "refused" | "too-fast" | "account-disconnected" | "provider-error" | "rate-limited" | "not-delivered" | "timeout" | "cancelled" | "held";
        /** @description One thing that was looked at. */
        Finding: {
            /** @description `acc_…` of the account it concerns; null when it concerns all. */
            accountId: string | null;
            action: components["schemas"]["Action"] | null;
            /** @description Why, or what was seen. */
            cause: string;
            /** @description A command or an address out of the fix, to be copied byte for byte. */
            copy: string | null;
            /** @description What to do; null where nothing is to be done. */
            fix: string | null;
            /**
             * @description Stable, kebab case; `docs/troubleshooting.md` has a row for each.
             * @example webhook-elsewhere
             */
            id: string;
            /** @description How bad it is. */
            level: components["schemas"]["Level"];
            /** @description What is so. */
            title: string;
        };
        /**
         * @description Who can mend it.
         * @enum {string}
         */
        FixedBy: "customer" | "agent" | "admin" | "developer" | "tiktok" | "nobody";
        /** @description What was looked at, worst first. */
        Health: {
            /**
             * Format: date-time
             * @description When.
             */
            checkedAt: string;
            /** @description What was found. */
            findings: components["schemas"]["Finding"][];
        };
        /**
         * @description How far the history of an account is filed. TikTok lists the last 90 days, at most 100 conversations of each of its two lists and the
         *     20 newest messages of each.
         */
        History: {
            /**
             * Format: int32
             * @description Listed conversations that are not filed yet; grows once, when the lists are read.
             */
            conversationsLeft: number;
            /** @description One plain sentence on why it failed; null where it did not. */
            reason: string | null;
            /** @description Where it stands. */
            state: components["schemas"]["HistoryState"];
        };
        /**
         * @description Where the filing stands.
         * @enum {string}
         */
        HistoryState: "filing" | "filed" | "failed";
        /** @description A person at Login Kit: who they are, and whether TikTok still tells. */
        Identity: {
            /** @description Whether TikTok accepts the sign-in. */
            connected: boolean;
            /**
             * Format: date-time
             * @description When it was connected, last time.
             */
            connectedAt: string;
            /** @description Scopes that were asked for and not granted. Without `user.info.profile` the username is unknown. */
            missingScopes: string[];
            /** @description Their id at the Login Kit app; another one than at the API for Business. */
            openId: string;
            /** @description One plain sentence on why not. */
            reason: string | null;
            /** @description Scopes that were granted, as TikTok names them. */
            scopes: string[];
            /**
             * Format: date-time
             * @description When the access token ends; null where there is none.
             */
            tokenExpiresAt: string | null;
        };
        /** @description What became of an identity that was taken off. */
        IdentityGone: {
            /** @description The account as it is now. */
            account: components["schemas"]["Account"];
            /** @description Whether TikTok confirmed that the permission was given back; if not, its owner removes the app in TikTok's settings. */
            revoked: boolean;
        };
        /**
         * @description What an API key may do. Each includes the ones before.
         * @enum {string}
         */
        KeyScope: "read" | "send" | "admin";
        /** @description What a list row shows of the newest message. */
        LastMessage: {
            /** @description From the customer, or to them. */
            direction: components["schemas"]["Direction"];
            /** @description `msg_…`. */
            id: string;
            /** @description At most 140 characters of its words; empty where it has none. */
            preview: string;
            /** @description Where it stands. */
            status: components["schemas"]["MessageStatus"];
            /**
             * Format: date-time
             * @description The provider's time.
             */
            timestamp: string;
            /** @description The content's type, such as `text` or `image`. */
            type: string;
        };
        /**
         * @description How bad a finding is.
         * @enum {string}
         */
        Level: "ok" | "hint" | "warning" | "problem";
        /**
         * @description TikTok's review of prefilled words.
         * @enum {string}
         */
        LinkAudit: "pass" | "reject" | "unknown";
        /** @description A one-time link, and the first owner's set-up where one is asked for. */
        LinkRequest: {
            setup?: components["schemas"]["Setup"] | null;
            /** @description The part of the link after `#`. */
            token: string;
        };
        /** @description A picture or video, and whether its bytes are here. */
        MediaContent: {
            /**
             * Format: int32
             * @description Pixels.
             */
            height: number | null;
            /** @description Its id, `med_…`. */
            mediaId: string | null;
            /** @description Detected from the bytes, such as `image/jpeg`. */
            mime: string | null;
            /**
             * Format: int64
             * @description Bytes.
             */
            size: number | null;
            /** @description Whether the bytes are here. */
            state: components["schemas"]["MediaState"];
            /** @description Where to fetch it; null until it is here. */
            url: string | null;
            /**
             * Format: int32
             * @description Pixels.
             */
            width: number | null;
        };
        /**
         * @description Whether the bytes of a picture or video are here.
         * @enum {string}
         */
        MediaState: "pending" | "ready" | "failed";
        /** @description An uploaded picture, ready to be sent by its id. */
        MediaUploaded: {
            /**
             * Format: int32
             * @description Pixels.
             */
            height: number | null;
            /** @description `med_…`. */
            id: string;
            /** @description Detected from the bytes. */
            mime: string;
            /**
             * Format: int64
             * @description Bytes.
             */
            size: number;
            /** @description Where to fetch it. */
            url: string;
            /**
             * Format: int32
             * @description Pixels.
             */
            width: number | null;
        };
        /** @description A member of the workspace. */
        Member: {
            /** @description Null until the first-run set-up is done. */
            email: string | null;
            /** @description `usr_…`. */
            id: string;
            /** @description Their name. */
            name: string;
            /** @description What they may do. */
            role: components["schemas"]["Role"];
        };
        /** @description A page of members. */
        MemberPage: {
            /** @description What is on this page. */
            items: components["schemas"]["Member"][];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description One message, in either direction. */
        Message: {
            /** @description `acc_…`. */
            accountId: string;
            answeredCard: components["schemas"]["AnsweredCard"] | null;
            answersComment: components["schemas"]["AnsweredComment"] | null;
            /**
             * Format: int32
             * @description How often it was tried to send it; 0 for an incoming one, and for one that has not left yet. More than 1: it was repeated.
             */
            attempts: number;
            /** @description Who wrote it. */
            author: components["schemas"]["Author"];
            /** @description `conv_…`. */
            conversationId: string;
            /**
             * Format: date-time
             * @description When we stored it.
             */
            createdAt: string;
            /** @description From the customer, or to them. */
            direction: components["schemas"]["Direction"];
            failure: components["schemas"]["Failure"] | null;
            /**
             * @description `msg_…`.
             * @example msg_00jx3k5t8g002
             */
            id: string;
            /** @description What it says. */
            message: components["schemas"]["MessageContent"];
            /**
             * Format: date-time
             * @description When the next try is due, while it waits.
             */
            nextAttemptAt: string | null;
            /** @description The provider's id once it has one; TikTok's hold `+`, `/` and `=`. */
            providerMessageId: string | null;
            /** @description The quoted message where we have it, `msg_…`. */
            quotedMessageId: string | null;
            /** @description Reactions that stand, oldest first. */
            reactions: components["schemas"]["Reaction"][];
            /**
             * Format: int64
             * @description The event that last changed it; of two payloads of one message the higher is the newer.
             */
            seq: number;
            /** @description Where it stands. */
            status: components["schemas"]["MessageStatus"];
            /**
             * Format: date-time
             * @description The provider's time; ours until the provider told.
             */
            timestamp: string;
            /**
             * @description Always `dm`.
             * @example dm
             */
            type: string;
            /** @description The customer of the conversation, whichever direction. */
            user: components["schemas"]["User"];
        };
        /** @description The type of a message and its content, such as `{"type":"text","content":"สวัสดี"}`. */
        MessageContent: {
            /** @description The words. */
            content: string;
            /** @enum {string} */
            type: "text";
        } | {
            /** @description A picture. */
            content: components["schemas"]["MediaContent"];
            /** @enum {string} */
            type: "image";
        } | {
            /** @description A video. */
            content: components["schemas"]["MediaContent"];
            /** @enum {string} */
            type: "video";
        } | {
            /** @description A TikTok post. */
            content: components["schemas"]["SharedPostContent"];
            /** @enum {string} */
            type: "shared_post";
        } | {
            /** @description A sticker. */
            content: components["schemas"]["PictureContent"];
            /** @enum {string} */
            type: "sticker";
        } | {
            /** @description A big emoji. */
            content: components["schemas"]["PictureContent"];
            /** @enum {string} */
            type: "emoji";
        } | {
            /** @description A question card. */
            content: components["schemas"]["TemplateContent"];
            /** @enum {string} */
            type: "template";
        } | {
            /** @description Kept, but of a type that can't be shown. */
            content: components["schemas"]["UnsupportedContent"];
            /** @enum {string} */
            type: "unsupported";
        };
        /** @description A page of messages, ascending by time; `next` leads to older ones. */
        MessagePage: {
            /** @description What is on this page. */
            items: components["schemas"]["Message"][];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /**
         * @description Where a message stands. `seen` follows from the conversation's read mark.
         * @enum {string}
         */
        MessageStatus: "received" | "queued" | "sending" | "sent" | "seen" | "failed" | "unconfirmed";
        /**
         * @description Who answers.
         * @enum {string}
         */
        Mode: "human" | "bot" | "paused";
        /** @description The direct message that shall answer a comment. */
        NewAnswer: {
            /**
             * @description A person decides to send an unconfirmed answer once more, in the same words. TikTok takes one message per comment: a second is
             *     refused if the first arrived.
             */
            again?: boolean;
            /** @description The words, at most 6,000 UTF-16 units. */
            text: string;
        };
        /** @description What a new key is called and may do. */
        NewApiKey: {
            /**
             * @description For people, 1 to 100 characters.
             * @example shop-orders
             */
            name: string;
            /** @description What it may do. */
            scope: components["schemas"]["KeyScope"];
        };
        /** @description One button of a question card. */
        NewButton: {
            /** @description Comes back with the tap; at most 40 UTF-16 units. */
            id?: string;
            /** @description What it says and what a tap sends; 1 to 20 UTF-16 units as a button, to 40 as a link. */
            title: string;
        };
        /** @description What to send. TikTok counts each as one message. */
        NewContent: {
            /** @description The words. */
            body: string;
            /** @enum {string} */
            type: "text";
        } | {
            /** @description `med_…`. */
            mediaId: string;
            /** @enum {string} */
            type: "image";
        } | {
            /** @description The answers to choose from. */
            buttons: components["schemas"]["NewButton"][];
            /** @description How its buttons look. Neither opens an address: a tap sends the button's title. */
            style: components["schemas"]["TemplateStyle"];
            /** @description The question; 1 to 40 UTF-16 units. */
            title: string;
            /** @enum {string} */
            type: "template";
        } | {
            /** @description TikTok's id of it, from `GET /api/v1/accounts/{id}/posts`. */
            postId: string;
            /** @enum {string} */
            type: "shared_post";
        };
        /** @description A reply to send. */
        NewMessage: {
            /** @description A text, a picture, a question card or one of the account's own posts. */
            content: components["schemas"]["NewContent"];
            /**
             * @description `low` for what is automatic: it waits (`queued`, failure `held`) before it would take one of the last three messages of a
             *     window, and goes on when the customer writes.
             */
            priority?: components["schemas"]["Priority"];
            /** @description `msg_…`: the message of this conversation that a text answers. TikTok quotes texts, pictures and shared posts of either side. */
            quote?: string;
            /** @description A person decides against the window, the quota and the picture rule: TikTok has the last word. */
            sendAnyway?: boolean;
        };
        /** @description E-mail address and password. */
        PasswordRequest: {
            /**
             * @description Upper and lower case do not matter.
             * @example ploy@example.com
             */
            email: string;
            /**
             * Format: password
             * @description The password.
             */
            password: string;
        };
        /** @description A sticker or a big emoji. */
        PictureContent: {
            /** @description Our copy's id, `med_…`. */
            mediaId: string | null;
            /** @description Our copy once it is here, TikTok's address until then. */
            url: string;
        };
        /** @description One of the account's own posts. */
        Post: {
            /** @description The words under it. */
            caption: string | null;
            /** @description Address of TikTok's player for it. */
            embedUrl: string | null;
            /** @description TikTok's id, for a message of type `shared_post`. */
            id: string;
            kind: components["schemas"]["PostKind"] | null;
            /**
             * Format: date-time
             * @description When it was published.
             */
            publishedAt: string | null;
            /** @description Address of its page. */
            shareUrl: string | null;
            /** @description Address of its preview picture at TikTok; it ends after a while. */
            thumbnailUrl: string | null;
        };
        /**
         * @description What a post consists of.
         * @enum {string}
         */
        PostKind: "video" | "photo";
        /** @description A page of posts. */
        PostPage: {
            /** @description Newest first. */
            items: components["schemas"]["Post"][];
            /** @description Where the next page goes on; null at the end. */
            next: string | null;
        };
        /**
         * @description Which messages of a window a reply may take.
         * @enum {string}
         */
        Priority: "normal" | "low";
        /** @description What went wrong: `application/problem+json`. Further members depend on the type, such as `closedAt` of `window-closed`. */
        Problem: {
            /** @description What they do, as one plain sentence. */
            action?: string | null;
            /** @description Of `provider-refused`, `provider-unavailable` and what else TikTok answered with: what exactly, as in a message's failure. */
            cause?: string | null;
            /** @description This case in plain words. */
            detail: string;
            fixedBy?: components["schemas"]["FixedBy"] | null;
            /** @description The request's id, for the logs. */
            instance?: string | null;
            /**
             * Format: int32
             * @description The HTTP status.
             */
            status: number;
            /** @description The kind in plain words. */
            title: string;
            /** @description An address, stable and unique per kind, such as `https://message-gateway.dev/problems/window-closed`. */
            type: string;
        };
        /** @description All chat prompts, in the order in which customers shall see them. */
        PromptOrder: {
            /** @description TikTok's ids. */
            ids: string[];
        };
        /**
         * @description Through whom an account's messages travel.
         * @enum {string}
         */
        Provider: "official" | "respondio" | "thirdparty" | "login";
        /** @description A reaction that stands: an emoji or a picture. */
        Reaction: {
            /** @description Who reacted. */
            by: components["schemas"]["ReactionBy"];
            /** @description The emoji; null for a picture. */
            emoji: string | null;
            /** @description The picture's address; null for an emoji. */
            imageUrl: string | null;
        };
        /**
         * @description Who reacted.
         * @enum {string}
         */
        ReactionBy: "customer" | "business";
        /**
         * @description Why a contact can't be read.
         * @enum {string}
         */
        ReadProblem: "status" | "no_answer" | "odd_answer";
        /** @description How a conversation is looked at. */
        ReadRequest: {
            /**
             * @description Whether the customer shall see on TikTok that their messages were looked at; by default they do.
             * @default true
             */
            tellCustomer: boolean;
        };
        /** @description An account by the field names of the reference's `GET /api/accounts`. */
        ReferenceAccount: {
            /** @description Address of the picture. */
            avatar_url: string | null;
            /**
             * Format: date-time
             * @description When it was connected, last time.
             */
            connected_at: string;
            /** @description Name shown to customers. */
            display_name: string | null;
            /** @description `acc_…`. */
            id: string;
            /** @description TikTok's id of the account: of the API for Business, else of Login Kit. Without either, that of the system it comes through. */
            open_id: string;
            /** @description Whether it works, and if not, what it waits for. */
            status: components["schemas"]["AccountState"];
            /**
             * Format: date-time
             * @description When the access token of that `open_id` ends; null where there is none.
             */
            token_expires_at: string | null;
            /** @description Handle without `@`. */
            username: string | null;
        };
        /** @description Sums of the workspace. */
        ReferenceStatus: {
            /**
             * Format: int64
             * @description Conversations.
             */
            chatCount: number;
            /**
             * Format: int64
             * @description People who wrote.
             */
            contacts: number;
            /** @description Whether messages of any account are asked for. TikTok pushes them; Respond.io is asked. */
            polling: boolean;
            /** @description The provider of new accounts: `official`, `respondio` or `thirdparty`. */
            provider: string;
            /**
             * Format: int64
             * @description The same number as `seenMessages`: no ids are held in memory.
             */
            seenMessageIds: number;
            /**
             * Format: int64
             * @description Messages kept.
             */
            seenMessages: number;
        };
        /** @description One way in, at one time. */
        Referral: {
            /** @description The account of that conversation, `acc_…`. */
            accountId: string;
            /**
             * Format: date-time
             * @description When, in whole seconds.
             */
            at: string;
            /** @description The conversation it led to, `conv_…`. */
            conversationId: string;
            /** @description False where TikTok told no time: `at` is then the latest it can have been. */
            dated: boolean;
            /**
             * Format: date-time
             * @description When the same source led to the same conversation for the first time.
             */
            firstAt: string;
            /** @description Names the source, such as `ad:1800000000000042` or `link:bio_link-2026`: what the list of conversations takes as `referral`. */
            key: string;
            /** @description Through what. */
            source: components["schemas"]["ReferralSource"];
        };
        /** @description Through what a customer came, such as `{"type":"ad","adId":"1800000000000042",…}`. */
        ReferralSource: {
            /** @description The ad. */
            adId: string | null;
            /** @description The advertiser's account. */
            advertiserId: string | null;
            /** @description Address of its player. */
            embedUrl: string | null;
            /** @description Its message material. */
            materialId: string | null;
            /** @description Its name, in the advertiser's words. */
            name: string | null;
            /** @enum {string} */
            type: "ad";
        } | {
            audit: components["schemas"]["LinkAudit"] | null;
            /** @description The words that the link put into the customer's field. */
            prefilledMessage: string | null;
            /** @description The business's own marker. */
            ref: string | null;
            /** @enum {string} */
            type: "short_link";
        } | {
            /** @description TikTok's name for it. */
            name: string | null;
            /** @enum {string} */
            type: "other";
        };
        /** @description How the customer of a conversation came to it, and elsewhere. At most 100 of each. */
        Referrals: {
            /** @description The same contact to other conversations that the caller may see, newest first. */
            elsewhere: components["schemas"]["Referral"][];
            /** @description To this conversation, newest first. */
            items: components["schemas"]["Referral"][];
        };
        /** @description How to try again. */
        RetryRequest: {
            /** @description As in a new message. */
            sendAnyway?: boolean;
        };
        /**
         * @description Where TikTok's review stands.
         * @enum {string}
         */
        Review: "reviewing" | "approved" | "rejected" | "unknown";
        /**
         * @description What a member may do. Each includes the ones below.
         * @enum {string}
         */
        Role: "owner" | "admin" | "agent" | "viewer";
        /**
         * @description Which reading of TikTok's window rules guards replies. TikTok's pages disagree; its own refusal corrects either.
         * @enum {string}
         */
        RuleSet: "strict" | "guide" | "unlimited";
        /** @description The other account of what is probably one person. */
        SameAs: {
            /** @description `acc_…`. */
            accountId: string;
            /** @description The username that both have. */
            username: string;
        };
        /** @description Who sends. */
        Sender: {
            /** @description One of the sides. */
            provider: components["schemas"]["Provider"];
        };
        /** @description Who is signed in, and what this installation offers them. */
        Session: {
            /** @description Which kinds of account can be connected. */
            connect: components["schemas"]["Connect"];
            /** @description Whether this is a local trial (`message-gateway dev`). */
            dev: boolean;
            /** @description The accounts they may see; null for all. */
            permittedAccounts: string[] | null;
            /** @description Whether pictures can leave through Respond.io: it fetches them from here, so `PUBLIC_URL` must be an https address that it can reach. */
            respondioPictures: boolean;
            /** @description What they may do. */
            role: components["schemas"]["Role"];
            /** @description The phone console, where one runs. */
            simulatorUrl: string | null;
            /** @description The person. */
            user: components["schemas"]["SessionUser"];
            /** @description The gateway's version, such as `0.1.0`. */
            version: string;
            /** @description Their workspace. */
            workspace: components["schemas"]["Workspace"];
        };
        /** @description The signed-in person. */
        SessionUser: {
            /** @description Null until the first-run set-up is done. */
            email: string | null;
            /** @description `usr_…`. */
            id: string;
            /** @description Their name. */
            name: string;
        };
        /** @description What the first owner tells of themselves. */
        Setup: {
            /**
             * @description Signs in with it.
             * @example ploy@example.com
             */
            email: string;
            /**
             * @description Shown beside their replies.
             * @example Ploy
             */
            name: string;
            /**
             * Format: password
             * @description 10 characters to 1,024 bytes.
             */
            password: string;
        };
        /** @description A message that one side told and the other did not, two minutes after it came. */
        Shadow: {
            /** @description `msg_…` of what the other side told that says the same. */
            candidates: string[];
            /** @description `conv_…`. */
            conversationId: string;
            /** @description From the customer, or to them. */
            direction: components["schemas"]["Direction"];
            /** @description `msg_…`. */
            messageId: string;
            /** @description What that side says TikTok calls it, where it says so and is not TikTok. */
            platformMessageId: string | null;
            /** @description What that side calls it. */
            providerMessageId: string;
            /** @description The side that told it. */
            side: components["schemas"]["Provider"];
            /**
             * Format: date-time
             * @description The side's time.
             */
            timestamp: string;
            /** @description Why only one side knows it. */
            why: components["schemas"]["ShadowWhy"];
        };
        /** @description A page of messages that one side told. */
        ShadowPage: {
            /** @description What is on this page. */
            items: components["schemas"]["Shadow"][];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /**
         * @description Why a message is known by one side only.
         * @enum {string}
         */
        ShadowWhy: "not_told" | "unproven" | "ambiguous";
        /** @description A TikTok post. */
        SharedPostContent: {
            /** @description TikTok's player address. */
            embedUrl: string;
            /** @description The post's id where it is known. */
            postId: string | null;
        };
        /** @description One way in which messages of an account come. */
        Side: {
            /** @description Its id of the account. */
            openId: string;
            /** @description Which provider. */
            provider: components["schemas"]["Provider"];
            /** @description Whether replies leave through it, where a conversation has no choice of its own. */
            sends: boolean;
        };
        /** @description The sides of an account. */
        SidePage: {
            /** @description What is on this page. */
            items: components["schemas"]["Side"][];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /** @description A connected workspace of Respond.io. */
        Space: {
            /** @description Its channels as they were listed last, TikTok's first. */
            channels: components["schemas"]["SpaceChannel"][];
            /**
             * Format: date-time
             * @description When its token was put here first.
             */
            connectedAt: string;
            history: components["schemas"]["SpaceHistory"] | null;
            /**
             * @description `spc_…`.
             * @example spc_00jx3k5t8g002
             */
            id: string;
            /**
             * Format: date-time
             * @description When a webhook of one of its accounts was last verified; null when none came.
             */
            lastWebhookAt: string | null;
            /** @description Whether it can be asked. */
            state: components["schemas"]["SpaceState"];
            /** @description One plain sentence on why not. */
            stateReason: string | null;
        };
        /** @description A channel of a workspace of Respond.io. */
        SpaceChannel: {
            /** @description The account that it is here; null while it is none. */
            accountId: string | null;
            /**
             * @description Respond.io's id, digits.
             * @example 54321
             */
            id: string;
            /** @description Its name there. */
            name: string | null;
            /** @description What it is connected to, in Respond.io's words. */
            source: string | null;
            /** @description Whether it looks like a TikTok account. */
            tiktok: boolean;
        };
        /** @description How far everything is here that Respond.io keeps of a workspace's contacts. */
        SpaceHistory: {
            /**
             * Format: date-time
             * @description When it was asked for.
             */
            askedAt: string;
            /**
             * Format: int32
             * @description Contacts that were found so far.
             */
            contacts: number;
            /** @description Every contact was found, and everything is here. */
            done: boolean;
            /**
             * Format: int32
             * @description Those of them that can't be read, for two minutes at least: they are tried again and again, and keep `done` away until they can.
             */
            unreadable: number;
            /** @description The first ten of these, those that fail longest first. */
            unreadableContacts: components["schemas"]["UnreadableContact"][];
            /**
             * Format: int32
             * @description Those of them of whom everything is here.
             */
            whole: number;
        };
        /** @description The connected workspaces of Respond.io. */
        SpacePage: {
            /** @description What is on this page. */
            items: components["schemas"]["Space"][];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /**
         * @description Whether a workspace of Respond.io can be asked.
         * @enum {string}
         */
        SpaceState: "active" | "refused";
        /** @description An access token. */
        SpaceToken: {
            /** @description From Respond.io: Settings, Integrations, Developer API. Never shown again. */
            token: string;
        };
        /** @description What the reference answers to a deletion. */
        Success: {
            /** @description Always true. */
            success: boolean;
        };
        /** @description On or off. */
        Switch: {
            /** @description Whether it shall be on. */
            enabled: boolean;
        };
        /** @description One button of a card. */
        TemplateButton: {
            /** @description Comes back when it is tapped; null where none was set. */
            id: string | null;
            /** @description The answer. */
            title: string;
        };
        /** @description A question card with one to three buttons. */
        TemplateContent: {
            /** @description The answers. */
            buttons: components["schemas"]["TemplateButton"][];
            /** @description How its buttons look. */
            style: components["schemas"]["TemplateStyle"];
            /** @description The question. */
            title: string;
        };
        /**
         * @description How the buttons of a card look; both only send their text back.
         * @enum {string}
         */
        TemplateStyle: "button" | "link";
        /** @description TikTok's own words on why something is not available. */
        Unavailable: {
            /**
             * Format: int64
             * @description TikTok's code, such as 40001.
             */
            code: number | null;
            /** @description TikTok's words. */
            detail: string;
            /** @description TikTok's id of the request, for its support. */
            requestId: string | null;
        };
        /** @description A contact that can't be read. */
        UnreadableContact: {
            /**
             * @description Respond.io's id of the contact, digits.
             * @example 204817702
             */
            contactId: string;
            /** @description Why, the last time. */
            problem: components["schemas"]["ReadProblem"];
            /**
             * @description The same as one plain sentence.
             * @example Respond.io answers 500
             */
            reason: string;
            /**
             * Format: date-time
             * @description Since when.
             */
            since: string;
            /**
             * Format: int32
             * @description Respond.io's HTTP status; null where there was none.
             */
            status: number | null;
        };
        /** @description Something that can't be shown: its raw delivery is kept. */
        UnsupportedContent: {
            /** @description The provider's name for it. */
            typeName: string;
        };
        /** @description The multipart form. */
        UploadForm: {
            /**
             * Format: binary
             * @description JPG or PNG, at most 3 MB.
             */
            file: string;
        };
        /** @description The customer, by the field names of the reference. */
        User: {
            /** @description Address of the picture; null until known. */
            avatar: string | null;
            /** @description `ctc_…`. */
            id: string;
            /** @description Shown name; null until known. */
            nickname: string | null;
            /** @description Handle without `@`. */
            username: string | null;
        };
        /** @description What was said in a month, over all accounts in sight. */
        VolumeMonth: {
            /**
             * Format: int32
             * @description Conversations in which anything was said: sellers call them active contacts.
             */
            conversations: number;
            /**
             * Format: int32
             * @description Messages of customers.
             */
            incoming: number;
            /** @description `2026-11`. */
            month: string;
            /**
             * Format: int32
             * @description Replies that left.
             */
            outgoing: number;
        };
        /** @description Where TikTok delivers webhooks of the app. */
        WebhookAddress: {
            /** @description Whether it had another or none before. */
            changed: boolean;
            /**
             * @description The address of this gateway that TikTok has now.
             * @example https://inbox.example.com/webhook/tiktok
             */
            url: string;
        };
        /** @description TikTok's 48 hours and its quota. */
        Window: {
            /**
             * Format: date-time
             * @description When it closes or closed; null without one.
             */
            closesAt: string | null;
            /**
             * Format: int32
             * @description Messages left; null when nothing limits them.
             */
            quotaLeft: number | null;
            /**
             * Format: int32
             * @description Messages there are in all: ten, or three once the 48 hours are over; null when nothing limits them.
             */
            quotaLimit: number | null;
            /** @description Whether a reply may leave. */
            state: components["schemas"]["WindowState"];
        };
        /**
         * @description Whether a reply may leave.
         * @enum {string}
         */
        WindowState: "open" | "grace" | "closed" | "spent" | "none";
        /** @description The other account. */
        With: {
            /** @description `acc_…`. */
            with: string;
        };
        /**
         * @description A message of a customer in the EEA, Switzerland or the UK. TikTok tells only that it came and when; where it was found, or may be,
         *     is what its lists showed.
         */
        WithheldMessage: {
            /**
             * Format: date-time
             * @description When it was written.
             */
            at: string;
            /** @description `conv_…` of those that moved at that time, where it is ambiguous. */
            candidates: string[];
            /** @description `conv_…` where it was found: with its content, or with a message of type `unsupported` (`withheld`) in its place. Else null. */
            conversationId: string | null;
            /** @description `wth_…`. */
            id: string;
            /**
             * Format: date-time
             * @description When the search ended; null while it goes on.
             */
            settledAt: string | null;
            /** @description How the search stands. */
            state: components["schemas"]["WithheldState"];
        };
        /** @description A page of messages that TikTok does not tell. */
        WithheldMessagePage: {
            /** @description What is on this page. */
            items: components["schemas"]["WithheldMessage"][];
            /** @description The cursor of the next page; null on the last. */
            next: string | null;
        };
        /**
         * @description How the search for a withheld message stands.
         * @enum {string}
         */
        WithheldState: "looking" | "found" | "ambiguous" | "not_found";
        /** @description A workspace. */
        Workspace: {
            /** @description `wsp_…`. */
            id: string;
            /** @description Its name. */
            name: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listReferenceAccounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReferenceAccount"][];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteReferenceAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Disconnected */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Success"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listChats: {
        parameters: {
            query?: {
                /** @description Only of this account, `acc_…`. */
                accountId?: string;
                /** @description Only of this conversation: `conv_…`, or the provider's id. */
                conversationId?: string;
                /** @description From this time on, inclusive, such as `2026-11-20T10:00:00Z`. */
                since?: string;
                /** @description At most so many, the oldest first. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A JSON array, written as it is read */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"][];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sums */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReferenceStatus"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAccounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountPatch"];
            };
        };
        responses: {
            /** @description The account as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAutomation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As TikTok has it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Automation"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sortChatPrompts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PromptOrder"];
            };
        };
        responses: {
            /** @description They stand so */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    switchCommentToMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Switch"];
            };
        };
        responses: {
            /** @description It is so */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAutomationHistory: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                before?: string;
                /** @description 1 to 100; 50 by default. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AutoMessageEventPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    switchAutoMessages: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
                /** @description Which kind */
                kind: "welcome" | "suggested_question" | "chat_prompt";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Switch"];
            };
        };
        responses: {
            /** @description It is so */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createAutoMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AutoMessageWords"];
            };
        };
        responses: {
            /** @description TikTok reviews it now */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AutoMessageId"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteAutoMessage: {
        parameters: {
            query: {
                /** @description Which kind the message is of. */
                kind: "welcome" | "suggested_question" | "chat_prompt";
            };
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
                /** @description TikTok's id */
                message: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateAutoMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
                /** @description TikTok's id */
                message: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AutoMessageWords"];
            };
        };
        responses: {
            /** @description TikTok reviews it now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AutoMessageId"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    disconnectAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    accountHealth: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was found, worst first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    fileHistory: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    disconnectIdentity: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has none now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdentityGone"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    keepAccountsApart: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["With"];
            };
        };
        responses: {
            /** @description The account as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    mergeAccounts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["With"];
            };
        };
        responses: {
            /** @description The account that both are now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPosts: {
        parameters: {
            query?: {
                /** @description `next` of the page before; without it the newest. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page; it may be short and not the last */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setSender: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Sender"];
            };
        };
        responses: {
            /** @description The account as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listShadows: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                before?: string;
                /** @description 1 to 100; 50 by default. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShadowPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSides: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One or two */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SidePage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeSide: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
                /** @description Which side */
                provider: components["schemas"]["Provider"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWithheldMessages: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                before?: string;
                /** @description 1 to 100; 50 by default. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description `acc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WithheldMessagePage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listApiKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Keys, newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewApiKey"];
            };
        };
        responses: {
            /** @description The key with its secret */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyCreated"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `key_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listComments: {
        parameters: {
            query?: {
                /** @description Only of this account, `acc_…`. */
                account?: string;
                /** @description Only those that stand so. */
                state?: "open" | "answering" | "answered" | "failed" | "unconfirmed";
                /** @description `next` of the page before; without it the newest. */
                before?: string;
                /** @description 1 to 100; 50 by default. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page; `next` leads to older ones */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommentPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getComment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `cmt_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The comment */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comment"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    answerComment: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 printable ASCII characters, chosen by the caller */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description `cmt_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAnswer"];
            };
        };
        responses: {
            /** @description Taken before under the same key */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comment"];
                };
            };
            /** @description It leaves now */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comment"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listConversations: {
        parameters: {
            query?: {
                /** @description Which conversations; all by default. */
                view?: "all" | "mine" | "unassigned" | "closing" | "requests" | "failed";
                /** @description Only those that stand so; every status by default. */
                status?: "open" | "snoozed" | "closed";
                /** @description Only of this account, `acc_…`. */
                account?: string;
                /** @description Only those that this ad or link led to: the `key` of a referral, such as `ad:1800000000000042` or `link:bio_link-2026`. */
                referral?: string;
                /** @description In which order; newest activity first by default. */
                sort?: "newest" | "waiting" | "closing";
                /** @description 1 to 100; 50 by default. */
                limit?: number;
                /** @description `next` of the page before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    countConversations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The counts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Counts"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getConversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `conv_…`, or the provider's id, URL-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The conversation */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchConversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `conv_…`, or the provider's id, URL-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConversationPatch"];
            };
        };
        responses: {
            /** @description The conversation as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listMessages: {
        parameters: {
            query?: {
                /** @description `next` of the page before; without it the newest. */
                before?: string;
                /** @description 1 to 100; 50 by default. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description `conv_…`, or the provider's id, URL-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page; `next` leads to older messages */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessagePage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sendMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1 to 200 printable ASCII characters, chosen by the caller */
                "Idempotency-Key"?: string | null;
            };
            path: {
                /** @description `conv_…`, or the provider's id, URL-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMessage"];
            };
        };
        responses: {
            /** @description Queued before under the same key */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description Queued */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readConversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `conv_…`, or the provider's id, URL-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReadRequest"] | null;
            };
        };
        responses: {
            /** @description The conversation as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listReferrals: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `conv_…`, or the provider's id, URL-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How they came, here and elsewhere */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Referrals"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setConversationSender: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `conv_…`, or the provider's id */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConversationSender"];
            };
        };
        responses: {
            /** @description The conversation as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    typeInConversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `conv_…`, or the provider's id, URL-encoded */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Heard; whether it is shown is not told */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description Which; all by default. */
                kind?: "all" | "unsupported";
                /** @description `next` of the page before. */
                before?: string;
                /** @description 1 to 100; 50 by default. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description The highest `seq` seen. Without it nothing is listed, and `next` says where the log ends. */
                after?: number;
                /** @description Events looked at, 1 to 1,000; 200 by default. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploadMedia: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["UploadForm"];
            };
        };
        responses: {
            /** @description Stored */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaUploaded"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMedia: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `med_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes, with their detected type */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listMembers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Members, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `msg_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The message */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    discardMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `msg_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `msg_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The message as it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `msg_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RetryRequest"];
            };
        };
        responses: {
            /** @description Queued again */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCosts: {
        parameters: {
            query?: {
                /** @description Active contacts a month, in place of the counted ones. */
                contacts?: number;
                /**
                 * @description Prices that you know better, in US dollars a month; `thb` is baht for a dollar. They go before `COST_PRICES`. Example:
                 *     `respondio-growth=189,thb=34.5`.
                 */
                prices?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Volume and costs */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Costs"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSpaces: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SpacePage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addSpace: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SpaceToken"];
            };
        };
        responses: {
            /** @description The workspace */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Space"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    lookAtSpace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `spc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The workspace */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Space"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeSpace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `spc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Forgotten */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    connectChannel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `spc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChannelChoice"];
            };
        };
        responses: {
            /** @description The account */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    askHistory: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `spc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The workspace */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Space"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replaceSpaceToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `spc_…` */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SpaceToken"];
            };
        };
        responses: {
            /** @description The workspace */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Space"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The person, their workspace, what this installation offers */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out; the cookie is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signInByLink: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkRequest"];
            };
        };
        responses: {
            /** @description Signed in; the cookie is set */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signInByPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordRequest"];
            };
        };
        responses: {
            /** @description Signed in; the cookie is set */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description TikTok has the address */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookAddress"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}

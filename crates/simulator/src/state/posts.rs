//! The posts of a business: what `share_post.item_id` may name and comments stand under.

use serde::Serialize;

/// Id of the first post of a simulator; later ones count up.
const FIRST: u64 = 7_400_000_000_000_000_101;
/// Captions of the posts every new business has.
const CAPTIONS: [&str; 3] = ["ของใหม่เข้าร้านแล้ว ✨", "รีวิวจากลูกค้า 💬", "เบื้องหลังร้านเรา 🎬"];

/// One post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Post {
    /// 19 digits, e.g. `7400000000000000101`.
    pub item_id: String,
    /// Handle of the business.
    pub business: String,
    /// What it says.
    pub caption: String,
    /// When it was posted, Unix ms.
    pub created_at: i64,
}

/// All posts.
#[derive(Debug, Default)]
pub(crate) struct Posts(Vec<Post>);

impl Posts {
    /// The three posts of a new business, a day apart.
    pub(crate) fn begin(&mut self, business: &str, now: i64) {
        for (days, caption) in (1..).zip(CAPTIONS) {
            self.add(business, caption, now - days * 86_400_000);
        }
    }

    pub(crate) fn add(&mut self, business: &str, caption: &str, created_at: i64) -> Post {
        let item_id = (FIRST + u64::try_from(self.0.len()).unwrap_or_default()).to_string();
        let post = Post { item_id, business: business.to_owned(), caption: caption.to_owned(), created_at };
        self.0.push(post.clone());
        post
    }

    /// Newest first.
    pub(crate) fn of(&self, business: &str) -> Vec<Post> {
        let mut posts: Vec<Post> = self.0.iter().filter(|one| one.business == business).cloned().collect();
        posts.sort_by_key(|one| std::cmp::Reverse(one.created_at));
        posts
    }

    pub(crate) fn owns(&self, business: &str, item_id: &str) -> bool {
        self.0.iter().any(|one| one.business == business && one.item_id == item_id)
    }
}

import FoundationEssentials

/// How keys that sign tokens follow each other.
struct SigningKeyPolicy: Hashable, Sendable {
    /// A key signs for so long.
    var life: TimeInterval = 90 * 86_400
    /// A key is published so long before it signs, for those who keep the list of keys for a while.
    var ahead: TimeInterval = 86_400
    /// The longest that a token lives, and how far clocks may be apart.
    var longestToken: TimeInterval = 3600 + 300
}

/// What is to be done with the keys at a moment.
struct SigningKeyPlan: Hashable, Sendable {
    /// A key must be made that signs from then on.
    var make: Date?
    /// Signs tokens; nil when a key must be made first.
    var signer: String?
    /// Whose tokens are accepted, and who are in the list that everybody may read; newest first.
    var published: [String]
    /// Not needed any more: the last token they signed has expired.
    var dropped: [String]
}

/// When a key was made and from when it signs.
struct SigningKeyTimes: Hashable, Sendable {
    var id: String
    var signsFrom: Date
}

/// Decides which key signs, which are published, and which come and go.
///
/// A key signs from its moment until the next one's; it is dropped when the last token it can have signed has expired. The next key is
/// wanted so early that it is published for a while before it signs. Example: keys of day 0 and, made on day 89, of day 90; on day 89 both
/// are published and the first signs; an hour after the change on day 90 the first is dropped.
func planSigningKeys(_ keys: [SigningKeyTimes], _ policy: SigningKeyPolicy, at now: Date) -> SigningKeyPlan {
    let sorted = keys.sorted { ($0.signsFrom, $0.id) > ($1.signsFrom, $1.id) }
    let signer = sorted.first { $0.signsFrom <= now }
    var plan = SigningKeyPlan(signer: signer?.id, published: [], dropped: [])
    for (index, key) in sorted.enumerated() {
        // Newer keys stand before it; the oldest of them took over.
        let successor = index > 0 ? sorted[index - 1].signsFrom : nil
        let isNeeded = successor.map { now < $0 + policy.longestToken } ?? true
        if isNeeded { plan.published.append(key.id) } else { plan.dropped.append(key.id) }
    }
    if signer == nil {
        plan.make = now
    } else if let newest = sorted.first, newest.signsFrom <= now, newest.signsFrom + policy.life - policy.ahead <= now {
        plan.make = now + policy.ahead
    }
    return plan
}

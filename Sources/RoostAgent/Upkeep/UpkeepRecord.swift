import FoundationEssentials
import RoostModel

/// A line of an agent's history of upkeep.
struct UpkeepRecord: Codable, Hashable, Sendable {
    enum What: String, Codable, Hashable, Sendable {
        /// An item is gone.
        case evicted
        /// A job has begun to use an item that was to go.
        case spared
        /// An item could not be removed; the reason says why.
        case failed
        /// There is less room than there should be, and nothing more that could go.
        case short
        /// No job is taken until there is room.
        case closed
        /// Jobs are taken again.
        case open
    }

    var at: Date
    var occasion: UpkeepOccasion
    var what: What
    /// Of an item.
    var kind: UpkeepItem.Kind?
    var name: String?
    var label: String?
    var bytes: Int?
    var lastUse: Date?
    /// For programs; see ``UpkeepReason/code``.
    var code: String?
    /// For people.
    var reason: String
    /// What the disk had free afterwards.
    var free: Int

    /// For people, on one line.
    var sentence: String {
        let moment = DiagnosticLog.moment(at)
        let item = name.map { name in
            "\(kind?.rawValue ?? "item") \(name)\(label.map { $0.isEmpty ? "" : " (\($0))" } ?? ""), \(UpkeepText.size(bytes ?? 0))"
        }
        let free = "\(UpkeepText.size(free)) free"
        return
            "\(moment)  \(occasion.rawValue)  \(what.rawValue)  \([item, reason].compactMap { $0 }.joined(separator: ": ")); \(free)"
    }
}

import FoundationEssentials

/// What git says of its own time, in the events it writes to a file (api-trace2 of git's documentation).
struct FetchTrace: Hashable, Sendable {
    /// Names of the other side, and which commits are common.
    var negotiate = Duration.zero
    /// Working out deltas, and whether all that was promised is there.
    var resolve = Duration.zero
    /// Bytes of packs that came.
    var bytes = 0

    /// One line; members are missing from most kinds.
    private struct Event: Decodable {
        var event: String
        var category: String?
        var label: String?
        var key: String?
        /// Nil for texts.
        var value: Number?
        var t_rel: Double?
    }

    private struct Number: Decodable {
        var amount: Int?

        init(from decoder: any Decoder) throws {
            amount = try? decoder.singleValueContainer().decode(Int.self)
        }
    }

    /// Reads the events of all programs that wrote to a file.
    init(_ text: some StringProtocol) {
        // Where progress is reported, its bytes come before the end of the region that they belong to.
        var pending: [String: Int] = [:]
        for line in text.split(separator: "\n") where line.contains("region_leave") || line.contains("total_bytes") {
            guard let event = try? JSONDecoder().decode(Event.self, from: Data(line.utf8)) else { continue }
            if event.key == "total_bytes" {
                pending["bytes"] = event.value?.amount
            } else {
                take(event, &pending)
            }
        }
    }

    private mutating func take(_ event: Event, _ pending: inout [String: Int]) {
        let time = Duration.seconds(event.t_rel ?? 0)
        switch (event.category, event.label) {
        case ("fetch", "remote_refs"), ("fetch-pack", "negotiation_v2"), ("fetch-pack", "negotiation_v0_v1"):
            negotiate += time
        case ("progress", "Resolving deltas"), ("fetch", "consume_refs"): resolve += time
        case ("progress", "Receiving objects"), ("progress", "Unpacking objects"):
            bytes += pending["bytes"] ?? 0
            pending = [:]
        default: break
        }
    }

    init() {}
}

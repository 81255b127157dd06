import RoostModel

/// A checkout on the page of its run.
struct CheckoutLine {
    var repository: String
    var agent: String
    var source: String
    var reason: String
    var total: String
    var prepare: String
    var negotiate: String
    var transfer: String
    var resolve: String
    var write: String
    var bytes: String

    init(_ checkout: Checkout) {
        repository = checkout.repository
        agent = checkout.agent
        source = checkout.source
        reason = checkout.reason
        total = Self.seconds(checkout.times.total)
        prepare = Self.seconds(checkout.times.prepare)
        negotiate = Self.seconds(checkout.times.negotiate)
        transfer = Self.seconds(checkout.times.transfer)
        resolve = Self.seconds(checkout.times.resolve)
        write = Self.seconds(checkout.times.write)
        bytes = ArtifactLine.text(checkout.bytes)
    }

    /// With two digits behind the point, of milliseconds.
    private static func seconds(_ milliseconds: Int) -> String {
        let hundredths = (milliseconds + 5) / 10
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) s"
    }
}

extension Phrases {
    static let aboutCheckouts: [String: (String, String)] = [
        "checkouts": ("Checkouts", "签出"),
        "commitsFrom": ("Commits from", "提交来源"), "prepareTime": ("Prepare", "准备"),
        "negotiateTime": ("Negotiate", "协商"), "transferTime": ("Transfer", "传输"),
        "resolveTime": ("Resolve", "解析"), "writeTime": ("Write", "写入"),
    ]
}

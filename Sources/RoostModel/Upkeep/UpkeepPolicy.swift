/// What an agent keeps on its disk and for how long.
///
/// As text, for settings: `free=10%,least=1g,workspace=30d,mirror=90d,task=30d,oldtask=1d,tool=90d,image=30d,log=7d`, each part optional, `never` for an
/// age without end; `off` is a policy of its own.
public struct UpkeepPolicy: Hashable, Sendable {
    /// A part of the disk.
    public enum Amount: Hashable, Sendable {
        case bytes(Int)
        case percent(Int)

        func bytes(of size: Int) -> Int {
            switch self {
            case .bytes(let bytes): bytes
            case .percent(let percent): size / 100 * percent
            }
        }
    }

    /// Why a text is no policy.
    public enum Fault: Error, Hashable, Sendable, CustomStringConvertible {
        case unknownKey(String)
        case badValue(key: String, value: String, expected: String)

        public var description: String {
            switch self {
            case .unknownKey(let key):
                "'\(key)' is not known; there are \((UpkeepPolicy.amounts + UpkeepPolicy.ages.map(\.key)).joined(separator: ", "))"
            case .badValue(let key, let value, let expected): "'\(value)' is no value for '\(key)': \(expected)"
            }
        }
    }

    /// Nothing is removed, and jobs are taken however full the disk is.
    public var isOff = false
    /// What is to stay free; nil is a tenth of the disk, 20 GB at most, and at least 1 GB or a quarter of a small disk.
    public var free: Amount?
    /// With less free than this no job is taken; nil is a quarter of what is to stay free, 1 GB at most.
    public var least: Amount?
    /// Days without use after which an item goes whether room is needed or not; a kind without a number stays until room is needed.
    public var days: [UpkeepItem.Kind: Int] = [
        .workspace: 30, .mirror: 90, .tree: 30, .task: 30, .tool: 90, .image: 30, .log: 7, .temporary: 1,
    ]
    /// The same for a version of a task that is not the newest here.
    public var supersededDays: Int? = 1

    public init() {}

    fileprivate static let amounts = ["free", "least"]
    fileprivate static let ages: [(key: String, kind: UpkeepItem.Kind?)] = [
        ("workspace", .workspace), ("mirror", .mirror), ("task", .task), ("oldtask", nil), ("tool", .tool),
        ("image", .image), ("log", .log),
    ]

    /// Reads a policy; what it does not name is as usual.
    ///
    /// - Throws: ``Fault``.
    public init(parsing text: String) throws(Fault) {
        let words = text.split(separator: ",").map { String($0.filter { !$0.isWhitespace }).lowercased() }
        if words == ["off"] {
            isOff = true
            return
        }
        for word in words where !word.isEmpty {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            let (key, value) = (parts[0], parts.count == 2 ? parts[1] : "")
            if Self.amounts.contains(key) {
                guard let amount = Self.amount(value) else {
                    throw .badValue(
                        key: key,
                        value: value,
                        expected: "a size such as 5g or 500m, or a share such as 10%"
                    )
                }
                if key == "free" { free = amount } else { least = amount }
            } else if let age = Self.ages.first(where: { $0.key == key }) {
                guard let days = Self.days(value) else {
                    throw .badValue(key: key, value: value, expected: "days such as 30d, or never")
                }
                set(days.count, age.kind)
            } else {
                throw .unknownKey(key)
            }
        }
    }

    private mutating func set(_ count: Int?, _ kind: UpkeepItem.Kind?) {
        guard let kind else {
            supersededDays = count
            return
        }
        days[kind] = count
        // A tree is of no use without its mirror.
        if kind == .mirror { days[.tree] = count }
    }

    private static func amount(_ text: String) -> Amount? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits) else { return nil }
        switch text[digits.endIndex...] {
        case "%": return (1...50).contains(number) ? .percent(number) : nil
        case "g", "gb": return number <= 1_000_000 ? .bytes(number * 1_000_000_000) : nil
        case "m", "mb": return number <= 1_000_000_000 ? .bytes(number * 1_000_000) : nil
        default: return nil
        }
    }

    /// Nil when it is no age; a count of nil is for ever.
    private static func days(_ text: String) -> (count: Int?, Void)? {
        if text == "never" { return (nil, ()) }
        guard text.hasSuffix("d"), let count = Int(text.dropLast()), (0...36_500).contains(count) else { return nil }
        return (count, ())
    }

    // MARK: What is to stay free

    private static let gigabyte = 1_000_000_000

    /// What is to stay free on a disk whatever jobs need, in bytes.
    public func reserve(of size: Int) -> Int {
        if let free { return min(free.bytes(of: size), size / 2) }
        return max(min(size / 10, 20 * Self.gigabyte), min(Self.gigabyte, size / 4))
    }

    /// With less free than this no job is taken, in bytes.
    public func floor(of size: Int) -> Int {
        if let least { return min(least.bytes(of: size), size / 2) }
        return min(reserve(of: size) / 4, Self.gigabyte)
    }

    /// What is to be free before a job, in bytes: the reserve, or what the hungriest of the last jobs needed and a quarter more.
    public func goal(of size: Int, needs: [Int]) -> Int {
        let need = needs.max() ?? 0
        return max(reserve(of: size), min(need + need / 4, size / 2))
    }
}

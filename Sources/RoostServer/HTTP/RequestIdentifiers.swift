import HTTPTypes
import Synchronization

/// Gives requests their ids: the client's when it sends one, else a new one in the shape of a UUID.
///
/// New ids are 64 random bits of this process and a counter: cheap, and unique enough to find a log line.
struct RequestIdentifiers: Sendable {
    private let prefix: String
    private let counter = Counter()

    private final class Counter: Sendable { let value = Atomic<UInt64>(0) }

    init() {
        let random = Self.hexadecimal(UInt64.random(in: .min ... .max))
        prefix = "\(random.prefix(8))-\(random.dropFirst(8).prefix(4))-\(random.suffix(4))-"
    }

    /// The id of a request.
    func id(_ headers: HTTPFields) -> String {
        for name in [HTTPField.Name.e2eID, .activityID, .requestID] {
            if let given = headers[name], Self.isFit(given) { return given }
        }
        let digits = Self.hexadecimal(counter.value.add(1, ordering: .relaxed).newValue)
        return "\(prefix)\(digits.prefix(4))-\(digits.suffix(12))"
    }

    /// What is echoed and logged must not carry line ends or be long.
    private static func isFit(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }

    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

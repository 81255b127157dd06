import Crypto
import FoundationEssentials

/// Signature version 4 of AWS: proves a request with a key that does not travel.
struct AWSSignature {
    /// What the key is called, and the key.
    let keyID: String
    let key: String
    let region: String
    let service: String
    let date: Date

    /// `20150830T123600Z`.
    var timestamp: String {
        let seconds = Int(date.timeIntervalSince1970.rounded(.down))
        let (days, rest) = (seconds / 86_400, seconds % 86_400)
        let (year, month, day) = Self.civil(days)
        let digits = { (value: Int, width: Int) in
            String(repeating: "0", count: max(0, width - "\(value)".count)) + "\(value)"
        }
        return digits(year, 4) + digits(month, 2) + digits(day, 2) + "T" + digits(rest / 3600, 2)
            + digits(rest / 60 % 60, 2) + digits(rest % 60, 2) + "Z"
    }

    private var day: String { String(timestamp.prefix(8)) }
    private var scope: String { "\(day)/\(region)/\(service)/aws4_request" }

    /// The value of the header `Authorization`.
    ///
    /// - Parameters:
    ///   - method: such as `POST`.
    ///   - path: encoded, beginning with a slash.
    ///   - query: names and values, not encoded.
    ///   - headers: those that are signed, `host` and `x-amz-date` among them.
    ///   - body: the whole body.
    /// - Returns: key, signed headers and signature.
    func authorization(
        _ method: String,
        path: String,
        query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)],
        body: Data
    ) -> String {
        let sorted = headers.map { (name: $0.name.lowercased(), value: Self.trimmed($0.value)) }.sorted {
            $0.name < $1.name
        }
        let names = sorted.map(\.name).joined(separator: ";")
        let parameters = query.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.sorted()
        let request = [
            method, path, parameters.joined(separator: "&"),
            sorted.map { "\($0.name):\($0.value)\n" }.joined(), names, Self.hex(SHA256.hash(data: body)),
        ].joined(separator: "\n")
        let text = [
            "AWS4-HMAC-SHA256", timestamp, scope, Self.hex(SHA256.hash(data: Data(request.utf8))),
        ].joined(separator: "\n")
        let signature = Self.hex(Self.code(text, key: signingKey))
        return "AWS4-HMAC-SHA256 Credential=\(keyID)/\(scope), SignedHeaders=\(names), Signature=\(signature)"
    }

    /// The key for one day, region and service.
    var signingKey: SymmetricKey {
        [day, region, service, "aws4_request"].reduce(SymmetricKey(data: Data("AWS4\(key)".utf8))) { key, part in
            SymmetricKey(data: Self.code(part, key: key))
        }
    }

    private static func code(_ text: String, key: SymmetricKey) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)
    }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Without blanks at the ends, and with one for several.
    private static func trimmed(_ value: String) -> String {
        value.split(separator: " ").joined(separator: " ")
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: String(Unicode.Scalar(byte))
            default: (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }

    /// Year, month and day of a number of days since 1970, in the Gregorian calendar.
    private static func civil(_ days: Int) -> (Int, Int, Int) {
        // Counted from March of the year 0, so that leap days come last; 400 years have 146,097 days.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        let part = (5 * dayOfYear + 2) / 153
        let month = part < 10 ? part + 3 : part - 9
        return (year + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * part + 2) / 5 + 1)
    }
}

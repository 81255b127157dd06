import HTTPTypes

/// What a request says about the form of its answer.
///
/// The version comes from the query, else from `Accept`, else from `Content-Type`; every version is served alike and echoed.
struct Negotiation: Hashable, Sendable {
    /// `application/json; charset=utf-8`, with the version that was asked for.
    var contentType: String
    /// Lists are bare arrays.
    var noArrayWrap = false
    /// The media type that the client likes best, in lower case, without parameters; empty when it does not say.
    var accepts: Substring = ""

    static let plainContentType = "application/json; charset=utf-8"

    init(_ headers: HTTPFields, query: QueryValues) {
        let accept = headers[.accept]
        var version = query["api-version"].flatMap { Self.version($0[...]) }
        if let accept {
            // The first media range only: clients of this protocol send one, browsers send many and get JSON.
            let range = accept.prefix { $0 != "," }
            accepts = range.prefix { $0 != ";" }
            if range.utf8.contains(UInt8(ascii: ";")) {
                version = version ?? Self.parameter("api-version", of: range).flatMap(Self.version)
                noArrayWrap = Self.parameter("noArrayWrap", of: range)?.lowercased() == "true"
            }
        }
        if version == nil, let type = headers[.contentType], type.utf8.contains(UInt8(ascii: ";")) {
            version = Self.parameter("api-version", of: type[...]).flatMap(Self.version)
        }
        contentType = version.map { "\(Self.plainContentType); api-version=\($0)" } ?? Self.plainContentType
    }

    /// Whether the client asks for this media type before all others.
    func prefers(_ mediaType: String) -> Bool { accepts.lowercased() == mediaType }

    private static func parameter(_ name: String, of range: Substring) -> Substring? {
        for part in range.split(separator: ";").dropFirst() {
            let pair = part.drop { $0 == " " }
            guard let equals = pair.firstIndex(of: "="), pair[..<equals].lowercased() == name.lowercased() else {
                continue
            }
            return pair[pair.index(after: equals)...].prefix { $0 != " " && $0 != "\"" }
        }
        return nil
    }

    /// The version when it has the form `7.1`, `7.1-preview` or `7.1-preview.1`; what has another form is not echoed.
    private static func version(_ text: Substring) -> Substring? {
        guard (1...24).contains(text.utf8.count), let first = text.utf8.first,
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first),
            text.utf8.allSatisfy({
                $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0)
                    || (0x61...0x7a).contains($0)
            })
        else { return nil }
        return text
    }
}

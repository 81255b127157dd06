import HTTPTypes

/// The routes as a list, for answers to requests that match none: other methods, other spellings.
///
/// Only requests that found nothing come here, so that it is plain rather than fast.
struct RouteIndex: Sendable {
    private struct Entry: Sendable {
        var method: String
        var parts: [Substring]
    }

    private let entries: [Entry]
    /// Lower-case spelling of each fixed part to its own spelling.
    private let words: [String: String]

    init(_ routes: [Route]) {
        var entries: [Entry] = []
        for route in routes {
            let prefixes: [String]
            switch route.place {
            case .root: prefixes = ["/"]
            case .service: prefixes = Route.Form.allCases.map(\.prefix)
            }
            for prefix in prefixes {
                entries.append(
                    Entry(method: route.method.rawValue, parts: (prefix + route.template).split(separator: "/"))
                )
            }
        }
        self.entries = entries
        words = Dictionary(
            entries.flatMap(\.parts).filter { $0.first != "{" }.map { ($0.lowercased(), String($0)) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The methods that an address takes.
    func methods(_ path: String) -> [String] {
        let parts = path.split(separator: "/")
        return Set(entries.filter { Self.matches($0.parts, parts) }.map(\.method)).sorted()
    }

    /// The address with fixed parts in their own spelling; nil when it has that already.
    func respelled(_ path: String) -> String? {
        let parts = path.split(separator: "/")
        guard let start = parts.firstIndex(where: { $0.lowercased() == "_apis" }) ?? parts.indices.first else {
            return nil
        }
        var spelled = parts.map(String.init)
        for index in parts.indices where index >= start {
            if let word = words[parts[index].lowercased()] { spelled[index] = word }
        }
        let new = "/" + spelled.joined(separator: "/")
        return new == "/" + parts.joined(separator: "/") ? nil : new
    }

    private static func matches(_ template: [Substring], _ parts: [Substring]) -> Bool {
        template.count == parts.count && zip(template, parts).allSatisfy { $0.first == "{" || $0 == $1 }
    }
}

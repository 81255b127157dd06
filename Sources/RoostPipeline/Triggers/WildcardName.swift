/// A name with wildcards: `*` stands for any characters, also `/`, and `?` for one.
struct WildcardName: Hashable, Sendable {
    private let pattern: [Character]

    init(_ text: some StringProtocol) { pattern = Array(text) }

    /// Whether a whole text fits; letter case counts.
    ///
    /// Goes back only to the last `*`, so that the time is bounded by the product of both lengths.
    func matches(_ text: some StringProtocol) -> Bool { rest(Array(text), mayGoOn: false) }

    /// Whether a text, or a folder above it, fits: `docs` fits `docs/a/b`.
    func matchesPath(_ path: some StringProtocol) -> Bool { rest(Array(path), mayGoOn: true) }

    private func rest(_ text: [Character], mayGoOn: Bool) -> Bool {
        var place = 0
        var index = 0
        var star: (pattern: Int, text: Int)?
        while true {
            if index == pattern.count, place == text.count || (mayGoOn && isFolderEnd(text, place)) { return true }
            if index < pattern.count, pattern[index] == "*" {
                star = (index, place)
                index += 1
            } else if index < pattern.count, place < text.count, pattern[index] == "?" || pattern[index] == text[place]
            {
                index += 1
                place += 1
            } else if let known = star, known.text < text.count {
                star = (known.pattern, known.text + 1)
                index = known.pattern + 1
                place = known.text + 1
            } else {
                return false
            }
        }
    }

    /// Whether what was matched so far is a whole folder.
    private func isFolderEnd(_ text: [Character], _ place: Int) -> Bool {
        place < text.count && place > 0 && (text[place] == "/" || text[place - 1] == "/")
    }

    /// Characters that are no wildcards: a longer pattern says more.
    var weight: Int { pattern.count { $0 != "*" && $0 != "?" } }
}

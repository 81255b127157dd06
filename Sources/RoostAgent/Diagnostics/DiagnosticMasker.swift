/// Hides in texts for diagnosis what is known to be secret, and what looks like it.
///
/// What is known is hidden in every encoding; what looks secret, by its shape or by the name before it, also when nobody knows it. It rather hides too much.
struct DiagnosticMasker: Sendable {
    private let known: [SecretMasker]

    func clean(_ text: String) -> String {
        var clean: [UInt8] = []
        var masked = Self.hideGuesses(known.reduce(text) { $1.mask($0) })
        masked.withUTF8 { bytes in
            URLPasswords.hide(in: UnsafeRawBufferPointer(bytes)) { clean.append(contentsOf: $0) }
        }
        return String(decoding: clean, as: UTF8.self)
    }

    // MARK: What looks secret

    /// Hides tokens of well-known shape, and what stands behind `password=`, `"token": "` and the like.
    private static func hideGuesses(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(hideInLine).joined(separator: "\n")
    }

    private static func hideInLine(_ line: Substring) -> String {
        var out = ""
        var rest = line
        while !rest.isEmpty {
            let word = rest.prefix(while: isPartOfWord)
            guard !word.isEmpty else {
                out.append(rest.removeFirst())
                continue
            }
            rest = rest.dropFirst(word.count)
            if SecretGuess.isToken(word) {
                out += SecretMasker.replacement
                continue
            }
            out += word
            guard let between = separator(in: rest), SecretGuess.isSecretName(String(word)) else { continue }
            out += between
            rest = rest.dropFirst(between.count)
            out += hideValue(&rest, in: between.last.flatMap { "\"'".contains($0) ? $0 : nil })
        }
        return out
    }

    private static func isPartOfWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "_-.".contains(character)
    }

    /// `=`, `: ` or `": "` behind a name.
    private static func separator(in rest: Substring) -> String? {
        var end = rest.startIndex
        func skip(_ isWanted: (Character) -> Bool) {
            while end < rest.endIndex, isWanted(rest[end]) { end = rest.index(after: end) }
        }
        let isQuote: (Character) -> Bool = { $0 == "\"" || $0 == "'" }
        skip(isQuote)
        skip { $0 == " " }
        guard end < rest.endIndex, rest[end] == "=" || rest[end] == ":" else { return nil }
        end = rest.index(after: end)
        skip { $0 == " " }
        skip(isQuote)
        return String(rest[..<end])
    }

    /// What replaces a value; the scheme before a credential is none.
    ///
    /// A value that stands in quotes ends with the next such that has no backslash before it. Another ends with a blank, or with the quote of what it is a part of.
    private static func hideValue(_ rest: inout Substring, in quote: Character?) -> String {
        var value = value(in: rest, quote)
        var kept = ""
        for scheme in ["bearer ", "basic "]
        where value.lowercased().hasPrefix(scheme) || rest.lowercased().hasPrefix(scheme) {
            let words = rest.prefix(scheme.count)
            let blanks = rest.dropFirst(words.count).prefix { $0 == " " }
            kept = String(words) + blanks
            rest = rest.dropFirst(kept.count)
            value = Self.value(in: rest, quote)
            break
        }
        rest = rest.dropFirst(value.count)
        return value.isEmpty ? kept : kept + SecretMasker.replacement
    }

    private static func value(in rest: Substring, _ quote: Character?) -> Substring {
        guard let quote else { return rest.prefix { !$0.isWhitespace && $0 != "\"" && $0 != "'" } }
        var isEscaped = false
        return rest.prefix { character in
            defer { isEscaped = character == "\\" && !isEscaped }
            return character != quote || isEscaped
        }
    }
}

extension DiagnosticMasker {
    /// Knows the secrets of an agent.
    ///
    /// - Parameters:
    ///   - root: whose files hold them.
    ///   - environment: what its jobs inherit.
    ///   - job: knows those of a job.
    init(root: AgentRoot, environment: [String: String], job: SecretMasker? = nil) {
        // What is only a guess must not be hidden in the job's own log.
        let own = SecretMasker()
        for (name, value) in AgentSecrets(root: root, environment: environment).list { own.add(value, name: name) }
        known = [own] + (job.map { [$0] } ?? [])
    }
}

/// What an agent knows that nobody else may.
struct AgentSecrets: Sendable {
    let root: AgentRoot
    let environment: [String: String]

    /// Names, and values.
    var list: [(name: String, value: String)] { proxies + key + variables }

    private var proxies: [(name: String, value: String)] {
        let url = (try? AgentFiles(root: root).settings().serverUrl) ?? "https://"
        let settings = ConnectionSettings(root: root, environment: environment, serverURL: url)
        let network = JobNetwork(settings, authorities: nil)
        let file = LineFile.read(root.file(.proxyCredentials)).filter { $0.name == "password" }
        return network.secrets(in: environment) + file
    }

    /// The parts of the key that are not public, and the sealed key, line by line.
    private var key: [(name: String, value: String)] {
        let text = [AgentRoot.File.key, .sealedKey].compactMap { SmallFile.read(root.file($0)) }.joined(separator: "\n")
        let words = text.split { !($0.isLetter || $0.isNumber || "+/=_-".contains($0)) }
        return words.filter { $0.utf8.count >= Self.leastKeyLength }.map {
            (name: "the agent's key", value: String($0))
        }
    }

    /// Members of the file have shorter names.
    private static let leastKeyLength = 20

    private var variables: [(name: String, value: String)] {
        let written = LineFile.read(root.file(.environment)) + LineFile.read(root.file(.capabilities))
        let all = written + environment.map { (name: $0.key, value: $0.value) }
        return all.filter { name, value in
            switch SecretGuess.judge(name: name, value: value) {
            case .value: true
            // A user's name or a path in such a variable would tear holes into everything.
            case .name: value.utf8.count >= Self.leastGuessLength && !value.hasPrefix("/")
            case nil: false
            }
        }
    }

    /// Shorter values of variables whose name alone is suspicious are hidden where they stand, and nowhere else.
    private static let leastGuessLength = 6
}

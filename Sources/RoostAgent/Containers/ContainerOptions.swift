/// The `options` of a container: words of a command line.
struct ContainerOptions: Hashable, Sendable {
    let words: [String]

    /// Splits a text as a shell does, and refuses what would take the container out of the job's namespaces.
    ///
    /// - Throws: ``ContainerFailure``.
    init(_ text: String, alias: String) throws(ContainerFailure) {
        guard let words = Self.split(text) else { throw .optionsUnreadable(text, alias: alias) }
        self.words = words
        for word in words {
            if Self.isRefused(word) { throw .optionRefused(word, alias: alias) }
            if ContainerOptions.namesSocket(word) { throw .socketRefused(word, alias: alias) }
        }
    }

    /// Words that were checked before.
    init(parsed words: [String]) { self.words = words }

    /// Whether the file says who runs the processes.
    var hasUser: Bool { words.contains { $0 == "--user" || $0.hasPrefix("--user=") || $0.hasPrefix("-u") } }

    /// Whether a text speaks of the socket of an engine.
    static func namesSocket(_ text: String) -> Bool {
        ["docker.sock", "podman.sock", "containerd.sock", "crio.sock"].contains { text.utf8Range(of: $0) != nil }
    }

    private static let refused: Set<String> = [
        "--privileged", "--userns", "--uidmap", "--gidmap", "--subuidname", "--subgidname", "--pid", "--ipc", "--uts",
        "--cgroupns", "--cgroup-parent", "--cgroups", "--device", "--security-opt", "--network", "--net", "--pod",
        "--label-file", "--env-file", "--cidfile", "--conmon-pidfile", "--pidfile", "--rm", "--rootfs",
        "--detach", "-d", "--name", "--authfile", "--volumes-from", "--runtime",
    ]

    private static func isRefused(_ word: String) -> Bool {
        guard word.hasPrefix("-") else { return false }
        return refused.contains(String(word.prefix { $0 != "=" }))
    }

    /// Words between blanks, where quotes and backslashes keep blanks in a word; nil when a quote does not end.
    static func split(_ text: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if character == quote {
                quote = nil
            } else if quote == nil, character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if quote == nil, character.isWhitespace {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil, !isEscaped else { return nil }
        if let word { words.append(word) }
        return words
    }
}

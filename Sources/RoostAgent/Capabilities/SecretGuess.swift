/// Judges whether a variable of the environment may hold a secret.
///
/// It errs towards secrecy: a capability that is missing is noticed and can be written into `.capabilities`, one that leaks is not.
enum SecretGuess {
    /// Why a variable is kept back.
    enum Reason: Hashable, Sendable {
        /// The name says it.
        case name
        /// The value has the shape of a key, a token or a password.
        case value
    }

    static func judge(name: String, value: String) -> Reason? {
        if isSecretName(name) { return .name }
        return isSecretValue(value) ? .value : nil
    }

    // MARK: Names

    /// Words that make a name secret where they stand alone between separators or capital letters.
    private static let words: Set<String> = [
        "token", "tokens", "secret", "secrets", "password", "passwords", "passwd", "passphrase", "pass", "pwd", "pw",
        "pat", "pats",
        "key", "keys", "credential", "credentials", "cred", "creds", "authorization", "bearer", "cookie", "signature",
        "sas", "jwt",
        "apikey", "auth", "dsn",
    ]
    /// The same for parts of names that are written in one word.
    private static let parts = [
        "token", "secret", "password", "passwd", "passphrase", "credential", "apikey", "privatekey", "accesskey",
        "sshkey",
        "connectionstring", "connstr",
    ]
    /// Names whose words mislead.
    private static let harmless: Set<String> = ["pwd", "oldpwd", "ssh_auth_sock"]

    static func isSecretName(_ name: String) -> Bool {
        let lower = name.lowercased()
        guard !harmless.contains(lower) else { return false }
        if parts.contains(where: { lower.utf8Range(of: $0) != nil }) { return true }
        return split(name).contains { words.contains($0) }
    }

    /// Words of a name: `MY_apiKey-2` is `my`, `api`, `key`, `2`.
    private static func split(_ name: String) -> [String] {
        var words: [String] = [""]
        var wasLower = false
        for character in name {
            if !character.isLetter && !character.isNumber {
                words.append("")
                wasLower = false
                continue
            }
            if character.isUppercase, wasLower { words.append("") }
            wasLower = character.isLowercase
            words[words.count - 1] += character.lowercased()
        }
        return words.filter { !$0.isEmpty }
    }

    // MARK: Values

    /// What well-known tokens begin with.
    private static let prefixes = [
        "ghp_", "gho_", "ghs_", "ghu_", "ghr_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-", "npm_", "pypi-",
        "sk-", "sk_live_",
        "rk_live_", "hvs.", "dop_v1_", "AIza", "rst_", "rse_", "rsm_", "rsr_", "rsi_", "roost_", "Bearer ", "Basic ",
        "-----BEGIN ",
    ]
    /// What connection strings and addresses with a signature have in them.
    private static let marks = [
        "accountkey=", "sharedaccesskey=", "password=", "pwd=", "sig=", "access_token=", "token=",
    ]

    /// Whether a word is a token by its beginning or its letters; hashes, which are written in hexadecimal digits, are none.
    static func isToken(_ word: Substring) -> Bool {
        if prefixes.contains(where: { word.hasPrefix($0) && word.utf8.count >= $0.utf8.count + 8 }) { return true }
        return isKey(word) && !word.allSatisfy(\.isHexDigit)
    }

    static func isSecretValue(_ value: String) -> Bool {
        if prefixes.contains(where: { value.hasPrefix($0) && value.utf8.count >= $0.utf8.count + 8 }) { return true }
        let lower = value.lowercased()
        if marks.contains(where: { lower.utf8Range(of: $0) != nil }) { return true }
        return hasPasswordInURL(value) || value.split(whereSeparator: \.isWhitespace).contains { isKey($0) }
    }

    /// `scheme://user:password@host`.
    static func hasPasswordInURL(_ value: String) -> Bool {
        var rest = value[...]
        while let slashes = String(rest).utf8Range(of: "://") {
            let text = String(rest)
            let authority = text[slashes.upperBound...].prefix { !"/?# ".contains($0) }
            if let at = authority.lastIndex(of: "@"), authority[..<at].contains(":") { return true }
            rest = rest.dropFirst(text.distance(from: text.startIndex, to: slashes.upperBound))
        }
        return false
    }

    /// Whether a word is a token or a key rather than something a person chose.
    private static func isKey(_ word: Substring) -> Bool {
        if isWebToken(word) { return true }
        let bytes = Array(word.utf8)
        guard bytes.count == 20, word.hasPrefix("AKIA") || word.hasPrefix("ASIA") else { return looksRandom(bytes) }
        return true
    }

    /// Three parts of base64 with dots between, the first of which is the JSON of a header.
    private static func isWebToken(_ word: Substring) -> Bool {
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0].hasPrefix("eyJ") && parts[1].utf8.count > 8
    }

    /// Long, of one alphabet of keys, and without the pattern of words: what random generators make.
    private static func looksRandom(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 24, bytes.count <= 512, !isUUID(bytes) else { return false }
        var counts = [Int](repeating: 0, count: 256)
        var (upper, lower, digits) = (0, 0, 0)
        for byte in bytes {
            switch byte {
            case 48...57: digits += 1
            case 65...90: upper += 1
            case 97...122: lower += 1
            case UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: "_"), UInt8(ascii: "-"): break
            // A slash is in base64 too, but paths are far more frequent.
            default: return false
            }
            counts[Int(byte)] += 1
        }
        guard digits > 0, upper + lower > 0 else { return false }
        // Between capitals, small letters and digits words change rarely, keys all the time.
        let kinds = bytes.compactMap(kind)
        let changes = zip(kinds, kinds.dropFirst()).count { $0 != $1 }
        return changes * 6 >= bytes.count && counts.count { $0 > 0 } >= 10
    }

    private static func kind(_ byte: UInt8) -> Int? {
        switch byte {
        case 48...57: 0
        case 65...90: 1
        case 97...122: 2
        default: nil
        }
    }

    private static func isUUID(_ bytes: [UInt8]) -> Bool {
        bytes.count == 36 && [8, 13, 18, 23].allSatisfy { bytes[$0] == UInt8(ascii: "-") }
    }
}
